/**
 * One run of OpenHCL under one release, from its boot to the save that ends it. What it shows is
 * read from the live VM at the moment of the call.
 *
 * Source: microsoft/openvmm, openhcl/underhill_core.
 *
 * @module
 */
import { ChainError, type InspectNode, type LogLine, type Span } from "../machine/mod.ts";
import type { PoolRecord, StrayWrite } from "../memory/mod.ts";
import type { ControllerRecord } from "../nvme_driver/mod.ts";
import { bootVm } from "./boot.ts";
import { comeToPoint } from "./disk_steps.ts";
import type { ChannelRecord } from "./guest_bus.ts";
import { guestChannels } from "./guest_channels.ts";
import { endGuest, type GuestEnding } from "./guest_ending.ts";
import { look } from "./guest_look.ts";
import { type GuestRecord, guestRecord } from "./guest_record.ts";
import { leaveStep } from "./guest_stage.ts";
import { endTurn, takeTurn } from "./guest_turn.ts";
import type { GuestView } from "./guest_view.ts";
import { goOnWorking } from "./guest_workload.ts";
import type { EarlyProcessors, HopInputs, Host } from "./host.ts";
import { inspectVm } from "./inspect_vm.ts";
import { asStr } from "./keepalive.ts";
import type { Found, LoadedVm, Servicing } from "./loaded_vm.ts";
import { type NicRecord, nicRecords } from "./nic_record.ts";
import type { Release } from "./release.ts";
import { restoreVm } from "./servicing_restore.ts";
import { type GuestSaveRequest, handleServicingRequest, saveToLookAt } from "./servicing_save.ts";
import { readSettings } from "./settings.ts";
import type { Contents } from "./state_units.ts";
import { Views } from "./views.ts";

export class Openhcl {
  readonly release: Release;
  readonly #vm: LoadedVm;
  /** `ended` once it waits for its restart, or once its process has died. */
  #state: "alive" | "ended" = "alive";
  readonly #views = new Views();

  constructor(release: Release, vm: LoadedVm) {
    this.release = release;
    this.#vm = vm;
  }

  /**
   * Saves the VM. A refusal (`ChainError`) leaves it alive; a panic, a hang or success ends it.
   */
  save(request: GuestSaveRequest): Uint8Array {
    this.#touch();
    const vm = this.#vm;
    comeToPoint(vm);
    endTurn(vm);
    try {
      const bytes = handleServicingRequest(this.release, vm, request);
      this.#state = "ended";
      return bytes;
    } catch (error) {
      if (!(error instanceof ChainError)) this.#state = "ended";
      throw error;
    }
  }

  /**
   * Saves the VM for somebody who only wants to look: nothing is shut down, and no device is kept.
   * A VM that ran runs on, but without its VMBus client.
   */
  snapshot(): Uint8Array {
    this.#touch();
    return saveToLookAt(this.release, this.#vm);
  }

  /** Stops the VM, as an operator does through the diagnostics service. */
  pause(): void {
    this.#touch();
    if (this.#vm.units.running) this.#vm.units.stop();
  }

  /** Writes `disabled` to `vm/nvme_keepalive_mode`; `inspect` takes every other text, too. */
  disableNvmeKeepalive(): void {
    this.#touch();
    this.#vm.keepalive = { ...this.#vm.keepalive, nvme: "Disabled" };
  }

  get running(): boolean {
    return this.#state === "alive" && this.#vm.units.running;
  }

  /** What the guest has seen so far. */
  get guest(): GuestRecord {
    return guestRecord(this.#vm);
  }

  /** Phases of the last servicing, from the stop of the guest to its first request answered. */
  blackout(): Host["blackout"]["phases"] {
    return this.#vm.host.blackout.phases;
  }

  /** Processors that the boot shim was told to bring up first; null when nobody has told it. */
  get earlyProcessors(): EarlyProcessors | null {
    return this.#vm.host.earlyProcessors;
  }

  get commandLine(): string {
    return this.#vm.commandLine;
  }

  /** The servicing that this run came from; null after a fresh boot. */
  get servicing(): Servicing | null {
    return this.#vm.servicing;
  }

  keepaliveMode(deviceClass: "nvme" | "mana"): string {
    return asStr(this.#vm.keepalive[deviceClass]);
  }

  log(): readonly LogLine[] {
    return this.#vm.env.log.lines();
  }

  spans(): readonly Span[] {
    return this.#vm.env.tracer.spans();
  }

  inspect(): InspectNode {
    return this.#views.of("inspect", () => inspectVm(this.release, this.#vm, this.settings()));
  }

  vmgsSource(): "saved" | "disk" | "none" {
    return this.#vm.vmgs?.source ?? "none";
  }

  /** How the open VMGS differs from the file, in words; null when it does not, or is not open. */
  vmgsDisagreement(): string | null {
    return this.#vm.vmgs?.disagreement() ?? null;
  }

  settings(): ReadonlyMap<string, string> {
    return this.#views.of("settings", () => readSettings(this.#vm, this.release.settings));
  }

  pools(): readonly PoolRecord[] {
    return this.#vm.dma?.pools() ?? [];
  }

  /** What devices wrote to pages of others since power-on, oldest first. */
  strayWrites(): readonly StrayWrite[] {
    return this.#vm.host.memory.owners.strayWrites;
  }

  /** Controllers with their drivers; those without a driver show what the hardware knows. */
  nvme(): readonly ControllerRecord[] {
    return this.#views.of("nvme", () => this.#vm.nvme?.controllers() ?? []);
  }

  /** The NICs that have a driver. */
  nics(): readonly NicRecord[] {
    return nicRecords(this.#vm);
  }

  /** Guest-visible content of each unit; null where there is none. */
  contents(): Contents {
    return this.#views.of("contents", () => this.#vm.units.contents());
  }

  /** The same as the guest found it after a servicing, before its turn. */
  foundContents(): Contents {
    const { found } = this.#vm;
    if (found === null) return this.contents();
    return this.#views.of("found", () => new Map([...this.contents(), ...found.contents]));
  }

  /** What the guest knew when it was stopped, and found when it ran again. */
  get found(): Found | null {
    return this.#vm.found;
  }

  /** What the guest would read now, or found before its turn. */
  seen(): GuestView {
    return this.found?.view ?? look(this.#vm);
  }

  /** What the guest was refused in its turn, in words. */
  get refused(): readonly string[] {
    return this.#vm.refused;
  }

  channels(): readonly ChannelRecord[] {
    return this.#views.of("channels", () => guestChannels(this.#vm));
  }

  /**
   * After a restore, the guest gets what it has waited for, and goes on with its work. One that
   * leaves drops what it was at on its bus first.
   */
  goOn(ending: GuestEnding = "goes-on"): void {
    this.#touch();
    try {
      this.#vm.refused.push(...leaveStep(this.#vm, ending === "leaves"));
      goOnWorking(this.#vm);
      takeTurn(this.#vm);
    } catch (error) {
      this.#state = "ended";
      throw error;
    }
  }

  /**
   * Has the guest go on with what it was at, to a bus that it has taken leave of. Answers what it
   * could not reach, and what it has to complain of.
   */
  endGuest(ending: GuestEnding = "goes-on"): readonly string[] {
    this.#touch();
    return endGuest(this.#vm, ending);
  }

  pendingMessages(): readonly Uint8Array[] {
    return this.#vm.vmbusServer.pendingMessages;
  }

  /** False while a VMBus client is there and stopped. */
  get listening(): boolean {
    return this.#vm.vmbusClient?.running ?? true;
  }

  /** Something is done to the VM, which must be alive. */
  #touch(): void {
    this.#views.forget();
    if (this.#state === "alive") return;
    throw new TypeError("Cannot use OpenHCL as it must be alive: current value is ended");
  }
}

/** Boots `release` on `host` without saved state. */
export function boot(release: Release, host: Host, inputs: HopInputs): Openhcl {
  return new Openhcl(release, bootVm(release, host, inputs));
}

/** Boots `release` on `host` with the state in `bytes`. */
export function restore(
  release: Release,
  host: Host,
  inputs: HopInputs,
  bytes: Uint8Array,
): Openhcl {
  return new Openhcl(release, restoreVm(release, host, inputs, bytes));
}
