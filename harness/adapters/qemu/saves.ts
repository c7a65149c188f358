/**
 * First saves, each made once for all readers: what a release sends of a machine that was started
 * deterministically is the same every time.
 *
 * @module
 */
import { readStream } from "../../../src/qemu_stream/mod.ts";
import type { Timer, Took } from "../../adapter.ts";
import type { AddedDevices } from "../../facets/migration.ts";
import { addedDevices } from "./added.ts";
import { CaptureError, capture } from "./capture.ts";
import type { Emulator } from "./emulator.ts";
import { MachineFiles } from "./files.ts";
import { begin } from "./load.ts";
import { lossOf } from "./loss.ts";
import type { Plan } from "./machine_plan.ts";
import { type Answer, MonitorError, MonitorLost } from "./monitor.ts";
import { untimed } from "./untimed.ts";
import { classified } from "./words.ts";

/** A machine as it was before its first save, and what came of that. */
export interface FirstSave {
  /** As its greeting says. */
  readonly version: string;
  readonly build: string;
  /** What it was at before the save; and after a refusal. */
  readonly before: string;
  readonly status: string;
  readonly added: AddedDevices;
  /** The stream, or in words why there is none. */
  readonly outcome: Uint8Array | string;
  /** The save alone. */
  readonly took: Took | undefined;
}

/** Saves that are kept: plans put the readers of one one behind the other. */
const KEPT_MAX = 24;

export class Saves {
  #timer = untimed;
  readonly #kept = new Map<string, Promise<FirstSave>>();
  readonly #bare = new Map<string, Promise<readonly string[]>>();

  /** The first save of `plan`; throws as `Rig.start` does when the machine does not come up. */
  of(plan: Plan): Promise<FirstSave> {
    const known = plan.mode.unique === true ? undefined : this.#kept.get(plan.key);
    if (known !== undefined) return known;
    const made = this.#make(plan);
    this.#kept.delete(plan.key);
    this.#kept.set(plan.key, made);
    const [oldest = ""] = this.#kept.keys();
    if (this.#kept.size > KEPT_MAX) this.#kept.delete(oldest);
    return made;
  }

  /** Has the first save of `plan` made by the time that somebody asks for it. */
  prepare(plan: Plan): void {
    if (plan.mode.unique === true) return;
    // Whoever asks hears of it.
    this.of(plan).catch(() => {});
  }

  /** The stream of one more machine of `plan`, when `stream` is the one that is shared. */
  async control(plan: Plan, stream: Uint8Array): Promise<Uint8Array | undefined> {
    const first = await this.#kept.get(plan.key);
    if (first?.outcome !== stream) return undefined;
    const { outcome } = await this.#make(plan);
    return typeof outcome === "string" ? undefined : outcome;
  }

  timeWith(timer: Timer): void {
    this.#timer = timer;
  }

  /** The next machine of each plan is a new one. */
  forget(): void {
    this.#kept.clear();
  }

  async #make(plan: Plan): Promise<FirstSave> {
    using files = new MachineFiles();
    await using emulator = await begin(plan.program, files.named(plan.bootArgs(files)));
    try {
      return await this.#saved(plan, emulator);
    } catch (error) {
      throw error instanceof MonitorLost ? await lossOf(emulator, error) : error;
    }
  }

  async #saved(plan: Plan, emulator: Emulator): Promise<FirstSave> {
    await plan.mode.ready?.(emulator);
    const devices = await addedDevices(emulator.monitor);
    const before = await statusOf(emulator);
    const { answer: outcome, took } = await this.#timer(() => savedOf(emulator));
    const { version, package: name } = emulator;
    const build = `QEMU ${version}${name === "" ? "" : ` (${name})`}`;
    const bare = await this.#bareOf(plan);
    // After a save it has left; after a refusal it should be where it was.
    const status = typeof outcome === "string" ? await statusOf(emulator) : before;
    return { version, build, before, status, added: { devices, bare }, outcome, took };
  }

  /** Names of sections of the machine without its devices. */
  #bareOf(plan: Plan): Promise<readonly string[]> {
    const { bare } = plan;
    if (bare === undefined) return Promise.resolve([]);
    let known = this.#bare.get(bare.key);
    if (known === undefined) {
      known = this.#make(bare).then(({ outcome }) =>
        typeof outcome === "string" ? [] : sectionsOf(outcome),
      );
      this.#bare.set(bare.key, known);
    }
    return known;
  }
}

/** What a machine is at. */
export async function statusOf({ monitor }: Emulator): Promise<string> {
  return String(((await monitor.execute("query-status")) as Answer).status);
}

/** The stream of a machine, or why there is none; throws when it dies or hangs over that. */
export async function savedOf(emulator: Emulator): Promise<Uint8Array | string> {
  try {
    return await capture(emulator);
  } catch (error) {
    if (error instanceof MonitorError || error instanceof CaptureError) {
      return classified(error.message);
    }
    throw error instanceof MonitorLost ? await lossOf(emulator, error) : error;
  }
}

function sectionsOf(stream: Uint8Array): readonly string[] {
  const { parts } = readStream(stream);
  return parts.flatMap((part) => (part.kind === "section" ? [part.idstr] : []));
}
