# A state of oracle/oci moves over, as examples/migrate-from-oracle shows: nothing is created, changed or
# destroyed, for any resource.

load lib.bash

@test "every resource of Oracle's provider moves over, and the plan is empty" {
    [ -n "$TERRAFORM" ] || skip 'OpenTofu moves nothing between providers'
    harness moves.py
}
