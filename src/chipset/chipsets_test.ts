/**
 * What holds for every device. That the messages are upstream's is `catalogue_test.ts`'s business:
 * no golden bytes of them exist.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { codecFor, RELEASE_NAMES, type Value } from "../mesh/mod.ts";
import type { Message, Shape } from "../schema/message.ts";
import { PCAT_CHIPSET, UEFI_CHIPSET } from "./chipsets.ts";
import { programmed, registersOf } from "./guest_program.ts";
import type { DeviceModel } from "./register.ts";
import { UEFI } from "./uefi.ts";

type Device = DeviceModel<object, Message>;

const DEVICES: readonly Device[] = [...new Set([...UEFI_CHIPSET, ...PCAT_CHIPSET, UEFI])];

const VM_TIME = 2_100_000n;

/** The device after a save by `writer` and a restore by `reader`. */
function serviced(device: Device, state: object, writer: string, reader: string): object {
  const saved = device.save(state) as Value<Message>;
  const octets = codecFor(device.message, writer).encode(saved);
  return device.restore(codecFor(device.message, reader).decode(octets) as Shape<Message>);
}

for (const device of DEVICES) {
  const { unit } = device;

  test(`${unit} reads back what a guest has written, whoever saves and restores it`, () => {
    for (const turn of [0, 1]) {
      const first = programmed(device, device.powerOn, 3, 0, VM_TIME);
      const state = turn === 0 ? first : programmed(device, first, 3, turn, VM_TIME);
      const registers = registersOf(device, state);
      for (const writer of RELEASE_NAMES) {
        for (const reader of RELEASE_NAMES) {
          const after = serviced(device, state, writer, reader);
          assert.deepEqual(registersOf(device, after), registers, `${writer} ${reader}`);
        }
      }
    }
  });

  test(`${unit} can be programmed in every register that can be written`, () => {
    const before = registersOf(device, device.powerOn);
    for (const [name, { write, mask = 0, ones = 0 }] of Object.entries(device.registers)) {
      if (write === undefined) continue;
      assert.notEqual((mask | ones) >>> 0, 0, `${name} has bits to write`);
    }
    const changed = [0, 1, 2, 3].flatMap((seed) => {
      const after = registersOf(device, programmed(device, device.powerOn, seed, 0, VM_TIME));
      return [...after].filter(([name, value]) => value !== before.get(name)).map(([name]) => name);
    });
    const writable = Object.keys(device.registers).filter((name) => device.registers[name]?.write);
    const constant = writable.filter((name) => !changed.includes(name));
    assert.deepEqual(
      constant.filter((name) => name !== "STATUS_COMMAND"),
      [],
    );
  });

  test(`${unit} is changed in a few registers by a later turn`, () => {
    const first = programmed(device, device.powerOn, 1, 0, VM_TIME);
    const files = [1, 2, 3, 4].map((turn) =>
      registersOf(device, programmed(device, first, 1, turn, VM_TIME)),
    );
    const before = registersOf(device, first);
    assert.ok(
      files.some((file) => [...file].some(([name, value]) => value !== before.get(name))),
      "some turn changes something",
    );
    assert.deepEqual(registersOf(device, first), before);
  });
}

test("UEFI_CHIPSET has no PIC and no PIT, and both kinds have an I/O APIC", () => {
  const [uefi, pcat] = [UEFI_CHIPSET, PCAT_CHIPSET].map((all) => all.map(({ unit }) => unit));
  assert.deepEqual(uefi, ["ioapic", "rtc", "pm", "guest-watchdog", "tpm"]);
  assert.ok(!uefi?.includes("pit") && !uefi?.includes("pic"));
  assert.ok(pcat?.includes("ioapic") && pcat.includes("piix4-rtc") && !pcat.includes("rtc"));
});
