/**
 * The guest's turn: each time that it runs again it looks at its machine, then changes some of it,
 * and keeps in mind what it reads then. What it keeps in mind is memory of the guest and outlives
 * every restart.
 *
 * @module
 */
import { gpaStates, HOST_PCI_BRIDGE, type HostPciBridge, nvOf, TPM } from "../chipset/mod.ts";
import { wordOf } from "../machine/mod.ts";
import type { TpmSavedState } from "../openhcl_state/mod.ts";
import { perState } from "./blob.ts";
import { guestOf } from "./guest_content.ts";
import { look, lookAtClock } from "./guest_look.ts";
import { accelerate, flapLink, sendPackets } from "./guest_network.ts";
import { processorsInTurn, withMessage } from "./guest_processors.ts";
import { type Change, variableChanges } from "./guest_variables.ts";
import type { LoadedVm } from "./loaded_vm.ts";
import type { Nvram } from "./nvram.ts";
import type { Variable } from "./nvram_file.ts";
import { FILE } from "./vmgs_disk.ts";

/** Behind the host's clock: about four hours, as of a guest that keeps local time. */
function clockOffsetOf(guest: number): number {
  return -4 * 3_600_000 + (wordOf(guest, 0) % 30) * 60_000;
}

/** The first turn, which programs everything. */
export function takeFirstTurn(vm: LoadedVm): void {
  turn(vm, 0);
  vm.emuplat.clock.set(clockOffsetOf(guestOf(vm.host.vm.seed)));
  if (vm.host.vm.guestStep === "message-pending")
    vm.processors.set(withMessage(vm.processors.get()));
  accelerate(vm);
  vm.host.recollection = { turns: 1, view: look(vm), traffic: sendPackets(vm, new Map()) };
}

/** A later turn. A machine that came from elsewhere has a guest of its own, which is left alone. */
export function takeTurn(vm: LoadedVm): void {
  const { recollection } = vm.host;
  if (recollection === null) return;
  const contents = new Map(vm.changing.map((unit) => [unit.name, unit.content()]));
  vm.found = { view: look(vm), knew: recollection.view, contents, bus: vm.foundBus ?? null };
  turn(vm, recollection.turns);
  const traffic = sendPackets(vm, recollection.traffic);
  vm.host.recollection = { turns: recollection.turns + 1, view: look(vm), traffic };
}

/**
 * The last moments before the guest is stopped: it looks at its clocks, and a switch out there
 * takes the links of its adapters down and up.
 */
export function endTurn(vm: LoadedVm): void {
  const { recollection } = vm.host;
  if (recollection === null) return;
  for (const { hardware } of vm.network?.devices ?? []) flapLink(hardware);
  const view = { ...recollection.view, clock: lookAtClock(vm) };
  vm.host.recollection = { ...recollection, view };
}

function turn(vm: LoadedVm, number: number): void {
  const { seed, shortensVariable } = vm.host.vm;
  const guest = guestOf(seed);
  for (const unit of vm.chipset) unit.program(guest, number, vm.vmTime.now);
  vm.processors.set(processorsInTurn(vm.processors.get(), guest, number));
  if (vm.uefi !== null) {
    changeVariables(vm, vm.uefi.nvram, variableChanges(guest, number, shortensVariable));
  }
  persistTpm(vm);
  tryShadow(vm);
}

function changeVariables({ refused }: LoadedVm, nvram: Nvram, changes: readonly Change[]): void {
  for (const { set, remove } of changes) {
    const reason = set === undefined ? null : nvram.set(set);
    if (set !== undefined && reason !== null) refused.push(`variable ${nameOf(set)}: ${reason}`);
    if (remove !== undefined) nvram.remove(remove);
  }
}

const nameOf = perState(({ name }: Variable) =>
  String.fromCharCode(...name.filter((octet) => octet !== 0)),
);

/** What the TPM has been told to keep goes into its file at once. */
function persistTpm(vm: LoadedVm): void {
  const { chipset, vmgs } = vm;
  const tpm = chipset.find(({ name }) => name === TPM.unit);
  if (tpm === undefined || vmgs === null) return;
  const [is, was] = [nvOctets(tpm.state() as TpmSavedState), vmgs.read(FILE.tpmNvram)];
  if (was !== null && !differ(is, was)) return;
  vmgs.write(FILE.tpmNvram, is);
  if (differ(is, vmgs.read(FILE.tpmNvram))) vm.refused.push(`file ${FILE.tpmNvram}`);
}

function differ(left: Uint8Array, right: Uint8Array | null): boolean {
  return left !== right && left.some((octet, at) => octet !== right?.[at]);
}

/** Ranges of the BIOS area lead where the guest has just had the host bridge lead them. */
function tryShadow({ chipset, emuplat, refused }: LoadedVm): void {
  if (emuplat.gpaRanges === null) return;
  const bridge = chipset.find(({ name }) => name === HOST_PCI_BRIDGE.unit);
  const slot = emuplat.gpaRanges.astray(gpaStates(bridge?.state() as HostPciBridge));
  if (slot !== null) refused.push(`bios ${slot}`);
}

const nvOctets = perState((state: TpmSavedState) => nvOf(state));
