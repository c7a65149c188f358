/**
 * What the inputs of a hop mean for the model, and what its settings say about devices and faults.
 *
 * @module
 */
import type { HopInputs } from "../../../src/openhcl/mod.ts";
import type { Condition } from "../../condition.ts";
import type { Hop } from "../../path.ts";

export type Settings = Condition["settings"];

/** What a bigger image needs more: 1 MiB, which every node has to spare where there is room. */
const BIGGER_PAGES = 256n;

/** Version 5.3 of VMBus, that of Windows 10 iron. */
const CAP = `OPENHCL_VMBUS_MAX_VERSION=${0x0005_0003}`;

/** The disturbance; `none` without one. */
export function faultOf({ fault = "none" }: Settings): string {
  return fault;
}

export function hasNvme({ devices = "none" }: Settings): boolean {
  return devices.startsWith("nvme");
}

export function hasMana({ devices = "none" }: Settings): boolean {
  return devices.endsWith("mana");
}

/**
 * Inputs of a boot. The option of MANA is never derived by a release, so the host gives it, usually
 * with the text of the hop's inputs; a release that does not know it does not look at it.
 */
export function inputsOf({ inputs }: Hop, settings: Settings): HopInputs {
  const { host = "nohost", pool = "noprivatepool", image = "usual", bus = "newest" } = inputs;
  const { mana = "mana-as-nvme" } = inputs;
  const option = oneOf("mana", mana, ["mana-as-nvme", "mana-off", "mana-on"]);
  const text = option === "mana-on" ? "enabled" : `${host},${pool}`;
  const explicit = [
    ...(hasMana(settings) && option !== "mana-off" ? [`OPENHCL_MANA_KEEP_ALIVE=${text}`] : []),
    ...(oneOf("bus", bus, ["newest", "iron"]) === "iron" ? [CAP] : []),
  ].join(" ");
  return {
    hostKeepalive: oneOf("host", host, ["host", "nohost"]) === "host",
    vtl2Pool: oneOf("pool", pool, ["privatepool", "noprivatepool"]) === "privatepool",
    imagePages: oneOf("image", image, ["usual", "bigger"]) === "bigger" ? BIGGER_PAGES : 0n,
    explicit,
  };
}

/** `value`, if the axis has it. */
export function oneOf<T extends string>(axis: string, value: string, values: readonly T[]): T {
  const found = values.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot set up machine as ${axis} must be one of ${values.join(", ")}: ` +
      `current value is ${value}`,
  );
}
