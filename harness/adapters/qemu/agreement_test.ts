/** Capabilities at both ends of a migration of real QEMUs: what both have, and what one lacks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HungError, RefusedError, SaveError } from "../../adapter.ts";
import { qemuAdapter } from "./adapter.ts";
import { AGREED, type End, ended } from "./agreement.ts";
import type { Ending } from "./launched.ts";
import { MonitorLost } from "./monitor.ts";
import { realBoth } from "./real.ts";

const adapter = qemuAdapter([{ name: "bare", args: [] }]);

async function sent(mode: string, from: string, to: string) {
  const settings = { devices: "bare", machine: "pc-q35-5.2", mode };
  await using rig = await adapter.rig(settings, 1);
  const hop = (release: string) => ({ implementation: "qemu", release, inputs: {} });
  const writer = await rig.start(hop(from));
  const saved = await writer.save({ correlationId: "", settings });
  const { agreeing, release } = await rig.restore(hop(to), saved);
  return { used: agreeing?.used, status: await agreeing?.status(), release };
}

test("AgreementRig sends with what both ends have", realBoth("5.2", "10.0.2", "11.1"), async () => {
  const mapped = await sent("mapped-ram", "11.1", "10.0.2");
  assert.deepEqual(mapped, { used: ["mapped-ram"], status: "prelaunch", release: "10.0.2" });
  assert.deepEqual((await sent("multifd", "5.2", "11.1")).used, ["multifd"]);
  const old = await sent(AGREED, "5.2", "11.1");
  assert.deepEqual(old.used, ["xbzrle", "return-path", "validate-uuid"]);
  const young = await sent(AGREED, "10.0.2", "11.1");
  assert.deepEqual(young.used, ["xbzrle", "return-path", "validate-uuid", "switchover-ack"]);
});

test("AgreementRig tells by name what an end lacks", realBoth("5.2", "11.1"), async () => {
  await assert.rejects(sent("mapped-ram", "5.2", "11.1"), (error) => {
    assert.ok(error instanceof SaveError && error.machineRuns);
    return error.message === "absent of mapped-ram: Invalid parameter 'mapped-ram'";
  });
  await assert.rejects(sent("zero-blocks", "5.2", "11.1"), (error) => {
    assert.ok(error instanceof RefusedError);
    return error.message.startsWith("absent of zero-blocks: Parameter 'capability' does not");
  });
});

const FOOTER = "Missing section footer for 0000:00:04.0/esp";

/** An end that says `said` of its migration, and then ends so, if it does. */
function saying(said: string | MonitorLost, exited: Promise<Ending>): End {
  const status = { status: said };
  const when = () => (said instanceof MonitorLost ? Promise.reject(said) : Promise.resolve(status));
  return { monitor: { when, execute: () => Promise.resolve(status) }, exited, stderr: FOOTER };
}

const never = new Promise<Ending>(() => {});
const declined = Promise.resolve<Ending>({ code: 1, signal: null });

test("ended() gives up a reader that has failed or is lost, and does not end", async () => {
  const hung = (message: string) => (error: unknown) => {
    assert.ok(error instanceof HungError);
    return error.message === message;
  };
  const failed = `hang: the reader failed and does not end: ${FOOTER}`;
  await assert.rejects(ended(saying("failed", never), "reader", 1), hung(failed));
  const lost = "hang: the monitor closed, and it does not end";
  const gone = saying(new MonitorLost("the monitor closed"), never);
  await assert.rejects(ended(gone, "reader", 1), hung(lost));
});

test("ended() tells why a reader has ended that has failed, or is lost", async () => {
  for (const said of ["failed", new MonitorLost("the monitor closed")]) {
    await assert.rejects(ended(saying(said, declined), "reader"), (error) => {
      assert.ok(error instanceof RefusedError);
      return error.message.endsWith(FOOTER);
    });
  }
  await ended(saying("completed", never), "reader");
});
