/*
 * Conformance: Terraform's own rules for what a provider may answer, checked before we answer. A broken
 * rule is a bug of ours: tests treat it as an error, production logs it and lets Terraform judge.
 *
 * All return false with ERROR_INTERNAL, which names the place and the rule, but no value: it may be
 * secret. Members that are absent count as null, as on the wire.
 * Source: terraform internal/plans/objchange (plan_valid, compatible).
 */
#ifndef OKESTRA_PROVIDER_ENGINE_CONFORMANCE_H
#define OKESTRA_PROVIDER_ENGINE_CONFORMANCE_H

#include "lib/base/error.h"
#include "provider/engine/schema.h"

/* prior is null when creating; config is null when destroying. Every value is the configured one or,
 * where both are there, the prior one; computed attributes that are not configured are free. */
bool conformance_planned(const struct resource *resource, const struct value *prior,
                         const struct value *config, const struct value *planned,
                         struct error *err);
/* For a success. Everything known in the plan comes back as it was; unknown values became known, within
 * their refinements. */
bool conformance_applied(const struct resource *resource, const struct value *planned,
                         const struct value *applied, struct error *err);
/* Any state, or null: wholly known, write-only null, of the resource's shape. */
bool conformance_state(const struct resource *resource, const struct value *state,
                       struct error *err);

#endif
