/**
 * Releases of QEMU, and whatever QEMU somebody brings.
 *
 * @module
 */
import { KNOWN } from "../../suites/known/qemu.ts";
import { QEMU_SUITES } from "../../suites/mod.ts";
import { qemuAdapter, qemuSpace, readDeviceSets } from "../adapters/qemu/mod.ts";
import type { Own } from "../cli/own.ts";
import type { Implementation } from "../cli/product.ts";
import type { Expectation } from "../expectation.ts";

const DEVICE_SETS = readDeviceSets(
  new URL("../../fixtures/qemu/device_sets.json", import.meta.url),
);
const BOOT_SETS = readDeviceSets(new URL("../../fixtures/qemu/guest_sets.json", import.meta.url));

export const qemu: Implementation = qemuWith({ binaries: {} });

/** Releases of QEMU and the usual sets of devices, or what somebody brings. */
function qemuWith({ binaries, deviceSets }: Own): Implementation {
  const sets = deviceSets === undefined ? DEVICE_SETS : readDeviceSets(deviceSets);
  // A file of one's own has what there is to be booted, too.
  const bootSets = deviceSets === undefined ? BOOT_SETS : [];
  const brought = [
    ...Object.entries(binaries).map(([name, path]) => `--binary ${name}=${path}`),
    ...(deviceSets === undefined ? [] : [`--device-sets ${deviceSets}`]),
  ];
  // Nobody knows what breaks in another program, or with another device of the same name.
  const known = KNOWN.map((entry): Expectation => ({ ...entry, mayPass: true }));
  return {
    adapter: qemuAdapter([...sets, ...bootSets], binaries),
    space: qemuSpace(sets, bootSets, binaries),
    suites: QEMU_SUITES,
    oracles: [],
    expectations: brought.length === 0 ? KNOWN : known,
    codec: "qemu-stream",
    recordings: {},
    // Nothing in a stream tells one migration from another.
    correlationIdOf: () => undefined,
    widened: qemuWith,
    ...(brought.length === 0 ? {} : { brought }),
  };
}
