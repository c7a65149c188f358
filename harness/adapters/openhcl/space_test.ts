import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition } from "../../condition.ts";
import { usualConfigurations } from "../../hops.ts";
import type { Hop } from "../../path.ts";
import { brokenBy } from "../../space_rules.ts";
import { openhclSpace } from "./space.ts";

const { releases, axes } = openhclSpace;
const configurations = usualConfigurations(openhclSpace);

function hops(): Hop[] {
  return releases.flatMap((release) =>
    configurations.map((inputs) => ({ implementation: "openhcl", release, inputs })),
  );
}

function allowed(condition: Condition): boolean {
  return brokenBy(openhclSpace, condition) === undefined;
}

function valuesOf(name: string): readonly string[] {
  return axes.find((axis) => axis.name === name)?.values ?? [];
}

test("openhclSpace allows 189 of the 225 configured pairs", () => {
  const pairs = hops().flatMap((writer) => hops().map((reader) => ({ writer, reader })));
  assert.equal(pairs.length, 225);
  const kept = pairs.filter(({ writer, reader }) =>
    allowed({ path: [writer, reader], settings: {} }),
  );
  assert.equal(kept.length, 189);
});

test("openhclSpace yields 3,024 conditions for one lifetime and no fault", () => {
  let count = 0;
  for (const writer of hops()) {
    for (const reader of hops()) {
      for (const request of valuesOf("request")) {
        for (const devices of valuesOf("devices")) {
          const settings = { devices, request, lifetime: "Default", fault: "none" };
          if (allowed({ path: [writer, reader], settings })) count++;
        }
      }
    }
  }
  assert.equal(count, 3024);
});

test("openhclSpace lets the pool come and go only next to 2411 or 2505", () => {
  for (const writer of hops()) {
    for (const reader of hops()) {
      const same = writer.inputs.pool === reader.inputs.pool;
      const old = [writer, reader].some(({ release }) => ["2411", "2505"].includes(release));
      const condition: Condition = { path: [writer, reader], settings: {} };
      assert.equal(allowed(condition), same || old, JSON.stringify([writer, reader]));
    }
  }
});

test("openhclSpace has a bigger image only where there is room for it", () => {
  const [usual, bigger] = [configurations[0], openhclSpace.configurations[3]].map(
    (inputs = {}): Hop => ({ implementation: "openhcl", release: "main", inputs }),
  );
  assert.ok(usual !== undefined && bigger?.inputs.image === "bigger");
  const roomy = valuesOf("placement").filter((placement) =>
    allowed({ path: [usual, bigger], settings: { placement } }),
  );
  assert.deepEqual(roomy, ["roomy", "numa"]);
});

test("openhclSpace asks where a pool lies only where there is one", () => {
  for (const writer of hops()) {
    const condition: Condition = { path: [writer, writer], settings: { placement: "scarce" } };
    assert.equal(allowed(condition), writer.inputs.pool === "privatepool");
  }
});

test("openhclSpace judges every edge of a longer path", () => {
  const [, , newest] = configurations;
  const hop = (release: string, inputs = newest ?? {}): Hop => ({
    implementation: "openhcl",
    release,
    inputs,
  });
  const pool = configurations[0] ?? {};
  assert.ok(allowed({ path: [hop("main"), hop("2411"), hop("main", pool)], settings: {} }));
  assert.ok(!allowed({ path: [hop("2411"), hop("main"), hop("main", pool)], settings: {} }));
});

test("openhclSpace gives every axis that the core grid does not cross a neutral value", () => {
  const neutral = axes.filter((axis) => axis.neutral !== undefined);
  assert.deepEqual(
    neutral.map(({ name, neutral, reserved = false }) => [name, neutral, reserved]),
    [
      ["image", "usual", false],
      ["bus", "newest", false],
      ["mana", "mana-as-nvme", false],
      ["lifetime", "Default", false],
      ["placement", "whole", false],
      ["ids", "usual", false],
      ["protocol", "current", false],
      ["point", "idle", true],
      ["fault", "none", true],
      ["flight", "hop", false],
      ["ending", "goes-on", false],
      ["defect", "none", false],
    ],
  );
});

test("openhclSpace crosses long flights with faults and points of machines with disks", () => {
  const [writer] = hops();
  assert.ok(writer !== undefined);
  const path = [writer, writer] as const;
  const flight = "chain";
  const usual = { placement: "whole", lifetime: "Default", protocol: "current" };
  for (const fault of ["none", "read:drop:after", "host:resets-devices:between"]) {
    for (const point of ["idle", "gpadl:sent", "list:sent"]) {
      const settings = { ...usual, fault, point, flight };
      assert.ok(allowed({ path, settings: { ...settings, devices: "nvme" } }));
      assert.ok(!allowed({ path, settings: { ...settings, devices: "none" } }));
      const full = { ...settings, devices: "nvme", point: "queue:full" };
      assert.ok(!allowed({ path, settings: full }));
    }
  }
});

test("openhclSpace has no VMGS to lose under ephemeral guest state", () => {
  const [writer] = hops();
  assert.ok(writer !== undefined);
  for (const lifetime of valuesOf("lifetime")) {
    const settings = { fault: "vmgs:unsavable:save", lifetime, placement: "whole" };
    assert.equal(allowed({ path: [writer, writer], settings }), lifetime === "Default");
  }
});

test("openhclSpace gives an isolated machine no pool", () => {
  for (const writer of hops()) {
    const condition: Condition = {
      path: [writer, writer],
      settings: { fault: "machine:isolated:save", placement: "whole" },
    };
    assert.equal(allowed(condition), writer.inputs.pool === "noprivatepool");
  }
});
