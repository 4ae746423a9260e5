# variants: release asan
# kill -9 of the provider and of Terraform: the next apply finishes, nothing exists twice.

load lib.bash

@test "an apply that is killed again and again gets through, with each object once" {
    local kills=${OKESTRA_TEST_KILLS:-54}
    [ "$OKESTRA_VARIANT" = release ] || kills=12
    harness kill.py --kills "$kills" ${OKESTRA_TEST_SEED:+--seed "$OKESTRA_TEST_SEED"}
}
