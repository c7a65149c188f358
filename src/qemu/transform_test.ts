import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceSteps, type Step, Transformations, TransformError, type Tree } from "./mod.ts";

const NAMESPACES = [{ nsid: 1, nsze: 4096n, lbads: 9 }];

test("one device becomes two, and two become one again", () => {
  const steps = referenceSteps();
  const one = { nvme: { cc: 1, namespaces: NAMESPACES } };
  const two = steps.transform(one, { nvme: 1 }, { nvme: 2, "nvme-ns": 1 });
  assert.deepEqual(two.states, { nvme: { cc: 1 }, "nvme-ns": { namespaces: NAMESPACES } });
  const back = steps.transform(two.states, { nvme: 2, "nvme-ns": 1 }, { nvme: 1 });
  assert.deepEqual(back, { states: one, lost: [] });
});

test("several revisions are crossed at once, and each loss is told", () => {
  const serial = { divider: 384, fcr: 0x81 };
  const made = referenceSteps().transform({ serial }, { serial: 4 }, { serial: 1 });
  assert.deepEqual(made.states, { serial: { divider: 128 } });
  assert.deepEqual(made.lost, ["serial: fcr", "serial: divider"]);
});

test("what says nothing is left out without a word", () => {
  const made = referenceSteps().transform(
    { serial: { divider: 12, fcr: 0 } },
    { serial: 4 },
    { serial: 1 },
  );
  assert.deepEqual(made.lost, []);
});

test("ports keep who has them open, and tell of a buffer taken in part", () => {
  const port = { id: 1, guest_connected: 1, host_connected: 0 };
  const tree: Tree = { ports: [{ ...port, elem_popped: 1, popped: { iov_idx: 1 } }] };
  const made = referenceSteps().transform(
    { "virtio-console": tree },
    { "virtio-console": 3 },
    { "virtio-console": 2 },
  );
  assert.deepEqual(made.states, { "virtio-console": { ports: [port] } });
  assert.deepEqual(made.lost, [
    "virtio-console: ports.0.popped",
    "virtio-console: ports.0.elem_popped",
  ]);
});

test("two devices are made into what each of them was", () => {
  const states = { serial: { divider: 1, fcr: 0 }, nvme: { namespaces: NAMESPACES } };
  const to = { serial: 2, nvme: 2, "nvme-ns": 1 };
  const made = referenceSteps().transform(states, { serial: 3, nvme: 1 }, to);
  assert.deepEqual(Object.keys(made.states).sort(), ["nvme", "nvme-ns", "serial"]);
});

test("a form that no chain leads to is an error", () => {
  const load = () => referenceSteps().transform({ serial: {} }, { serial: 4 }, { serial: 9 });
  const message = "Cannot transform serial:4 into serial:9 as some chain of steps must lead there";
  assert.throws(load, new TransformError(message));
});

test("a search that finds new forms for ever is given up", () => {
  const steps = new Transformations();
  const grow = (name: string, at: number): Step => ({
    takes: { [name]: at },
    gives: { [name]: at + 1 },
    apply: (states) => ({ states, lost: [] }),
  });
  for (const name of ["a", "b"]) for (let at = 0; at < 80; at++) steps.register(grow(name, at));
  const search = () => steps.transform({}, { a: 0, b: 0 }, { a: 80, b: 81 });
  assert.throws(search, /at most 4096 forms are looked at/);
});
