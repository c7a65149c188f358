import assert from "node:assert/strict";
import { test } from "node:test";
import { BareHost, CC_ENABLED } from "./bare_host.ts";
import type { RegisterFaultKind } from "./fault.ts";
import { CC, CSTS, encodeCapabilities, queueEntriesOf, REGISTER } from "./registers.ts";

function csts({ controller }: BareHost): number {
  return controller.readRegister(REGISTER.CSTS, 4);
}

function setCc({ controller }: BareHost, value: number): void {
  controller.writeRegister(REGISTER.CC, 4, value);
}

function withFault(kind: RegisterFaultKind): BareHost {
  const host = new BareHost();
  host.controller.faults.arm({ place: "registers", kind });
  return host;
}

test("encodeCapabilities() places every field as 3.1.3.1 of the base specification", () => {
  const cap = encodeCapabilities({ queueEntriesMax: 1024, readyTimeout: 20 });
  assert.equal(cap & 0xffffn, 1023n); // MQES.
  assert.equal((cap >> 16n) & 1n, 1n); // CQR.
  assert.equal((cap >> 24n) & 0xffn, 20n); // TO.
  assert.equal((cap >> 32n) & 0xfn, 0n); // DSTRD.
  assert.equal((cap >> 37n) & 0xffn, 1n); // CSS: NVM command set.
  assert.equal(cap >> 48n, 0n); // MPSMIN, MPSMAX.
  assert.equal(queueEntriesOf(cap), 1023);
});

test("registers of 64 bits can be read as a whole and in halves", () => {
  const { controller } = new BareHost({ queueEntriesMax: 64 });
  const cap = controller.readRegister(REGISTER.CAP, 8);
  assert.equal(cap, encodeCapabilities({ queueEntriesMax: 64, readyTimeout: 20 }));
  assert.equal(BigInt(controller.readRegister(REGISTER.CAP + 4, 4)), cap >> 32n);
  controller.writeRegister(REGISTER.ASQ, 8, 0x12_3456_7890n);
  assert.equal(controller.readRegister(REGISTER.ASQ, 8), 0x12_3456_7000n);
  controller.writeRegister(REGISTER.ASQ + 4, 4, 0x1);
  assert.equal(controller.readRegister(REGISTER.ASQ, 8), 0x1_3456_7000n);
  assert.equal(controller.readRegister(REGISTER.VS, 4), 0x0002_0000);
});

test("CSTS.RDY follows CC.EN after a time, both ways", () => {
  const host = new BareHost();
  host.controller.writeRegister(REGISTER.AQA, 4, 0x000f_000f);
  setCc(host, CC_ENABLED);
  host.clock.advance(19_999);
  assert.equal(csts(host), 0);
  host.clock.advance(1);
  assert.equal(csts(host), CSTS.RDY);
  setCc(host, CC_ENABLED & ~CC.EN);
  host.clock.advance(9_999);
  assert.equal(csts(host), CSTS.RDY);
  host.clock.advance(1);
  assert.equal(csts(host), 0);
});

test("a reset by CC.EN keeps the admin queue registers, one of the function does not", () => {
  const host = new BareHost().enable();
  const aqa = () => host.controller.readRegister(REGISTER.AQA, 4);
  host.controller.writeRegister(REGISTER.AQA, 4, 0x0001_0001);
  assert.equal(aqa(), 0x000f_000f); // Not while it is enabled.
  setCc(host, 0);
  host.settle();
  assert.equal(aqa(), 0x000f_000f);
  host.controller.functionLevelReset();
  assert.deepEqual([aqa(), csts(host)], [0, 0]);
});

test("CSTS.CFS answers what CAP does not offer, and admin queues of one entry", () => {
  for (const [cc, aqa, status] of [
    [CC_ENABLED, 0x000f_000f, CSTS.RDY],
    [CC_ENABLED | (1 << CC.MPS_SHIFT), 0x000f_000f, CSTS.CFS],
    [CC_ENABLED | (1 << CC.CSS_SHIFT), 0x000f_000f, CSTS.CFS],
    [CC_ENABLED | (1 << CC.AMS_SHIFT), 0x000f_000f, CSTS.CFS],
    [CC_ENABLED, 0x0000_000f, CSTS.CFS],
    [CC_ENABLED, 0x000f_0000, CSTS.CFS],
  ] as const) {
    const host = new BareHost();
    host.controller.writeRegister(REGISTER.AQA, 4, aqa);
    setCc(host, cc);
    assert.equal(csts(host.settle()), status);
  }
});

test("a wedged controller has a fatal status until its function is reset", () => {
  const host = new BareHost({ wedged: true }).enable();
  assert.equal(csts(host), CSTS.CFS);
  setCc(host, 0);
  assert.equal(csts(host.settle()), 0);
  assert.equal(csts(host.enable()), CSTS.CFS);
  host.controller.functionLevelReset();
  assert.equal(csts(host.enable()), CSTS.RDY);
});

test("a shutdown notification is answered in CSTS.SHST after a time", () => {
  const host = new BareHost().enable();
  setCc(host, CC_ENABLED | (1 << CC.SHN_SHIFT));
  assert.equal(csts(host), CSTS.RDY | CSTS.SHST_OCCURRING);
  assert.equal(csts(host.settle()), CSTS.RDY | CSTS.SHST_COMPLETE);
});

test("interrupt masks are set by one register and cleared by the other", () => {
  const { controller } = new BareHost();
  controller.writeRegister(REGISTER.INTMS, 4, 0xf000_0006);
  controller.writeRegister(REGISTER.INTMC, 4, 0x1000_0002);
  assert.equal(controller.readRegister(REGISTER.INTMS, 4), 0xe000_0004);
  assert.equal(controller.readRegister(REGISTER.INTMC, 4), 0xe000_0004);
});

test("register faults delay CSTS.RDY, keep it away, ignore CC.EN, and change MQES", () => {
  const late = withFault({ name: "ready-late", delayUs: 500 });
  late.enable();
  assert.equal(late.clock.nowUs, 20_500);
  const never = withFault({ name: "ready-never" }).enable();
  assert.deepEqual([never.clock.nowUs, csts(never)], [0, 0]);
  const ignored = withFault({ name: "enable-ignored" }).enable();
  assert.deepEqual(
    [csts(ignored), ignored.controller.readRegister(REGISTER.CC, 4) & CC.EN],
    [0, 0],
  );
  const { controller } = withFault({ name: "queue-entries", max: 4 });
  assert.equal(queueEntriesOf(controller.readRegister(REGISTER.CAP, 8)), 3);
});

test("a controller that was pulled out reads as ones, takes no write and does nothing", () => {
  const host = new BareHost().enable();
  host.createQueue(1);
  host.controller.faults.arm({ place: "registers", kind: { name: "removed" } });
  for (const offset of [REGISTER.CSTS, REGISTER.CC, REGISTER.VS]) {
    assert.equal(host.controller.readRegister(offset, 4), 0xffff_ffff);
  }
  assert.equal(host.controller.readRegister(REGISTER.CAP, 8), 0xffff_ffff_ffff_ffffn);
  setCc(host, 0);
  assert.equal(host.controller.counters.controllerResets, 0);
  assert.equal(host.settle().controller.dueUs, Number.POSITIVE_INFINITY);
});
