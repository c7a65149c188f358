import assert from "node:assert/strict";
import { test } from "node:test";
import { RestoreError } from "../machine/mod.ts";
import { HOST_PCI_BRIDGE } from "./i440bx.ts";
import { IO_APIC } from "./ioapic.ts";
import { gpaStates } from "./pam_ranges.ts";
import { PCI_CONFIG_POWER_ON, restorePciConfig, savePciConfig } from "./pci_config.ts";
import { PIC } from "./pic.ts";
import { PIIX4_PM } from "./piix4_pm.ts";
import { counterAt, PIT } from "./pit.ts";
import { PM } from "./pm.ts";
import type { Register } from "./register.ts";
import { nvOf, TPM } from "./tpm.ts";
import { UEFI } from "./uefi.ts";

/** Writes `value` into the register called `name`, and answers the state after that. */
function write<S>(
  model: { registers: Readonly<Record<string, Register<S>>> },
  state: S,
  name: string,
  value: number,
): S {
  const after = model.registers[name]?.write?.(state, value);
  assert.ok(after !== undefined, name);
  return after;
}

function read<S>(
  model: { registers: Readonly<Record<string, Register<S>>> },
  state: S,
  name: string,
) {
  return model.registers[name]?.read(state);
}

test("HOST_PCI_BRIDGE reads a constant for status and command, and keeps what was written", () => {
  const state = write(HOST_PCI_BRIDGE, HOST_PCI_BRIDGE.powerOn, "STATUS_COMMAND", 0xffff);
  assert.equal(read(HOST_PCI_BRIDGE, state, "STATUS_COMMAND"), 0x0200_0006);
  assert.equal(state.cfg_space.command, 0x077f);
});

test("HOST_PCI_BRIDGE locks SMRAM for good", () => {
  const locked = write(HOST_PCI_BRIDGE, HOST_PCI_BRIDGE.powerOn, "SMRAM", 0x1a_0000);
  assert.equal(read(HOST_PCI_BRIDGE, locked, "SMRAM"), 0x381a_0000);
  assert.equal(write(HOST_PCI_BRIDGE, locked, "SMRAM", 0), locked);
  const open = write(HOST_PCI_BRIDGE, HOST_PCI_BRIDGE.powerOn, "SMRAM", 0xffef_0000);
  assert.equal(read(HOST_PCI_BRIDGE, open, "SMRAM"), 0x382a_0000);
});

test("gpaStates() reads two bits of each field, from the fourth field on", () => {
  assert.deepEqual(new Set(gpaStates(HOST_PCI_BRIDGE.powerOn)), new Set(["Mmio"]));
  const low = write(HOST_PCI_BRIDGE, HOST_PCI_BRIDGE.powerOn, "PAM1", 0x3210_0000);
  const state = write(HOST_PCI_BRIDGE, low, "PAM2", 0x1000_0003);
  const states = gpaStates(state);
  assert.deepEqual(states.slice(0, 6), [
    "Mmio",
    "Mmio",
    "WriteProtected",
    "WriteOnly",
    "Writable",
    "Writable",
  ]);
  assert.equal(states[12], "WriteProtected");
  assert.equal(states.length, 13);
});

test("restorePciConfig() refuses reserved command bits and capabilities that are not there", () => {
  const saved = savePciConfig(PCI_CONFIG_POWER_ON);
  const refused = (changed: Partial<typeof saved>, text: RegExp) =>
    assert.throws(
      () => restorePciConfig({ ...saved, ...changed }),
      (error: Error) => error instanceof RestoreError && text.test(error.message),
    );
  refused(
    { command: 0x0080 },
    /^saved state is invalid: found invalid config bits in saved state$/,
  );
  const blob = {
    type_url: "type.googleapis.com/pci.caps.msi.SavedState",
    value: new Uint8Array(0),
  };
  refused({ capabilities: [["msi", blob]] }, /found unexpected capability msi$/);
  refused({ extended_capabilities: [["acs", blob]] }, /found unexpected capability acs$/);
  assert.deepEqual(restorePciConfig({ ...saved, command: 0x077f }).command, 0x077f);
});

test("savePciConfig() writes six BARs, also of a type that has two", () => {
  const { base_addresses } = savePciConfig({ ...PCI_CONFIG_POWER_ON, baseAddresses: [1, 2] });
  assert.deepEqual(base_addresses, [1, 2, 0, 0, 0, 0]);
});

test("PIIX4_PM answers at its ports once it has a base and is switched on, and not before", () => {
  const off = write(PIIX4_PM, PIIX4_PM.powerOn, "io.RESUME_ENABLE", 0x0521);
  assert.equal(read(PIIX4_PM, off, "io.RESUME_ENABLE"), 0xffff_ffff);
  assert.equal(off.inner.resume_enable, 0);
  const based = write(PIIX4_PM, off, "IO_BASE", 0x1439);
  assert.equal(read(PIIX4_PM, based, "IO_BASE"), 0x1401);
  assert.equal(read(PIIX4_PM, based, "io.CONTROL"), 0xffff_ffff);
  const on = write(PIIX4_PM, based, "IO_ENABLE", 1);
  assert.equal(read(PIIX4_PM, on, "io.CONTROL"), 0);
  const set = write(PIIX4_PM, on, "io.RESUME_ENABLE", 0xffff);
  assert.equal(read(PIIX4_PM, set, "io.RESUME_ENABLE"), 0x0521);
});

test("PM sums up the status of its parts", () => {
  const state = { ...PM.powerOn, status: 0x20, general_purpose_status: 1, device_status: 2 };
  assert.equal(read(PM, state, "GLOBAL_STATUS"), 0xd0);
  assert.equal(read(PM, { ...state, status: 1 }, "GLOBAL_STATUS"), 0x90);
  assert.equal(read(PM, PM.powerOn, "CONTROL"), 1);
});

test("PIC opens all lines when it is initialised", () => {
  const masked = write(PIC, PIC.powerOn, "primary.IMR", 0xff);
  const state = write(PIC, masked, "primary.VECTOR_BASE", 0x37);
  assert.equal(read(PIC, state, "primary.VECTOR_BASE"), 0x30);
  assert.equal(read(PIC, state, "primary.IMR"), 0);
  assert.equal(state.primary.init.variant, "Initialized");
  assert.equal(state.secondary.init.variant, "Uninitialized");
});

test("IO_APIC refuses a state with another number of entries", () => {
  const saved = IO_APIC.save(IO_APIC.powerOn);
  for (const length of [23, 25]) {
    const redirection_entries = new Array<bigint>(length).fill(0n);
    assert.throws(() => IO_APIC.restore({ ...saved, redirection_entries }), {
      name: "RestoreError",
      message: "wrong number of redirection entries",
    });
  }
});

test("IO_APIC takes the bits of an entry that a guest may write, half by half", () => {
  const low = write(IO_APIC, IO_APIC.powerOn, "REDIRECTION5_LOW", 0xffff_ffff);
  const both = write(IO_APIC, low, "REDIRECTION5_HIGH", 0xffff_ffff);
  assert.equal(both.redirection_entries[5], 0xffff_0000_0001_afffn);
  assert.equal(read(IO_APIC, both, "REDIRECTION4_LOW"), 0x1_0800);
});

test("counterAt() counts down with virtual time and begins anew after a period", () => {
  const state = { ...write(PIT, PIT.powerOn, "TIMER0", 1_000), last: 5_000n };
  assert.equal(counterAt(state, 0, 5_000n), 1_000);
  // 838 ns for each count, time in units of 100 ns.
  assert.equal(counterAt(state, 0, 5_009n), 999);
  assert.equal(counterAt(state, 0, 5_000n + 8_372n), 1);
  assert.equal(counterAt(state, 0, 5_000n + 8_380n), 1_000);
  assert.equal(counterAt(state, 1, 9_000n), 0);
});

test("PIT.touch() brings all counts to an instant and changes no later count", () => {
  const state = { ...write(PIT, PIT.powerOn, "TIMER2", 0), last: 0n };
  const touched = PIT.touch?.(state, 83_800n);
  assert.ok(touched);
  assert.equal(touched.last, 83_800n);
  assert.equal(touched.timers[2]?.ce, 0x1_0000 - 10_000);
  assert.equal(counterAt(touched, 2, 167_600n), counterAt(state, 2, 167_600n));
});

test("TPM extends a register and writes an index, without a change of what was there", () => {
  const once = write(TPM, TPM.powerOn, "PCR0", 7);
  const twice = write(TPM, once, "PCR0", 7);
  assert.notEqual(read(TPM, twice, "PCR0"), read(TPM, once, "PCR0"));
  assert.equal(read(TPM, TPM.powerOn, "PCR0"), 0);
  const written = write(TPM, twice, "NV1", 0x0102_0304);
  assert.deepEqual(nvOf(written).subarray(4, 8), Uint8Array.of(4, 3, 2, 1));
  assert.equal(read(TPM, written, "PCR0"), read(TPM, twice, "PCR0"));
});

test("TPM renews no certificate after a state that says nothing of it", () => {
  const saved = TPM.save(TPM.powerOn);
  assert.equal(read(TPM, TPM.restore(saved), "RENEWAL"), 1);
  const silent = TPM.restore({ ...saved, allow_ak_cert_renewal: null });
  assert.equal(read(TPM, silent, "RENEWAL"), 0);
});

test("UEFI does not go back to a phase that is over", () => {
  const runtime = write(UEFI, UEFI.powerOn, "PHASE", 2);
  assert.equal(read(UEFI, write(UEFI, runtime, "PHASE", 0), "PHASE"), 2);
  assert.equal(read(UEFI, UEFI.powerOn, "PHASE"), 0);
});
