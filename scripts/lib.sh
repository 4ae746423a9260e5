# Shared by the scripts: where things are cached, progress lines, colours only on a terminal.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${OKESTRA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/okestra}
STARTED=$SECONDS
# shellcheck source=scripts/pins
. "$ROOT/scripts/pins"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
    BOLD='' RED='' GREEN='' PLAIN=''
fi

say() { printf '%s\n' "$*"; }
step() { printf '%s[%3ds] %s%s\n' "$BOLD" "$((SECONDS - STARTED))" "$*" "$PLAIN"; }
die() {
    printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2
    exit 1
}
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "\"$*\" needs root: run as root or install sudo"
    fi
}
# Runs a command with its output in a file; shows the file's end when the command fails.
quietly() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        die "\"$*\" failed; the whole output is in $log"
    fi
}
