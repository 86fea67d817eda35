"""Calls every operation of the fakes through boto3, with valid and invalid input, and compares with what the service models say.

    AWS_ENDPOINT_URL=… python boto3_calls.py MODELS

MODELS is the folder of the fakes' own service models, which hold the operations that they have.

boto3's own validation is switched off, so that it is the fake that must refuse. Invalid inputs are derived from the model: each required
member left out, each string below its least and above its greatest length, outside its enum or against its pattern, each number out of range.
The fake must answer each with an error that the operation's model or the protocol knows; a success, a server error or a broken
connection is a failure. Ends with 1 if there was one.
"""
import copy, glob, json, os, re, sys
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader

CONFIG = Config(parameter_validation=False, retries={"max_attempts": 0, "mode": "standard"})
PROTOCOL = {"ValidationException", "InvalidInputException", "InvalidRequestException", "SerializationException", "ValidationError",
            "MissingAuthenticationTokenException", "AccessDenied"}


def valid(model, shape, depth=0):
    """A small valid value of a shape."""
    if shape.type_name == "structure":
        names = list(shape.required_members)
        if not names and getattr(shape, "is_tagged_union", False):
            names = [next(iter(shape.members))]
        return {n: valid(model, shape.members[n], depth + 1) for n in names}
    if shape.type_name == "list":
        return [valid(model, shape.member, depth + 1) for _ in range(max(shape.metadata.get("min", 0), 1))]
    if shape.type_name == "map":
        return {valid(model, shape.key, depth + 1): valid(model, shape.value, depth + 1)}
    if shape.type_name == "string":
        if shape.enum:
            return shape.enum[0]
        n = max(shape.metadata.get("min", 1), 1)
        if "iam::" in shape.metadata.get("pattern", ""):
            return "arn:aws:iam::123456789012:role/analytics"
        return ("a" * n)[: shape.metadata.get("max", n)]
    if shape.type_name in ("integer", "long"):
        return int(shape.metadata.get("min", 1))
    if shape.type_name == "boolean":
        return True
    if shape.type_name in ("double", "float"):
        return 1.0
    if shape.type_name == "timestamp":
        return 1700000000
    return b"a"


def broken(shape, value, path=()):
    """(path, wrong value or None to leave out) for each rule that a value could break."""
    out = []
    if shape.type_name == "structure":
        for n in shape.required_members:
            out.append((path + (n,), None))
        for n, v in value.items():
            out += broken(shape.members[n], v, path + (n,))
    elif shape.type_name == "list":
        if "max" in shape.metadata and shape.metadata["max"] <= 1000:
            out.append((path, [value[0]] * (shape.metadata["max"] + 1)))
        if shape.metadata.get("min", 0) > 0:
            out.append((path, []))
        out += broken(shape.member, value[0], path + (0,))
    elif shape.type_name == "string":
        m = shape.metadata
        if shape.enum:
            out.append((path, "NO_SUCH_VALUE"))
        if m.get("min", 0) > 0:
            out.append((path, ""))
        if "max" in m and m["max"] <= 300000:
            out.append((path, "a" * (m["max"] + 1)))
        p = m.get("pattern")
        if p and "(?" not in p:
            bad = "\u0001 \u0000!"
            try:
                if not re.fullmatch(re.sub(r"\\u([0-9A-F]{4})", lambda x: "\\u" + x.group(1), p), bad):
                    out.append((path, bad))
            except re.error:
                pass
    elif shape.type_name in ("integer", "long"):
        if "max" in shape.metadata:
            out.append((path, int(shape.metadata["max"]) + 1))
        if "min" in shape.metadata:
            out.append((path, int(shape.metadata["min"]) - 1))
    return out


def put(value, path, wrong):
    value = copy.deepcopy(value)
    at = value
    for p in path[:-1]:
        at = at[p]
    if not path:
        return wrong
    if wrong is None:
        del at[path[-1]]
    else:
        at[path[-1]] = wrong
    return value


def call(client, op, value):
    method = getattr(client, re.sub(r"(?<!^)(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])", "_", op).lower(), None)
    if method is None:
        for name, o in client.meta.method_to_api_mapping.items():
            if o == op:
                method = getattr(client, name)
    try:
        method(**value)
        return "ok", ""
    except ClientError as e:
        return e.response["Error"]["Code"], e.response["Error"].get("Message", "") + " [%d]" % e.response["ResponseMetadata"]["HTTPStatusCode"]


def main():
    kept = {}
    for path in sorted(glob.glob(sys.argv[1] + "/*.json")):
        kept[os.path.basename(path)[:-len(".json")]] = sorted(json.load(open(path))["operations"])
    failures = total = 0
    for service, ops in kept.items():
        client = boto3.client(service, config=CONFIG)
        model = client.meta.service_model
        for op in ops:
            o = model.operation_model(op)
            if o.input_shape is None:
                continue
            value = valid(model, o.input_shape)
            known = {e.name for e in o.error_shapes} | {e.metadata.get("error", {}).get("code") for e in o.error_shapes} | PROTOCOL
            total += 1
            code, message = call(client, op, value)
            if code != "ok" and (code not in known or "[5" in message):
                failures += 1
                print(f"{service}.{op} valid: {code} {message}")
            for path, wrong in broken(o.input_shape, value):
                total += 1
                code, message = call(client, op, put(value, path, wrong))
                shown = repr(wrong)[:40]
                if code == "ok" or code not in known or "[5" in message:
                    failures += 1
                    print(f"{service}.{op} {'.'.join(map(str, path))} = {shown}: {code} {message[:200]}")
    print(f"boto3: operations={sum(map(len, kept.values()))} calls={total} otherwise={failures}: {failures} answered otherwise than the models say")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
