/**
 * A NIC as the guest and the hardware see it, for comparison before and after servicing.
 *
 * @module
 */
import type { Traffic } from "./guest_view.ts";
import type { LoadedVm } from "./loaded_vm.ts";

export interface NicRecord {
  readonly pciId: string;
  readonly resets: number;
  readonly restored: boolean;
  readonly adapterIndex: number;
  /** The number that the hardware has of it; null for none. */
  readonly serial: number | null;
  /** Times that a hardware channel has been established since power-on. */
  readonly channels: number;
  /** Times that the link went up or down since power-on. */
  readonly linkEvents: number;
  /** What the guest has sent, got back and been told of its link. */
  readonly traffic: Traffic;
}

const NO_TRAFFIC: Traffic = { sent: 0, echoed: 0, linkChanges: 0 };

/** The NICs of `vm` that have a driver. */
export function nicRecords({ network, emuplat, host }: LoadedVm): readonly NicRecord[] {
  return host.deviceSet.nics.flatMap(({ pciId, macAddress }) => {
    const device = network?.devices.find(({ hardware }) => hardware.pciId === pciId);
    if (device === undefined) return [];
    const { resets, serial, established: channels, linkEvents } = device.hardware;
    const adapter = emuplat.adapters.find(({ identity }) => identity.macAddress === macAddress);
    return {
      pciId,
      resets,
      restored: device.restored,
      adapterIndex: adapter?.index ?? -1,
      serial,
      channels,
      linkEvents,
      traffic: host.recollection?.traffic.get(pciId) ?? NO_TRAFFIC,
    };
  });
}
