"""A third party for tests that has no machine: it says what is in a state of the format mesh.

It knows how protocol buffers are written and nothing of OpenHCL, nor of the harness. Where octets
may be a message of their own, they are opened when that can be undone. With the argument `forgets`
it loses the last field of the state.
"""
import base64
import json
import sys

VARINT, FIXED64, OCTETS, FIXED32 = 0, 1, 2, 5


class Malformed(Exception):
    """What cannot be read."""


def varint(data, at):
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Malformed(f"a number does not end at {at}")
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def part(data, at, size):
    if at + size > len(data):
        raise Malformed(f"{size} octets are missing at {at}")
    return data[at:at + size], at + size


def decode(data, depth=0):
    fields, at = [], 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if not 1 <= number < 1 << 29:
            raise Malformed(f"no field has the number {number}")
        if kind == VARINT:
            value, at = varint(data, at)
        elif kind == OCTETS:
            size, at = varint(data, at)
            octets, at = part(data, at, size)
            value = opened(octets, depth)
        elif kind in (FIXED64, FIXED32):
            octets, at = part(data, at, 8 if kind == FIXED64 else 4)
            value = octets.hex()
        else:
            raise Malformed(f"there is no kind {kind} at {at}")
        fields.append([number, kind, str(value) if kind == VARINT else value])
    return fields


def opened(octets, depth):
    if octets and depth < 50:
        try:
            fields = decode(octets, depth + 1)
            if encode(fields) == octets:
                return fields
        except Malformed:
            pass
    return octets.hex()


def number_octets(value):
    octets = b""
    while value > 0x7F:
        octets += bytes([value & 0x7F | 0x80])
        value >>= 7
    return octets + bytes([value])


def encode(fields):
    octets = b""
    for number, kind, value in fields:
        octets += number_octets(number << 3 | kind)
        if kind == VARINT:
            octets += number_octets(int(value))
        else:
            inner = encode(value) if isinstance(value, list) else bytes.fromhex(value)
            octets += (number_octets(len(inner)) if kind == OCTETS else b"") + inner
    return octets


def answer(method, params):
    if method == "hello":
        return {"protocol": 1, "name": "octets", "releases": ["1"], "facets": [],
                "format": "mesh", "roles": {"1": ["codec"]}}
    if method == "decode":
        return {"value": decode(base64.b64decode(params["state"]["base64"]))}
    if method == "encode":
        fields = params["value"][:-1] if "forgets" in sys.argv else params["value"]
        return {"state": {"base64": base64.b64encode(encode(fields)).decode()}}
    raise LookupError(f"there is no method {method}")


for line in sys.stdin:
    request = json.loads(line)
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        reply["result"] = answer(request["method"], request["params"])
    except Malformed as error:
        reply["error"] = {"code": -32001, "message": str(error)}
    except LookupError as error:
        reply["error"] = {"code": -32601, "message": str(error)}
    print(json.dumps(reply), flush=True)
