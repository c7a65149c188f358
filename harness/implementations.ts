/**
 * The implementations there are: of each its adapter, its matrix, and the suites, oracles and
 * expectations that judge it.
 *
 * @module
 */
import { codecFor, MeshError } from "../src/mesh/mod.ts";
import { type Guid, ServicingState } from "../src/openhcl_state/mod.ts";
import { KNOWN } from "../suites/known/openhcl.ts";
import { SIGNS } from "../suites/known/openhcl_defects.ts";
import { KNOWN as QEMU_KNOWN } from "../suites/known/qemu.ts";
import { KNOWN as QEMU_MODEL_KNOWN } from "../suites/known/qemu_model.ts";
import { KNOWN as XENSTORED_KNOWN } from "../suites/known/xenstored.ts";
import { KNOWN_GROWTHS } from "../suites/known/xenstored_growth.ts";
import { KNOWN as PROBE_KNOWN } from "../suites/known/xenstored_probe.ts";
import { DESIGN_SUITES, QEMU_SUITES, SUITES, XENSTORE_SUITES } from "../suites/mod.ts";
import { xenstoreSoak } from "../suites/xenstore_soak.ts";
import type { SavedState } from "./adapter.ts";
import { openhclAdapter, openhclContents, openhclDefects } from "./adapters/openhcl/mod.ts";
import { openhclSpace } from "./adapters/openhcl/space.ts";
import { qemuAdapter, qemuSpace, readDeviceSets } from "./adapters/qemu/mod.ts";
import { qemuModelAdapter, qemuModelSpace } from "./adapters/qemu_model/mod.ts";
import { xenstore } from "./adapters/xenstore/mod.ts";
import { leavesBehind } from "./adapters/xenstored/left_behind.ts";
import { xenstoredAdapter } from "./adapters/xenstored/mod.ts";
import { PROBED } from "./adapters/xenstored/probed.ts";
import { xenstoredSpace } from "./adapters/xenstored/space.ts";
import type { Own } from "./cli/own.ts";
import type { Implementation } from "./cli/product.ts";
import type { Condition } from "./condition.ts";
import type { Defect, Sign } from "./defect.ts";
import type { Expectation } from "./expectation.ts";
import { ORACLES } from "./oracles/mod.ts";
import { packed } from "./packed.ts";
import { Probe } from "./xenstore_probe/mod.ts";

export const openhcl: Implementation = {
  adapter: openhclAdapter,
  space: openhclSpace,
  suites: SUITES,
  oracles: ORACLES,
  expectations: KNOWN,
  defects: openhclDefects.map(signed),
  codec: "mesh",
  contents: openhclContents,
  recordings: {
    plain: machine("none", "none"),
    relay: machine("relay", "none"),
    ephemeral: { ...machine("none", "none"), lifetime: "Ephemeral" },
    "nvme-mana-reset": machine("nvme+mana", "none"),
    "nvme-mana-keepalive": machine("nvme+mana", "nvme+mana"),
  },
  correlationIdOf,
};

export const xenstored: Implementation = {
  adapter: xenstoredAdapter({ ...xenstore, command: packed(xenstore.command) }),
  space: xenstoredSpace,
  suites: XENSTORE_SUITES,
  oracles: [],
  expectations: XENSTORED_KNOWN,
  soak: { scenario: xenstoreSoak, growths: KNOWN_GROWTHS },
  codec: "xenstore-stream",
  recordings: {},
  leavesBehind,
  // Nothing in a stream tells one update from another.
  correlationIdOf: () => undefined,
};

const DEVICE_SETS = readDeviceSets(new URL("../fixtures/qemu/device_sets.json", import.meta.url));
const BOOT_SETS = readDeviceSets(new URL("../fixtures/qemu/guest_sets.json", import.meta.url));

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
  const known = QEMU_KNOWN.map((entry): Expectation => ({ ...entry, mayPass: true }));
  return {
    adapter: qemuAdapter([...sets, ...bootSets], binaries),
    space: qemuSpace(sets, bootSets, binaries),
    suites: QEMU_SUITES,
    oracles: [],
    expectations: brought.length === 0 ? QEMU_KNOWN : known,
    codec: "qemu-stream",
    recordings: {},
    // Nothing in a stream tells one migration from another.
    correlationIdOf: () => undefined,
    widened: qemuWith,
    ...(brought.length === 0 ? {} : { brought }),
  };
}

export const qemuModel: Implementation = {
  adapter: qemuModelAdapter,
  space: qemuModelSpace,
  suites: DESIGN_SUITES,
  oracles: [],
  expectations: QEMU_MODEL_KNOWN,
  codec: "qemu-model",
  recordings: {},
  correlationIdOf: () => undefined,
};

export const xenstoreProbe: Probe = new Probe(PROBED, PROBE_KNOWN);

function machine(devices: string, request: string): Condition["settings"] {
  return { devices, request, lifetime: "Default", fault: "none" };
}

function signed({ name, link, meaning }: Omit<Defect, keyof Sign>): Defect {
  const sign = SIGNS[name];
  if (sign !== undefined) return { name, link, meaning, ...sign };
  throw new RangeError(`Cannot look for defect as SIGNS must have it: current value is ${name}`);
}

function correlationIdOf({ writer, bytes }: SavedState): string | undefined {
  try {
    const { init_state } = codecFor(ServicingState, writer.release).decode(bytes);
    const id = init_state.correlation_id;
    return id === undefined || id === null ? undefined : guidText(id);
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}

function guidText({ data1, data2, data3, data4 }: Guid): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const tail = Array.from(data4, (octet) => hex(octet, 2)).join("");
  const head = `${hex(data1, 8)}-${hex(data2, 4)}-${hex(data3, 4)}`;
  return `${head}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
