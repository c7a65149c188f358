/**
 * The guest on its network: it uses the accelerated function, and sends packets that the wire
 * echoes.
 *
 * @module
 */
import type { Traffic } from "./guest_view.ts";
import type { LoadedVm } from "./loaded_vm.ts";
import type { ManaHardware } from "./mana_hardware.ts";
import type { NetworkAdapter } from "./network_adapter.ts";

/** Packets that a guest sends in a turn, by each adapter. */
const PACKETS = 3;

/** The guest switches every data path to its own function. */
export function accelerate(vm: LoadedVm): void {
  for (const device of vm.network?.devices ?? []) {
    const adapter = adapterOf(vm, device.hardware);
    if (adapter !== undefined) device.switchDataPath(adapter, true);
  }
}

/** The guest sends packets by the function that it uses, and hears of its links. */
export function sendPackets(
  vm: LoadedVm,
  before: ReadonlyMap<string, Traffic>,
): ReadonlyMap<string, Traffic> {
  const traffic = new Map(before);
  for (const { hardware, channel } of vm.network?.devices ?? []) {
    const { sent, echoed, linkChanges } = before.get(hardware.pciId) ?? NONE;
    const came = hardware.pass(true) === "echoed" ? PACKETS : 0;
    traffic.set(hardware.pciId, {
      sent: sent + PACKETS,
      echoed: echoed + came,
      linkChanges: linkChanges + channel.takeLinkToggles().length,
    });
  }
  return traffic;
}

const NONE: Traffic = { sent: 0, echoed: 0, linkChanges: 0 };

/** The link goes down and up again. */
export function flapLink(hardware: ManaHardware): void {
  hardware.post({ kind: "link", up: false });
  hardware.post({ kind: "link", up: true });
}

function adapterOf({ emuplat, host }: LoadedVm, { pciId }: ManaHardware) {
  const mac = host.deviceSet.nics.find((nic) => nic.pciId === pciId)?.macAddress;
  return emuplat.adapters.find(({ identity }: NetworkAdapter) => identity.macAddress === mac);
}
