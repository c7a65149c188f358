/**
 * Emulated platform: what backs emulated devices in the host and is no state unit itself: the
 * guest's clock, the BIOS area, and network adapters apart from their hardware.
 *
 * Source: openhcl/underhill_core/src/emuplat (local_clock.rs, i440bx_host_pci_bridge.rs,
 * netvsp.rs), servicing.rs (`EmuplatSavedState`).
 *
 * @module
 */
import type { Environment } from "../machine/mod.ts";
import type { EmuplatSavedState } from "../openhcl_state/mod.ts";
import { GpaRanges } from "./gpa_ranges.ts";
import type { Host } from "./host.ts";
import { LocalClock } from "./local_clock.ts";
import {
  type AdapterIdentity,
  type AdapterNumbers,
  type NetworkAdapter,
  newAdapters,
  restoreAdapters,
} from "./network_adapter.ts";
import type { Vmgs } from "./vmgs.ts";

export interface Emuplat {
  readonly clock: LocalClock;
  /** Null for other firmware than PCAT. */
  readonly gpaRanges: GpaRanges | null;
  readonly adapters: readonly NetworkAdapter[];
}

/** What a platform is made from. */
export interface EmuplatParts {
  readonly host: Host;
  readonly env: Environment;
  readonly vmgs: Vmgs | null;
  /** Adapters in the order in which they come. */
  readonly arrivals: readonly AdapterIdentity[];
  readonly numbers: AdapterNumbers;
}

/** The platform of a boot; `saved` is null for a fresh one. */
export function newEmuplat(parts: EmuplatParts, saved: EmuplatSavedState | null): Emuplat {
  const { host, env, vmgs, arrivals, numbers } = parts;
  const pcat = host.deviceSet.firmware === "Pcat";
  const ranges = saved?.get_backed_adjust_gpa_range ?? null;
  return {
    clock: new LocalClock(host, vmgs, saved?.rtc_local_clock ?? null),
    gpaRanges: pcat ? new GpaRanges(host.gpaRanges, env.log, ranges) : null,
    adapters: saved ? restoreAdapters(saved, arrivals, numbers) : newAdapters(arrivals, numbers),
  };
}

/** Saves the platform; fields that the release lacks are left out when they are encoded. */
export function saveEmuplat(emuplat: Emuplat): EmuplatSavedState {
  const { clock, gpaRanges, adapters, ...rest } = emuplat;
  rest satisfies Record<string, never>;
  return {
    rtc_local_clock: clock.save(),
    get_backed_adjust_gpa_range: gpaRanges?.save() ?? null,
    netvsp_state: adapters.map((adapter) => adapter.save()),
    network_adapter_index: adapters.map(({ identity, index }) => ({
      mac_address: identity.macAddress,
      adapter_index: index,
    })),
  };
}
