# variants: release asan
# Wrong configurations get the right diagnostic at the right place: wrong_input.toml.

load lib.bash

@test "wrong configurations" {
    harness wrong_input.py "$OKESTRA_ROOT/acceptance/scenarios/wrong_input.toml"
}
