import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError } from "../machine/mod.ts";
import { MeshError } from "../mesh/mod.ts";
import { hostOfCaptured } from "./captured.ts";
import { boot, type Openhcl, restore } from "./openhcl.ts";
import { hostWith, inputsOf, KEPT, REQUEST } from "./rehearsal.ts";
import { releaseNamed } from "./releases.ts";

function captured(devices: string, release: string): Uint8Array {
  return boot(releaseNamed(release), hostWith({ devices }), KEPT).save(REQUEST);
}

/** Restores what `writer` has saved on hardware that comes from the state alone. */
function elsewhere(devices: string, writer: string, reader: string, inputs = KEPT): Openhcl {
  const bytes = captured(devices, writer);
  const host = hostOfCaptured(hostWith().vm, writer, bytes);
  return restore(releaseNamed(reader), host, inputs, bytes);
}

test("hostOfCaptured() makes controllers to which a kept state attaches", () => {
  for (const [writer, reader] of [
    ["main", "1.7.2511"],
    ["2505", "2505"],
  ] as const) {
    const openhcl = elsewhere("nvme", writer, reader);
    assert.ok(openhcl.running);
    const controllers = openhcl.nvme();
    assert.equal(controllers.length, 2);
    assert.ok(controllers.every(({ restored, resets }) => restored && resets === 0));
  }
});

test("hostOfCaptured() makes hardware that completes what the state has in flight", () => {
  for (const release of ["2505", "main"]) {
    const bytes = captured("nvme", release);
    const host = hostOfCaptured(hostWith().vm, release, bytes);
    const openhcl = restore(releaseNamed(release), host, KEPT, bytes);
    assert.ok(openhcl.nvme().every(({ outstandingCids }) => outstandingCids.length === 0));
    assert.deepEqual(host.memory.owners.strayWrites, []);
    // It goes on from there, and can be saved again.
    const again = openhcl.save(REQUEST);
    assert.ok(restore(releaseNamed(release), host, KEPT, again).running);
  }
});

test("hostOfCaptured() makes NICs whose channel is up, and a pool in the same place", () => {
  const openhcl = elsewhere("nvme+mana", "main", "main");
  assert.deepEqual(
    openhcl.nics().map(({ restored }) => restored),
    [true, true],
  );
  assert.ok(openhcl.pools()[0]?.slots.some(({ state }) => state === "allocated"));
});

test("hostOfCaptured() keeps channels open and units that the model lacks", () => {
  const openhcl = elsewhere("relay", "main", "2505");
  const open = openhcl.channels().filter((channel) => channel.open);
  assert.equal(open.length, 3);
  assert.ok([...openhcl.contents().keys()].includes("piix4-pm"));
  assert.equal(
    elsewhere("nvme", "main", "main")
      .channels()
      .filter(({ open }) => open).length,
    4,
  );
});

test("hostOfCaptured() goes on from the time at which the machine was stopped", () => {
  const openhcl = elsewhere("none", "main", "main");
  assert.ok((openhcl.servicing?.blackoutUs ?? 0) > 0);
});

test("hostOfCaptured() does not help a reader that has no pool", () => {
  const noPool = inputsOf("nohost,noprivatepool");
  assert.throws(() => elsewhere("nvme", "main", "2505", noPool), ChainError);
});

test("hostOfCaptured() throws what the codec throws", () => {
  assert.throws(() => hostOfCaptured(hostWith().vm, "main", Uint8Array.of(0xff)), MeshError);
});
