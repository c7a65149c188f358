/**
 * What a guest of OpenHCL can see, in terms that are the same in every release and wherever a state
 * was carried: registers, variables and channels. Memory, what lies in the BIOS area, the file of
 * guest state and devices that are assigned stay with the host; clocks run on.
 *
 * @module
 */
import type { Openhcl } from "../../../src/openhcl/mod.ts";
import type { Seen } from "../../facets/observe.ts";
import { digestOf } from "./digest.ts";

const BIOS_AREA = "bios";

/** After a restore: as the guest found it, before it changed anything. */
export function seenOf(openhcl: Openhcl): Seen {
  const { registers, variables } = openhcl.seen();
  const devices = [...registers].filter(([name]) => name !== BIOS_AREA);
  const channels = openhcl.found?.bus?.channels ?? openhcl.channels();
  return {
    registers: objectOf(devices, (file) => objectOf([...file], String)),
    variables: objectOf(
      (variables ?? []).map((it) => [nameOf(it.vendor.data1, it.name), it] as const),
      ({ attr, data }) => `${attr} ${digestOf(data)}`,
    ),
    channels: objectOf(
      channels.map((channel) => [channel.channelId, channel] as const),
      ({ open, gpadls }) => ({ open, gpadls: [...gpadls] }),
    ),
  };
}

/** The vendor's first word tells those apart that share a name. */
function nameOf(vendor: number, ucs2: Uint8Array): string {
  const letters = ucs2.filter((octet) => octet !== 0);
  return `${String.fromCharCode(...letters)}-${vendor.toString(16)}`;
}

function objectOf<V>(
  entries: readonly (readonly [string | number, V])[],
  textOf: (value: V) => Seen,
): Seen {
  return Object.fromEntries(entries.map(([name, value]) => [name, textOf(value)]));
}
