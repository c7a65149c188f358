"""Adapter of a toy monitor for freezethaw: one JSON message per line in, one out."""

import base64
import json
import re
import sys

# ---- The monitor. Put yours in place of it. ----

RELEASES = ["1.0", "2.0"]  # oldest first


class Refused(Exception):
    """The release does not take a state; nothing has happened to it."""


def start(release, seed):
    return {"release": release, "memory": seed, "uptime": 0}


def save(machine):
    memory, uptime = machine["memory"], machine["uptime"]
    if machine["release"] == "1.0":
        return f"toy1 {memory} {uptime}".encode()
    return f"toy2 {memory} {uptime} {memory + uptime}".encode()  # 2.0 adds a sum


def restore(release, state):
    found = re.fullmatch(rb"toy([12]) (\d{1,15}) (\d{1,15})(?: (\d{1,16}))?", state)
    if not found:
        raise Refused("the state is damaged")
    version, memory, uptime, total = (int(word or 0) for word in found.groups())
    if version == 2 and release == "1.0":
        raise Refused("1.0 reads states of version 1: current value is 2")
    if version == 2 and total != memory + uptime:
        raise Refused("the sum of the state is wrong")
    return {"release": release, "memory": memory, "uptime": uptime + 1}  # it goes on


def observe(machine):  # what the guest can see
    return {"memory": machine["memory"], "uptime": machine["uptime"]}


# ---- The protocol. ----

HELLO = {
    "protocol": 1,
    "name": "toy",
    "releases": RELEASES,
    "facets": ["observe"],
    "format": "toy",
    "ticks": ["/uptime"],
}
machines = {}
made = 0


def adopt(release, machine):
    global made
    made += 1
    machines[f"m{made}"] = machine
    return {"machine": f"m{made}", "release": release}


def answer(method, params):
    if method == "hello":
        return HELLO
    if method in ("start", "restore"):
        release = params["release"]
        if release not in RELEASES:
            raise KeyError("release")
        if method == "start":
            return adopt(release, start(release, params["seed"]))
        state = base64.b64decode(params["state"]["base64"], validate=True)
        return adopt(release, restore(release, state))
    if method == "save":
        state = save(machines[params["machine"]])
        return {"state": {"base64": base64.b64encode(state).decode()}}
    if method == "observe":
        return {"value": observe(machines[params["machine"]])}
    if method == "stop":
        del machines[params["machine"]]
        return {}
    raise NotImplementedError


def reply(message):
    try:
        return {"result": answer(message["method"], message["params"])}
    except Refused as refusal:
        return {"error": {"code": -32001, "message": str(refusal)}}
    except NotImplementedError:
        return {"error": {"code": -32601, "message": "there is no such method"}}
    except (KeyError, TypeError, ValueError) as error:
        return {"error": {"code": -32602, "message": f"bad parameters: {error!r}"}}


for line in sys.stdin.buffer:
    message = json.loads(line)
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **reply(message)}), flush=True)
