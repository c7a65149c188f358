"""A toy machine behind the adapter protocol, for tests: it counts, and release 3.0 cannot read
what release 1.0 writes. Standard library only."""

import base64
import itertools
import json
import sys

machines = {}
numbers = itertools.count(1)

# How many values its axis has; none, and no axis, when it is not told.
VALUES = int((sys.argv[1:] or ["0"])[0])
AXES = {"axes": [{"name": "load", "per": "path", "values": [f"l{i}" for i in range(VALUES)]}]}
AXES = AXES if VALUES > 0 else {}


class Refused(Exception):
    pass


class Meaningless(Exception):
    """Parameters that cannot be meant."""


RELEASES = ["1.0", "2.0", "3.0"]


def hello(_):
    return {"protocol": 1, "name": "toy", "releases": RELEASES, "facets": ["observe"],
            "format": "toy-json", "ticks": ["/uptime"], "volatile": ["/clock"],
            "limits": {"inFlight": 2}, **AXES}


def begin(release, state):
    machine = f"m{next(numbers)}"
    machines[machine] = {"release": release, "state": state, "looks": 0}
    return {"machine": machine, "release": release}


def released(params):
    if params["release"] not in RELEASES:
        raise Meaningless(f"there is no release {params['release']}")
    return params["release"]


def start(params):
    release = released(params)
    return begin(release, {"uptime": 1, "memory": params["seed"], "from": release})


def restore(params):
    release = released(params)
    octets = params["state"]["base64"]
    try:
        state = json.loads(base64.b64decode(octets))
        state = {"uptime": state["uptime"] + 1, "memory": state["memory"], "from": state["from"]}
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"Cannot restore state as it must be JSON: {error}") from error
    if (state["from"], release) == ("1.0", "3.0"):
        raise Refused("Cannot restore state as its release must be 2.0 or later: current value is 1.0")
    return begin(release, {**state, "from": release})


def named(params):
    if params["machine"] not in machines:
        raise Meaningless(f"there is no machine {params['machine']}")
    return machines[params["machine"]]


def save(params):
    state = json.dumps(named(params)["state"], separators=(",", ":")).encode()
    return {"state": {"base64": base64.b64encode(state).decode()}}


def observe(params):
    machine = named(params)
    machine["looks"] += 1
    state = machine["state"]
    return {"value": {"uptime": state["uptime"], "memory": state["memory"], "clock": machine["looks"]}}


def stop(params):
    named(params)
    del machines[params["machine"]]
    return {}


METHODS = {"hello": hello, "start": start, "restore": restore, "save": save,
           "observe": observe, "stop": stop}

for line in sys.stdin:
    request = json.loads(line)
    answer = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        method = METHODS.get(request["method"])
        if method is None:
            answer["error"] = {"code": -32601, "message": f"unknown: {request['method']}"}
        else:
            answer["result"] = method(request["params"])
    except Refused as error:
        answer["error"] = {"code": -32001, "message": str(error)}
    except (Meaningless, KeyError, TypeError) as error:
        answer["error"] = {"code": -32602, "message": str(error) or "bad parameters"}
    print(json.dumps(answer), flush=True)
