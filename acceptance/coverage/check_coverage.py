#!/usr/bin/env python3
"""Compares the provider's descriptors with the attributes of oracle/oci, so that a configuration moves
over by renaming its resource types.

    build/debug/descriptors | check_coverage.py

Every attribute there must exist here with the same type; what may be set there may be set here; nothing
is required or replaces here that does not there; what it tells, ours tells, too. Deprecated attributes
need not exist. Other differences stand in differences.txt, each with its reason; a line there that no
difference needs is an error as well.
"""
import json
import os
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
KINDS = {
    "string": "string", "bool": "bool", "integer": "number", "number": "number",
    "string_list": "list(string)", "string_set": "set(string)", "string_map": "map(string)",
    "object_list": "list(object)", "object_set": "set(object)", "dynamic": "dynamic",
}


def lines(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line and not line.startswith("#"):
                yield line


def read_theirs():
    """{our type: {path: (type, flags, extras)}}"""
    theirs, current = {}, None
    for line in lines("oracle_oci.txt"):
        if line.startswith("["):
            current = theirs.setdefault(line[1:-1].split()[0], {})
            continue
        path, kind, flags, *extras = line.split()
        current[path] = (kind, flags, extras)
    return theirs


def read_differences():
    """{(resource, path): reason}; a path that ends with * stands for all missing ones that begin so."""
    found = {}
    for line in lines("differences.txt"):
        resource, path, reason = line.split(None, 2)
        found[resource, path] = reason
    return found


def flatten(table, prefix=""):
    """Pairs of path and descriptor, nested ones as a.b."""
    for one in table:
        yield prefix + one["name"], one
        yield from flatten(one.get("fields", []), prefix + one["name"] + ".")


def compare(theirs, ours):
    """Pairs of path and what is different about it."""
    for path, (kind, flags, extras) in theirs.items():
        one = ours.get(path)
        if one is None:
            if "deprecated" not in extras:
                yield path, "is missing"
            continue
        has = set(one["flags"])
        if KINDS[one["kind"]] != kind:
            yield path, f"is a {KINDS[one['kind']]} here and a {kind} there"
        if set("RO") & set(flags) and not has & {"required", "optional"}:
            yield path, "can be set there but not here"
        if "R" not in flags and "required" in has:
            yield path, "is required here but not there"
        if "C" in flags and "." not in path and not has & {"computed", "required"}:
            yield path, "is told there but not here"
        if "new" not in extras and "replace" in has and set("RO") & set(flags):
            yield path, "replaces here but not there"
    for path, one in ours.items():
        if path not in theirs and "required" in one["flags"] and path.rpartition(".")[0] in {"", *theirs}:
            yield path, "is required here and does not exist there"


def reason_for(differences, used, resource, path, what):
    keys = [(resource, path)]
    if what == "is missing":
        keys += [(resource, path[:length] + "*") for length in range(len(path), -1, -1)]
    for key in keys:
        if key in differences:
            used.add(key)
            return differences[key]
    return None


def main():
    ours = {one["name"]: one for one in json.load(sys.stdin)["resources"]}
    differences, used, wrong, count = read_differences(), set(), [], 0
    for resource, theirs in read_theirs().items():
        count += len(theirs)
        if resource not in ours:
            wrong.append(f"{resource}: the resource is missing")
            continue
        for path, what in compare(theirs, dict(flatten(ours[resource]["attributes"]))):
            if not reason_for(differences, used, resource, path, what):
                wrong.append(f"{resource}: {path} {what}")
    for resource, path in sorted(set(differences) - used):
        wrong.append(f"differences.txt: {resource} {path} is no difference (any more)")
    for line in wrong:
        print(line)
    print(f"{count} attributes of oracle/oci compared, {len(used)} differences with a reason, {len(wrong)} without")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
