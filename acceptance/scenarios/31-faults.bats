# variants: release asan
# A cloud on a bad day: for create, read, update and delete of each kind.

load lib.bash

faults() { harness faults.py --only "$1"; }

@test "429: waited for" {
    faults throttled
}

@test "500: tried again" {
    faults broken
}

@test "connection lost before the server acted" {
    faults 'dropped before'
}

@test "connection lost after the server acted: no twins" {
    faults 'dropped after'
}

@test "409 that clears" {
    faults busy
}

@test "failed work request: its cause in the error, a true state, the next run finishes" {
    faults 'work request'
}

@test "out of host capacity" {
    faults capacity
}

@test "refused: the cause in the error, a true state, the next run finishes" {
    faults refused
}
