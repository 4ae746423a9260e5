# What the provider prints about itself is what Terraform sees.

load lib.bash

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cat >main.tf <<'CONFIGURATION'
terraform {
  required_providers {
    oke = { source = "okestra/oke" }
  }
}
CONFIGURATION
    use_build
}

# Each part that this Terraform prints is the same in ours, to the letter; later versions print more.
compare() {
    "$1" providers schema -json >terraform.json
    "$OKESTRA_BUILD/terraform-provider-oke" --schema >ours.json
    "$PYTHON" - <<'COMPARE'
import json
import sys

NEWER = {"deprecation_message"}


def differences(theirs, ours, place):
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(theirs.keys() | ours.keys() - NEWER):
            yield from differences(theirs.get(key), ours.get(key), f"{place}.{key}")
    elif theirs != ours:
        yield f"{place}: Terraform has {theirs}, we print {ours}"


def schemas(name):
    with open(name, encoding="utf-8") as file:
        document = json.load(file)
    assert document["format_version"] == "1.0", document["format_version"]
    [(address, schemas)] = document["provider_schemas"].items()
    assert address.endswith("/okestra/oke"), address
    return schemas


theirs, ours = schemas("terraform.json"), schemas("ours.json")
assert {"provider", "resource_schemas", "data_source_schemas"} <= theirs.keys(), theirs.keys()
found = [text for part in theirs for text in differences(theirs[part], ours.get(part), part)]
print("\n".join(found[:20]))
sys.exit(bool(found))
COMPARE
}

@test "--schema is what Terraform prints" {
    [ -n "$TERRAFORM" ] || skip 'no Terraform on this machine; OpenTofu is tested'
    compare "$TERRAFORM"
}

@test "--schema is what OpenTofu prints" {
    compare "$TOFU"
}

@test "the documentation has a page for each type" {
    "$OKESTRA_BUILD/terraform-provider-oke" --docs docs
    "$OKESTRA_BUILD/terraform-provider-oke" --schema >ours.json
    "$PYTHON" - <<'COMPARE'
import json
import pathlib

FOLDERS = {"resource_schemas": "resources", "data_source_schemas": "data-sources",
           "ephemeral_resource_schemas": "ephemeral-resources", "functions": "functions",
           "list_resource_schemas": "list-resources", "action_schemas": "actions"}
with open("ours.json", encoding="utf-8") as file:
    [schemas] = json.load(file)["provider_schemas"].values()
for part, folder in FOLDERS.items():
    wanted = {name.removeprefix("oke_") for name in schemas.get(part, {})}
    found = {page.stem for page in pathlib.Path("docs", folder).glob("*.md")}
    assert wanted == found, (folder, wanted ^ found)
    for name in wanted:
        text = pathlib.Path("docs", folder, f"{name}.md").read_text(encoding="utf-8")
        block = schemas[part].get(f"oke_{name}", {}).get("block", {})
        for attribute in block.get("attributes", {}):
            assert f"- `{attribute}` (" in text, (folder, name, attribute)
assert pathlib.Path("docs/index.md").is_file()
COMPARE
}
