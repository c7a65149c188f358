import assert from "node:assert/strict";
import { test } from "node:test";
import type { Adapter } from "./adapter.ts";
import type { Axis } from "./axis.ts";
import { counterAdapter } from "./counter_machine.ts";
import type { Hop } from "./path.ts";
import { isRepresentative } from "./representative.ts";

const AXES: readonly Axis[] = [
  { name: "size", per: "path", values: ["small", "large"], meaning: "" },
  { name: "request", per: "save", values: ["none", "disk", "net", "both"], meaning: "" },
];

/** An adapter that keeps of what is asked for only what the machine has. */
function keeping(...devices: readonly string[]): Adapter {
  return {
    ...counterAdapter(),
    capabilities: (_hop, { request }) =>
      new Set(["units", ...devices.filter((name) => request === name || request === "both")]),
  };
}

/** The requests that stand for the others. */
function representatives(adapter: Adapter, size = "large"): readonly string[] {
  const hop: Hop = { implementation: "counter", release: "1", inputs: {} };
  return ["none", "disk", "net", "both"].filter((request) =>
    isRepresentative(adapter, hop, { request, size }, AXES),
  );
}

test("isRepresentative() is true of the first request that keeps the same", () => {
  assert.deepEqual(representatives(keeping()), ["none"]);
  assert.deepEqual(representatives(keeping("disk")), ["none", "disk"]);
  assert.deepEqual(representatives(keeping("net")), ["none", "net"]);
  assert.deepEqual(representatives(keeping("disk", "net")), ["none", "disk", "net", "both"]);
});

test("isRepresentative() does not let values of a path stand for each other", () => {
  assert.deepEqual(representatives(keeping(), "small"), representatives(keeping(), "large"));
});
