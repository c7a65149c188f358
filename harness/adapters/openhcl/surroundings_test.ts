import assert from "node:assert/strict";
import { test } from "node:test";
import { Host, releaseNamed } from "../../../src/openhcl/mod.ts";
import { FAULTS, faultName } from "../../faults/mod.ts";
import { changeOf } from "./surroundings.ts";
import { vmOf } from "./vm_settings.ts";

function changed(fault: string): Host {
  const host = new Host(vmOf({ devices: "nvme+mana" }, 1));
  const change = changeOf(fault);
  assert.ok(change !== null, fault);
  change(host);
  return host;
}

function poolOf(host: Host) {
  return host.poolRanges(releaseNamed("main").pool, { hostKeepalive: true, vtl2Pool: true });
}

function namespacesOf({ nvme: [first] }: Host): [number, bigint][] {
  return [...(first?.namespaces ?? [])].map(([nsid, { blocks }]) => [nsid, blocks]);
}

const HOST = new Host(vmOf({ devices: "nvme+mana" }, 1));
const [OWN = { pfn: 0n, pages: 0n }] = poolOf(HOST);

test("changeOf() knows every fault of what is around the machine", () => {
  const between = FAULTS.filter(({ time, place }) => time === "between" && place !== "state");
  for (const fault of between.filter(({ place }) => place !== "unit")) {
    assert.notEqual(changeOf(faultName(fault)), null, faultName(fault));
  }
  assert.equal(changeOf("none"), null);
});

test("changeOf() moves, shrinks and splits the pool", () => {
  const [moved] = poolOf(changed("pool:moved:between"));
  assert.ok(moved !== undefined && moved.pfn !== OWN.pfn);
  assert.equal(moved.pages, OWN.pages);
  const [shrunk] = poolOf(changed("pool:shrunk:between"));
  assert.deepEqual(shrunk, { pfn: OWN.pfn, pages: OWN.pages / 2n });
  const split = poolOf(changed("pool:split:between"));
  assert.equal(split.length, 2);
  assert.equal(
    split.reduce((sum, { pages }) => sum + pages, 0n),
    OWN.pages,
  );
});

test("changeOf() takes processors away and adds some", () => {
  assert.equal(changed("processors:fewer:between").vpCount, HOST.vpCount - 2);
  assert.equal(changed("processors:more:between").vpCount, HOST.vpCount + 4);
});

test("changeOf() takes a controller away, adds one, and resets them all", () => {
  const ids = ({ nvme }: Host) => nvme.map(({ pciId }) => pciId);
  assert.deepEqual(ids(changed("controller:missing:between")), ids(HOST).slice(1));
  const more = ids(changed("controller:new:between"));
  assert.deepEqual(more.slice(0, -1), ids(HOST));
  const { nvme, nics } = changed("host:resets-devices:between");
  assert.ok(nvme.every(({ counters }) => counters.functionLevelResets === 1));
  assert.ok(nics.every(({ resets }) => resets === 1));
});

test("changeOf() adds, takes and grows a namespace", () => {
  const [[nsid, blocks] = [0, 0n]] = namespacesOf(HOST);
  assert.equal(namespacesOf(changed("namespace:new:between")).length, 2);
  assert.deepEqual(namespacesOf(changed("namespace:gone:between")), []);
  const [[same, more] = [0, 0n]] = namespacesOf(changed("namespace:grown:between"));
  assert.equal(same, nsid);
  assert.ok(more > blocks);
});
