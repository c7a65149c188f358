/**
 * Worlds in which operations begin, each made once.
 *
 * @module
 */
import { type Quirk, World } from "../xenopsd/mod.ts";
import { Driver } from "./driver.ts";
import type { Start, Tried } from "./operations_table.ts";
import { sampleVusb } from "./sample_vm.ts";

const VM = { id: "vm" };
const START = ["VM.start", { ...VM, paused: false }] as const;
const UNPAUSE = ["VM.unpause", VM] as const;

/** What is done with a VM that was added. */
const STEPS: Readonly<Record<Start, readonly (readonly [string, object])[]>> = {
  halted: [],
  created: [["VM.create", VM]],
  built: [
    ["VM.create", VM],
    ["VM.build", { ...VM, force: false }],
  ],
  paused: [START],
  running: [START, UNPAUSE],
  unplugged: [
    START,
    UNPAUSE,
    ["VBD.unplug", { id: ["vm", "xvda"], force: true }],
    ["VIF.unplug", { id: ["vm", "0"], force: true }],
    ["VUSB.unplug", { id: ["vm", "vusb0"] }],
  ],
  suspended: [START, UNPAUSE, ["VM.suspend", { ...VM, suspend_vdi: ["Local", "/image"] }]],
};

export class Beginnings {
  readonly #worlds = new Map<Start, World>();
  readonly #quirks: ReadonlySet<Quirk>;
  #metadata: unknown;

  constructor(quirks: ReadonlySet<Quirk>) {
    this.#quirks = quirks;
  }

  /** A world of its own in which the operation can begin. */
  worldOf({ start }: Tried): World {
    return this.#made(start).fork();
  }

  /** Metadata are those of the VM itself. */
  paramsOf({ method, params }: Tried): object {
    if (method !== "VM.import_metadata_async") return params;
    const driver = new Driver(this.#made("running").fork(), { quirks: this.#quirks });
    this.#metadata ??= driver.ask("VM.export_metadata", VM);
    return { metadata: this.#metadata };
  }

  #made(start: Start): World {
    const made = this.#worlds.get(start);
    if (made !== undefined) return made;
    const world = new World();
    const driver = new Driver(world, { quirks: this.#quirks });
    driver.add("vm");
    driver.ask("VUSB.add", { vusb: sampleVusb("vm") });
    driver.run(...STEPS[start]);
    driver.machine.crash();
    this.#worlds.set(start, world);
    return world;
  }
}
