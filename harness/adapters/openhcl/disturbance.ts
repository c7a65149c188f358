/**
 * The disturbance of one condition: how the model is made to suffer the fault that the settings
 * name, and whether it has struck. It belongs to a rig, and goes along with its copies.
 *
 * @module
 */
import type { Host, SaveFault } from "../../../src/openhcl/mod.ts";
import type { Struck } from "../../adapter.ts";
import { type Fault, faultNamed, type Spoiling, spoilt } from "../../faults/mod.ts";
import { crashOf } from "./crash_points.ts";
import { armArrival, armNvme, disarmNvme, nvmeStruck } from "./nvme_disturbances.ts";
import { changeOf } from "./surroundings.ts";

/** Faults that are a failure inside of the first save. */
const SAVE_FAULTS: Readonly<Record<string, SaveFault>> = {
  "servicing:stuck:save": "save-stuck",
  "servicing:fail:save": "save-fail",
  "units:slow:save": "save-slow",
  "host:no-timeout:save": "save-long",
  "nvme:unsavable:save": "nvme-save-error",
  "queue:unsavable:save": "queue-save-error",
  "unit:unsavable:save": "unit-save-error",
  "unit:unknown:between": "unit-unknown",
  "unit:twice:between": "unit-duplicate",
  "unit:missing:between": "unit-missing",
  "logs:late:save": "flush-logs-timeout",
  "vmgs:unsavable:save": "vmgs-save-error",
  "pci:held:save": "pci-shutdown-error",
};

/** Longer than anything is delayed, for each of the commands that a full queue has no room for. */
const DELAY_US = 40_000_000;

/** States that another save than the last one has left. */
type OtherSave = "stale" | "foreign";

export class Disturbance {
  readonly #name: string;
  readonly #fault: Fault | undefined;
  /** Decides what is left to chance. */
  readonly #seed: number;
  /** What is handed over in place of the state that was saved last. */
  #other: Uint8Array | null = null;
  #done: "nothing" | "saved" | "restored" = "nothing";
  #over = false;

  /** `fault` is the value of the axis. */
  constructor(fault: string, seed: number) {
    this.#name = fault;
    this.#fault = faultNamed(fault);
    this.#seed = seed;
  }

  fork(): Disturbance {
    const copy = new Disturbance(this.#name, this.#seed);
    copy.#other = this.#other;
    copy.#done = this.#done;
    copy.#over = this.#over;
    return copy;
  }

  /** The state of which other save is handed over; null when it is that of the last one. */
  get otherSave(): OtherSave | null {
    if (this.#fault?.place !== "state" || this.#done !== "nothing") return null;
    const { kind } = this.#fault;
    return kind === "stale" || kind === "foreign" ? kind : null;
  }

  /** Before the first machine starts. */
  arm(host: Host): void {
    host.saveFault = SAVE_FAULTS[this.#name] ?? null;
    host.restoreStuck = this.#name === "servicing:stuck:restore";
    host.rejectsState = this.#name === "host:rejects:save";
    this.#armCrash(host, "save");
    armNvme(this.#name, "boot", host.nvme);
  }

  /** A machine is about to be saved, and if that `isLater`, the edge that is disturbed is over. */
  beforeSave(host: Host, isLater: boolean): void {
    if (isLater) this.#end(host);
    else if (this.#done === "nothing") armNvme(this.#name, "save", host.nvme);
  }

  /** A machine has been saved; `other` is what another save has left, if that is wanted. */
  afterSave(other: Uint8Array | null): void {
    if (this.#done !== "nothing") return;
    this.#done = "saved";
    this.#other = other;
  }

  /** Nobody runs, and `bytes` are about to be restored. Answers what is found in their place. */
  between(host: Host, bytes: Uint8Array): Uint8Array {
    if (this.#done === "restored") return bytes;
    this.#done = "restored";
    this.#armCrash(host, "restore");
    if (this.#name === "commands:done:restore") armArrival(host);
    changeOf(this.#name)?.(host);
    armNvme(this.#name, "restore", host.nvme);
    if (this.#fault?.place !== "state") return bytes;
    return this.#other ?? spoilt(this.#fault.kind as Spoiling, bytes, this.#seed);
  }

  /** The guest is about to go on. */
  beforeGuest({ nvme }: Host): void {
    if (this.#done !== "restored" || this.#over) return;
    if (this.#fault?.time === "save") disarmNvme(nvme);
    armNvme(this.#name, "after", nvme);
  }

  /** The guest has gone on, and has the patience to wait for what is late. */
  afterGuest({ clock }: Host): void {
    if (this.#fault?.kind === "delay" && !this.#over) clock.advance(DELAY_US);
  }

  /** What the fault has done; null without one, and as long as it waits. */
  struck(host: Host): Struck | null {
    if (this.#fault === undefined) return null;
    const { time, meaning: words, fair, lasting } = this.#fault;
    const { strikes, saveFault, restoreStuck, rejectsState, nvme } = host;
    const waits = strikes.length > 0 || saveFault !== null || restoreStuck || rejectsState;
    const early = time !== "save" && this.#done !== "restored";
    if (waits || early || !nvmeStruck(this.#name, nvme)) return null;
    return { words, ends: fair.guest !== "nothing" || lasting === true };
  }

  /** What has not struck by now does not strike any more. */
  #end(host: Host): void {
    this.#over = true;
    host.strikes.length = 0;
    disarmNvme(host.nvme);
    host.saveFault = null;
    host.restoreStuck = false;
  }

  #armCrash(host: Host, time: Fault["time"]): void {
    const crash = this.#fault?.time === time ? crashOf(this.#fault) : null;
    if (crash !== null) host.strikes.push(crash);
  }
}
