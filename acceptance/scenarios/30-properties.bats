# variants: release asan
# Properties of all resources, on configurations that are made up from the descriptors. The seed is in the
# output; OKESTRA_TEST_SEED sets it, OKESTRA_TEST_COUNT the number of resources.

load lib.bash

# counted RELEASE ASAN: the sanitizer build is slower, and does less of the same.
counted() { [ "$OKESTRA_VARIANT" = release ] && echo "$1" || echo "$2"; }
seed() { printf -- '--seed\n%s\n' "${OKESTRA_TEST_SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}"; }

@test "apply, empty plan, one change as the descriptor says, empty plan, import, empty plan, destroy" {
    mapfile -t options < <(seed)
    harness lifecycle.py "${options[@]}" --count "${OKESTRA_TEST_COUNT:-$(counted 240 60)}"
}

@test "drift of every attribute is what the plan says" {
    [ "$OKESTRA_VARIANT" = release ] || skip 'on the release build'
    mapfile -t options < <(seed)
    harness drift.py "${options[@]}"
}
