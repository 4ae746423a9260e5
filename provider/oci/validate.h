/*
 * Plan-time checks and comparisons that attribute tables refer to. Checks add a diagnostic at the
 * attribute; for collections they check each element (of maps: each value). `.validate_with` is the
 * parameter that some need. All are pure and thread-safe.
 */
#ifndef OKESTRA_PROVIDER_OCI_VALIDATE_H
#define OKESTRA_PROVIDER_OCI_VALIDATE_H

#include "provider/engine/diagnostics.h"
#include "provider/engine/schema.h"
#include "provider/oci/cidr.h"

/* An OCID, of one of the types in validate_with ("vcn", "internetgateway natgateway"); NULL: any.
 * Where a compartment is allowed say "compartment tenancy". */
attribute_validate validate_ocid;
/* "10.0.0.0/16" or "2001:db8::/56": syntax, prefix length and no host bits. */
attribute_validate validate_cidr;
attribute_validate validate_ipv4_cidr;
/* As validate_ipv4_cidr, /16 to /30: what VCNs and subnets may have. */
attribute_validate validate_network_cidr;
attribute_validate validate_ipv6_cidr;
attribute_validate validate_ip_address;
/* Letter first, letters and digits, at most 15 characters. */
attribute_validate validate_dns_label;
/* "v1.34.2"; the v may be left out */
attribute_validate validate_kubernetes_version;
attribute_validate validate_rfc3339;      /* "2026-06-02T10:20:30.123Z" */
attribute_validate validate_date;         /* "2026-06-02" */
attribute_validate validate_iso_duration; /* "PT60M", "P5D" */
attribute_validate validate_json;         /* any JSON document */
attribute_validate validate_base64;
/* Letters, digits, and the characters in validate_with ("._-"). */
attribute_validate validate_name;
attribute_validate validate_availability_domain; /* "Uocm:PHX-AD-1" */
attribute_validate validate_fault_domain;        /* "FAULT-DOMAIN-1" */
attribute_validate validate_fingerprint;         /* of an API key: "20:3b:97:…" */
attribute_validate validate_defined_tags;        /* keys are "namespace.key" */
attribute_validate validate_freeform_tags;       /* key and value lengths, at most 10 */
/* Positive whole number as text, for 64-bit members ("50"). */
attribute_validate validate_integer_text;
/* Whole number or percentage as text ("1", "25%"). */
attribute_validate validate_count_or_percent;

/* Semantic equality, for attribute.equal. */
attribute_equal equal_any_case;
attribute_equal equal_cidr; /* IPv4 and IPv6, any spelling of the address */
attribute_equal equal_ip_address;
attribute_equal equal_defined_tags; /* keys in any case */
attribute_equal equal_time;         /* RFC 3339 with any zone and precision of fractions */
attribute_equal equal_date;         /* the day of a date or time */
attribute_equal equal_duration;     /* ISO 8601: PT60M is PT1H, P1W is P7D */
attribute_equal equal_json;
attribute_equal equal_trimmed; /* white space at both ends */

/* The length of an ISO 8601 duration without years and months, whose length varies; false otherwise. */
bool duration_seconds(const char *text, int64_t *seconds);

#endif
