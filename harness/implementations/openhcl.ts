/**
 * OpenHCL in its releases, as a model.
 *
 * @module
 */
import { codecFor, MeshError } from "../../src/mesh/mod.ts";
import { type Guid, ServicingState } from "../../src/openhcl_state/mod.ts";
import { KNOWN } from "../../suites/known/openhcl.ts";
import { SIGNS } from "../../suites/known/openhcl_defects.ts";
import { SUITES } from "../../suites/mod.ts";
import type { SavedState } from "../adapter.ts";
import { openhclAdapter, openhclContents, openhclDefects } from "../adapters/openhcl/mod.ts";
import { openhclSpace } from "../adapters/openhcl/space.ts";
import type { Implementation } from "../cli/product.ts";
import type { Condition } from "../condition.ts";
import type { Defect, Sign } from "../defect.ts";
import { ORACLES } from "../oracles/mod.ts";

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
