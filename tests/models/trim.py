#!/usr/bin/env python3
"""Writes the trimmed AWS models beside this file, for model_conformance.rs and for the test of what the order
system asks of AWS.

    pip install botocore==1.44.8
    python3 tests/models/trim.py

Kept: metadata, operations, and the shapes that operations reach, each with the traits that the
conformance test reads. Operations of OUTSIDE keep only their names, for docs/coverage.md.
"""

import json
import pathlib

import botocore
import botocore.session

# Service name here -> the model's folder in botocore/data.
SERVICES = {
    "cloudwatch": "cloudwatch",
    "dynamodb": "dynamodb",
    "dynamodbstreams": "dynamodbstreams",
    "events": "events",
    "iam": "iam",
    "lambda": "lambda",
    "logs": "logs",
    "pipes": "pipes",
    "scheduler": "scheduler",
    "sns": "sns",
    "sqs": "sqs",
    "states": "stepfunctions",
    "sts": "sts",
}

# Whole areas that the emulator stays out of: word in the operation's name, per service.
OUTSIDE = {
    "dynamodb": ["GlobalTableSettings", "Export", "Import"],
    "lambda": ["CapacityProvider", "DurableExecution", "ScalingConfig"],
    "logs": ["AccountPolic", "AggregateLogGroup", "Anomal", "BearerToken", "ConfigurationTemplates", "DataProtection",
             "ForQuery", "Import", "Index", "Integration", "KmsKey", "LogFields", "LogGroupFields",
             "LogObject", "Lookup", "Scheduled", "StorageTier", "Syslog", "Transformer", "UpdateDelivery"],
}

METADATA = [
    "apiVersion",
    "awsQueryCompatible",
    "endpointPrefix",
    "jsonVersion",
    "protocols",
    "signingName",
    "targetPrefix",
    "xmlNamespace",
]
TRAITS = ["type", "members", "member", "key", "value", "enum", "exception", "error", "flattened",
          "required", "union", "min", "max", "pattern", "sensitive", "payload"]
REFERENCE_TRAITS = ["shape", "location", "locationName", "flattened"]


def reference(value):
    return {k: value[k] for k in REFERENCE_TRAITS if k in value}


def shape(source):
    kept = {k: source[k] for k in TRAITS if k in source}
    for part in ("member", "key", "value"):
        if part in kept:
            kept[part] = reference(kept[part])
    if "members" in kept:
        kept["members"] = {n: reference(m) for n, m in kept["members"].items()}
        # The order in which AWS checks and shows them.
        kept["order"] = list(kept["members"])
    return kept


def reach(model, name, seen):
    if name in seen:
        return
    seen.add(name)
    source = model["shapes"][name]
    parts = [source[p] for p in ("member", "key", "value") if p in source]
    for part in parts + list(source.get("members", {}).values()):
        reach(model, part["shape"], seen)


def operation(model, source, seen, rest):
    kept = {k: source[k]["shape"] for k in ("input", "output") if k in source}
    if rest:
        kept["http"] = {k: source["http"][k] for k in ("method", "requestUri", "responseCode")
                        if k in source["http"]}
    kept["errors"] = sorted(e["shape"] for e in source.get("errors", []))
    for name in [kept.get("input"), kept.get("output"), *kept["errors"]]:
        if name:
            reach(model, name, seen)
    return kept


def trim(service, model):
    outside = OUTSIDE.get(service, [])
    rest = "rest-json" in model["metadata"]["protocols"]
    seen, operations = set(), {}
    for name, source in sorted(model["operations"].items()):
        left_out = any(word in name for word in outside)
        operations[name] = {} if left_out else operation(model, source, seen, rest)
    # Exceptions that no operation declares are declared by the service as a whole.
    for name, source in model["shapes"].items():
        if source.get("exception"):
            reach(model, name, seen)
    return {
        "source": f"botocore {botocore.__version__}, documentation removed (Apache-2.0)",
        "metadata": {k: model["metadata"][k] for k in METADATA if k in model["metadata"]},
        "operations": operations,
        "shapes": {name: shape(model["shapes"][name]) for name in sorted(seen)},
    }


def line(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def write(path, trimmed):
    """One operation or shape a line, so that a new model is a readable diff."""
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("{\n")
        out.write(f'"source": {line(trimmed["source"])},\n')
        out.write(f'"metadata": {line(trimmed["metadata"])},\n')
        for part, end in (("operations", ","), ("shapes", "")):
            rows = [f"{line(name)}: {line(row)}" for name, row in trimmed[part].items()]
            out.write(f'"{part}": {{\n' + ",\n".join(rows) + f"\n}}{end}\n")
        out.write("}\n")


def main():
    loader = botocore.session.get_session().get_component("data_loader")
    for service, folder in SERVICES.items():
        model = loader.load_service_model(folder, "service-2")
        path = pathlib.Path(__file__).with_name(f"{service}.json")
        write(path, trim(service, model))
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
