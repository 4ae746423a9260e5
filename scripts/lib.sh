# Shared by the scripts: where things are cached, progress, which Terraform. Colours only on a terminal.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${OKESTRA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/okestra}
export OKESTRA_STARTED=${OKESTRA_STARTED:-$(date +%s)}
# shellcheck source=scripts/pins
. "$ROOT/scripts/pins"

# shellcheck disable=SC2034
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
    BOLD='' RED='' GREEN='' PLAIN=''
fi

elapsed() { printf '%4ds' "$(($(date +%s) - OKESTRA_STARTED))"; }
say() { printf '%s\n' "$*"; }
step() { printf '%s[%s] %s%s\n' "$BOLD" "$(elapsed)" "$*" "$PLAIN"; }
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

# Says once a second (once a minute when nobody watches) how long the present step has taken.
show_progress() {
    local seconds=0 every=60
    [ -t 1 ] && every=1
    # A shell's background job does not see Ctrl-C: it ends with the script.
    while sleep 1 && kill -0 $$ 2>/dev/null; do
        seconds=$((seconds + 1))
        [ $((seconds % every)) = 0 ] || continue
        if [ -t 1 ]; then
            printf '\r        %ds of about %ds ' "$seconds" "$1"
        else
            printf '        %ds of about %ds\n' "$seconds" "$1"
        fi
    done
}

# quietly LOG EXPECTED_SECONDS COMMAND...: runs a command with its output in a file, shows progress,
# and the end of the output when the command fails.
quietly() {
    local log=$1 expected=$2 status=0 watcher
    shift 2
    mkdir -p "$(dirname "$log")"
    show_progress "$expected" &
    watcher=$!
    "$@" >"$log" 2>&1 || status=$?
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    if [ -t 1 ]; then
        printf '\r\e[K'
    fi
    [ "$status" = 0 ] && return 0
    tail -n 30 "$log" >&2
    die "\"$*\" failed with status $status; the whole output is in $log"
}

# version_at_least 1.11.4 1.11
version_at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# The path of a program that is on PATH in at least the given version.
find_version() {
    local program=$1 minimum=$2 path version
    path=$(command -v "$program") || return 1
    version=$(TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 "$path" version -json 2>/dev/null |
        sed -n 's/.*"terraform_version": *"\([^"]*\)".*/\1/p')
    [ -n "$version" ] && version_at_least "$version" "$minimum" && printf '%s\n' "$path"
}
CACHED_TOFU=$CACHE/tofu-$OPENTOFU_VERSION/tofu
# shellcheck disable=SC2034
CACHED_HELM3=$CACHE/helm-$HELM3_VERSION/helm CACHED_HELM4=$CACHE/helm-$HELM4_VERSION/helm
find_terraform() { find_version terraform "$TERRAFORM_MINIMUM"; }
find_tofu() {
    if [ -x "$CACHED_TOFU" ]; then
        printf '%s\n' "$CACHED_TOFU"
    else
        find_version tofu "$OPENTOFU_MINIMUM"
    fi
}

# Makes `build_dir` the place where Terraform and OpenTofu take okestra/oke from, by a CLI
# configuration of our own; the user's is not read.
write_terraform_config() {
    local file=$1 build_dir=$2
    mkdir -p "$(dirname "$file")"
    cat >"$file" <<CONFIG
disable_checkpoint = true
provider_installation {
  dev_overrides {
    "okestra/oke" = "$build_dir"
  }
  direct {}
}
CONFIG
}

# count_tap LAYER FILE...: counts the results in TAP files, each ended by a line "# exit status N";
# shows failures with what they printed. A program that died counts as failed once, unless a test of it
# did. The sum goes to the file named by OKESTRA_RESULTS when scripts/check asks for it. Its own status
# says whether all passed.
count_tap() {
    local layer=$1 sum
    shift
    sum=$(awk -v layer="$layer" '
        function finish() {
            if (file == "") return
            missing = planned - seen
            if (missing < 0) missing = 0
            if (missing == 0 && (status == "0" || failed_here)) return
            failed += missing ? missing : 1
            if (status == "") status = "unknown"
            print "  FAILED " file ": exit status " status ", " missing " tests did not run"
            printf "%s", tail
        }
        FNR == 1 {
            finish()
            file = FILENAME; planned = seen = failed_here = showing = 0; status = tail = ""
        }
        /^1\.\.[0-9]+/ { split($0, plan, /\.\./); planned += plan[2] + 0 }
        /^(not )?ok / {
            seen++; showing = 0
            if (toupper($0) ~ /# SKIP/) { skipped++; skips = skips "  skipped: " $0 "\n"; next }
            if ($1 == "ok") { passed++; next }
            failed++; failed_here++; showing = 1
            printf "  FAILED %s: %s\n", file, substr($0, 8)
            next
        }
        /^# exit status / { status = $4; next }
        showing && /^#/ { print "    " $0; next }
        { tail = tail "    " $0 "\n"; if (length(tail) > 6000) tail = substr(tail, length(tail) - 5000) }
        END {
            finish()
            printf "%s", skips
            printf "%d %d %d\n", passed, failed, skipped
        }' "$@")
    report "$layer" "$(sed '$d' <<<"$sum")" "$(tail -n 1 <<<"$sum")"
}

# report LAYER DETAILS "PASSED FAILED [SKIPPED]"
report() {
    local passed failed skipped
    read -r passed failed skipped <<<"$3"
    [ -z "$2" ] || say "$2"
    say "$1: $passed passed, $failed failed${skipped:+$([ "$skipped" = 0 ] || echo ", $skipped skipped")}"
    if [ -n "${OKESTRA_RESULTS:-}" ]; then
        echo "$passed $failed" >>"$OKESTRA_RESULTS"
    fi
    [ "$failed" = 0 ]
}

# The architecture of this machine, as Terraform names it.
architecture() {
    case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) die "no release for the architecture $(uname -m)" ;;
    esac
}
