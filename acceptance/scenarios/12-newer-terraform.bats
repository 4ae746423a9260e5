# variants: release asan
# What Terraform after 1.11 calls, at the wire, by a client of our own.

suite() {
    cd "$OKESTRA_ROOT/acceptance/wire" || return 1
    PYTHONDONTWRITEBYTECODE=1 "$PYTHON" -m unittest -v "newer_test.$1"
}

@test "newer Terraform: resource identity, import by identity" {
    suite Identity
}

@test "newer Terraform: lists" {
    suite List
}

@test "newer Terraform: lists of every kind, and import of what they find" {
    suite EveryList
}

@test "newer Terraform: generated configuration plans empty" {
    suite Config
}

@test "newer Terraform: actions" {
    suite Actions
}

@test "newer Terraform: every type takes null, malformed and partial values" {
    suite EveryType
}

@test "newer Terraform: a stop reaches what is running" {
    suite Stop
}
