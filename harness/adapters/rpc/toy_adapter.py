"""A toy machine behind the adapter protocol, for tests: it counts, and release 3.0 cannot read
what release 1.0 writes. Standard library only."""

import base64
import json
import sys

machines = {}

# How many values its axis has; none, and no axis, when it is not told.
VALUES = int((sys.argv[1:] or ["0"])[0])
AXES = {"axes": [{"name": "load", "per": "path", "values": [f"l{i}" for i in range(VALUES)]}]}
AXES = AXES if VALUES > 0 else {}


class Refused(Exception):
    pass


def hello(_):
    return {"protocol": 1, "name": "toy", "releases": ["1.0", "2.0", "3.0"],
            "facets": ["observe"], "format": "toy-json", "ticks": ["/uptime"], "limits": {"inFlight": 2},
            "volatile": ["/clock"], **AXES}


def begin(params, state):
    machine = f"m{len(machines) + 1}"
    machines[machine] = {"release": params["release"], "state": state}
    return {"machine": machine, "release": params["release"]}


def start(params):
    return begin(params, {"uptime": 1, "memory": params["seed"], "from": params["release"]})


def restore(params):
    state = json.loads(base64.b64decode(params["state"]["base64"]))
    if (state["from"], params["release"]) == ("1.0", "3.0"):
        raise Refused("Cannot restore state as its release must be 2.0 or later: current value is 1.0")
    state["from"] = params["release"]
    return begin(params, state)


def save(params):
    state = json.dumps(machines[params["machine"]]["state"], separators=(",", ":")).encode()
    return {"state": {"base64": base64.b64encode(state).decode()}}


def observe(params):
    state = machines[params["machine"]]["state"]
    state["uptime"] += 1
    return {"value": {"uptime": state["uptime"], "memory": state["memory"]}}


def stop(params):
    machines.pop(params["machine"], None)
    return {}


METHODS = {"hello": hello, "start": start, "restore": restore, "save": save,
           "observe": observe, "stop": stop}

for line in sys.stdin:
    request = json.loads(line)
    answer = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        answer["result"] = METHODS[request["method"]](request["params"])
    except Refused as error:
        answer["error"] = {"code": -32001, "message": str(error)}
    except KeyError as error:
        answer["error"] = {"code": -32601, "message": f"unknown: {error}"}
    print(json.dumps(answer), flush=True)
