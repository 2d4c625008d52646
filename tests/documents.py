# SPDX-License-Identifier: BSD-3-Clause
"""What gait export makes for others, against what they ask for. Usage: documents.py GAIT DATASETS [FHIR_SCHEMA.json]

With the R4 JSON schema (and Python's jsonschema) every bundle is held against it; without, against the rules here."""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

gait, datasets = sys.argv[1], Path(sys.argv[2])


def run(*arguments):
    return subprocess.run([gait, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def exported(folder, runner, *recordings):
    summary = folder / f"{runner}.gait.h5"
    run("analyze", "-q", *(datasets / runner / name for name in recordings), "-o", summary)
    return summary


def check_observation(resource):
    assert resource["status"] == "preliminary"
    coding = resource["code"]["coding"][0]
    assert set(coding) == {"system", "code", "display"} and resource["code"]["text"]
    assert len({"valueQuantity", "valueString", "dataAbsentReason"} & set(resource)) == 1, resource
    for part in [resource, *resource.get("component", [])]:
        quantity = part.get("valueQuantity")
        if quantity:
            assert quantity["system"] == "http://unitsofmeasure.org" and isinstance(quantity["value"], (int, float))
            assert re.fullmatch(r"[\[\]{}A-Za-z%./0-9]+", quantity["code"]), quantity
    when = resource.get("effectiveDateTime", "2000")
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?", when), when


def check_bundle(text, schema):
    bundle = json.loads(text)
    assert bundle["resourceType"] == "Bundle" and bundle["type"] == "collection"
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls) and all(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", u) for u in urls)
    resources = [entry["resource"] for entry in bundle["entry"]]
    for resource in resources:
        assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"]), resource["id"]
        if resource["resourceType"] == "Observation":
            check_observation(resource)
            assert resource.get("device", {}).get("reference", urls[0]) in urls
        else:
            assert resource["resourceType"] == "Device" and resource["deviceName"][0]["name"]
    if schema:
        import jsonschema
        jsonschema.Draft7Validator(schema).validate(bundle)
    return resources


def check_events(summary):
    lines = [line.split("\t") for line in run("export", summary, "--format", "bids-events").splitlines()]
    assert lines[0][:3] == ["onset", "duration", "trial_type"]
    assert all(len(line) == len(lines[0]) and all(line) for line in lines)
    onsets = [float(line[0]) for line in lines[1:]]
    assert onsets == sorted(onsets) and len(onsets) > 100
    assert {"foot_strike", "toe_off", "run"} <= {line[2] for line in lines[1:]}
    assert set(json.loads(run("export", summary, "--format", "bids-sidecar"))) == set(lines[0])


def main():
    schema = json.load(open(sys.argv[3])) if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory() as folder:
        healthy = exported(Path(folder), "healthy", "left_shank.csv", "right_shank.csv", "sacrum.csv")
        prone = exported(Path(folder), "overpronation", "right_foot.wav")
        for summary in (healthy, prone):
            text = run("export", summary, "--format", "fhir")
            assert text == run("export", summary, "--format", "fhir")
            resources = check_bundle(text, schema)
            codes = {r["code"]["coding"][0]["code"] for r in resources if r["resourceType"] == "Observation"}
            assert "contact_time_s" in codes
        assert "overpronation" in codes
        assert sum(r["resourceType"] == "Device" for r in check_bundle(run("export", healthy, "--format", "fhir"), schema)) == 4
        check_events(healthy)
        # A study has no bundle; a format of everything has no table.
        for wrong in (["--format", "fhir", "--table", "strides"], ["--format", "papyrus", "--table", "strides"]):
            assert subprocess.run([gait, "export", healthy, *wrong], capture_output=True).returncode == 64
    print("documents: all as asked for", "by the schema" if schema else "by the rules")


main()
