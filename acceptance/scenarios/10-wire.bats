# variants: release asan
# The provider process and its gRPC server, seen by a client that is not ours.

suite() {
    cd "$OKESTRA_ROOT/acceptance/wire" || return 1
    PYTHONDONTWRITEBYTECODE=1 "$PYTHON" -m unittest -v "transport_test.$1"
}

@test "wire: start by hand, commands, handshake line, socket places" {
    suite Start
}

@test "wire: only Terraform's certificate connects, no core dumps" {
    suite Security
}

@test "wire: calls, statuses, large messages, held streams, many at once" {
    suite Calls
}

@test "wire: shutdown, signals, orphans, reattach mode" {
    suite End
}

@test "wire: log records" {
    suite Log
}
