import assert from "node:assert/strict";
import { test } from "node:test";
import { FEATURE, Features } from "./features.ts";

const QUEUES = FEATURE.NUMBER_OF_QUEUES;
const EVENTS = FEATURE.ASYNCHRONOUS_EVENT_CONFIGURATION;

test("Features grants as many queues as asked for, and no more than there are", () => {
  for (const [asked, granted] of [
    [0x0000_0000, 0x0000_0000],
    [0x0006_0007, 0x0006_0007],
    [0x0007_0007, 0x0007_0007],
    [0x0008_0003, 0x0007_0003],
    [0xfffe_fffe, 0x0007_0007],
  ] as const) {
    const features = new Features(8);
    assert.deepEqual(features.set(QUEUES, asked, false), { status: 0, dw0: granted });
    assert.equal(features.get(QUEUES).dw0, granted);
  }
});

test("Features refuses a count of queues that is no count, or comes too late", () => {
  const features = new Features(8);
  assert.equal(features.set(QUEUES, 0xffff_0001, false).status, 0x002);
  assert.equal(features.set(QUEUES, 0x0001_ffff, false).status, 0x002);
  assert.equal(features.set(QUEUES, 0, true).status, 0x00c);
});

test("Features reports namespaces until it is told not to", () => {
  const features = new Features(8);
  assert.equal(features.reportsNamespaces, true);
  assert.equal(features.get(EVENTS).dw0, 0x100);
  assert.equal(features.set(EVENTS, 0, false).status, 0);
  assert.equal(features.reportsNamespaces, false);
  assert.equal(features.get(EVENTS).dw0, 0);
  assert.equal(features.get(0x100 | EVENTS).dw0, 0x100); // Select: default.
  assert.equal(features.fork().reportsNamespaces, false);
});

test("Features refuses what it does not have, and to save what it has", () => {
  const features = new Features(8);
  assert.equal(features.get(0x7f).status, 0x002);
  assert.equal(features.get(0x200 | EVENTS).status, 0x002); // Select: saved.
  assert.equal(features.set(0x7f, 0, false).status, 0x002);
  assert.equal(features.set((0x8000_0000 | EVENTS) >>> 0, 0, false).status, 0x10d);
});
