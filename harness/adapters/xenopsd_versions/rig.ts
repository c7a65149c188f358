/**
 * One VM of xenopsd on its way from release to release.
 *
 * @module
 */
import { type Disk, type VmState, XenopsError } from "../../../src/xenops_interface/mod.ts";
import { World, Xenopsd } from "../../../src/xenopsd/mod.ts";
import {
  imageWritten,
  NotUnderstoodError,
  placeOf,
  type Release,
  releaseOf,
  understood,
  written,
} from "../../../src/xenopsd_release/mod.ts";
import {
  CrashedError,
  RefusedError,
  type Rig,
  type RunningMachine,
  type SavedState,
  SaveError,
} from "../../adapter.ts";
import type { Condition } from "../../condition.ts";
import type { Hop } from "../../path.ts";
import { ask, perform } from "./asking.ts";
import { type Carried, packed, unpacked } from "./carried.ts";
import { configurationOf, disksOf, guestNamed, interfaces, VM_ID } from "./guests.ts";
import { IMPLEMENTATION, type Way } from "./space.ts";
import { configurationSeen, devicesSeen, guestSeen } from "./toolstack.ts";

const DISK: Disk = ["VDI", "sr/suspended"];
/** Octets of the guest's memory. */
const MEMORY = 4096;

export class XenopsdRig implements Rig {
  readonly #way: Way;
  readonly #guest: string;
  readonly #seed: number;
  #world = new World();
  /** The power state in which the VM was left. */
  #left = "Halted";

  constructor({ way = "", guest = "" }: Condition["settings"], seed: number) {
    this.#way = way as Way;
    this.#guest = guest;
    this.#seed = seed;
  }

  start({ release: name }: Hop): Promise<RunningMachine> {
    const release = releaseOf(name);
    const guest = guestNamed(this.#guest);
    const machine = this.#process(release);
    // A client of that time gives what its xenopsd has.
    ask(machine, "VM.add", { vm: configurationOf(guest) });
    for (const vbd of disksOf(release, guest)) ask(machine, "VBD.add", { vbd });
    for (const vif of interfaces()) ask(machine, "VIF.add", { vif });
    this.#throughDisk(release, release);
    return Promise.resolve(this.#booted(release, this.#process(release)));
  }

  /** Starts the VM, and has the guest leave its mark in its memory. */
  #booted(release: Release, machine: Xenopsd): RunningMachine {
    perform(machine, "VM.start", { id: VM_ID, paused: false });
    perform(machine, "VM.unpause", { id: VM_ID });
    const dom = this.#world.hv.dom(VM_ID);
    if (dom !== undefined) {
      const guestRam = new Uint8Array(MEMORY).map((_, at) => (at * 7 + this.#seed) & 0xff);
      this.#world.hv.set(dom, { guestRam });
    }
    this.#throughDisk(release, release);
    return this.#running(release, this.#process(release), "Halted");
  }

  restore({ release: name }: Hop, { bytes }: SavedState): Promise<RunningMachine> {
    const release = releaseOf(name);
    const carried = unpacked(bytes);
    try {
      return Promise.resolve(
        carried.files === undefined
          ? this.#moved(release, carried)
          : this.#restarted(release, carried.files),
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const left = this.#leftBehind();
      if (left !== undefined) return Promise.reject(new CrashedError(`${left}: ${error.message}`));
      return Promise.reject(new RefusedError(error.message));
    }
  }

  /** The next process on the same host finds the files of the one before. */
  #restarted(release: Release, files: NonNullable<Carried["files"]>): RunningMachine {
    const { fs } = this.#world;
    for (const [path, text] of files) fs.writeText(path, understood(release, placeOf(path), text));
    const machine = this.#process(release);
    const arrived = powerOf(machine);
    if (this.#way === "restart-suspended") {
      perform(machine, "VM.resume", { id: VM_ID, suspend_vdi: DISK });
      perform(machine, "VM.unpause", { id: VM_ID });
    }
    return this.#running(release, machine, arrived);
  }

  /** Another host gets metadata, and the disk with the image if there is one. */
  #moved(release: Release, { metadata = "", image }: Carried): RunningMachine {
    this.#world = new World();
    const machine = this.#process(release);
    ask(machine, "VM.import_metadata", { metadata: understood(release, "metadata", metadata) });
    const arrived = powerOf(machine);
    if (image === undefined) return this.#booted(release, machine);
    this.#world.hv.writeImage(DISK, image);
    perform(machine, "VM.resume", { id: VM_ID, suspend_vdi: DISK });
    perform(machine, "VM.unpause", { id: VM_ID });
    return this.#running(release, machine, arrived);
  }

  #running(release: Release, machine: Xenopsd, arrived: string): RunningMachine {
    const isAnew = this.#way === "import";
    return {
      release: release.name,
      toolstack: {
        guest: () => (isAnew ? {} : guestSeen(this.#world, release)),
        configuration: () => configurationSeen(machine),
        devices: () => devicesSeen(machine),
        arrived,
        left: this.#left,
      },
      save: () =>
        new Promise((resolve) => {
          const writer = { implementation: IMPLEMENTATION, release: release.name };
          const bytes = packed(this.#saved(release, machine));
          resolve({ writer, codec: IMPLEMENTATION, bytes });
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  #saved(release: Release, machine: Xenopsd): Carried {
    try {
      if (this.#way === "restart-suspended" || this.#way === "image") {
        perform(machine, "VM.suspend", { id: VM_ID, suspend_vdi: DISK });
      } else if (this.#way === "import") {
        perform(machine, "VM.shutdown", { id: VM_ID });
      }
    } catch (error) {
      if (!(error instanceof XenopsError)) throw error;
      throw new SaveError(error.message, powerOf(machine) === "Running");
    }
    this.#left = powerOf(machine);
    const image = this.#world.hv.images.get(DISK.join(":"));
    if (this.#way === "image" && image !== undefined) {
      return { metadata: this.#exported(release, machine), image: imageWritten(release, image) };
    }
    if (this.#way === "import") return { metadata: this.#exported(release, machine) };
    if (image !== undefined) {
      this.#world.hv.writeImage(DISK, imageWritten(release, image));
    }
    machine.crash();
    return { files: [...this.#texts(release)] };
  }

  #exported(release: Release, machine: Xenopsd): string {
    const text = ask(machine, "VM.export_metadata", { id: VM_ID });
    return written(release, "metadata", `${text}`);
  }

  *#texts(release: Release): Generator<readonly [readonly string[], string]> {
    const { fs } = this.#world;
    for (const path of fs.files()) {
      const text = fs.text(path);
      if (text !== undefined) yield [path, written(release, placeOf(path), text)];
    }
  }

  /** What the one does not have is not on the disk, and what the other does not is not read. */
  #throughDisk(writer: Release, reader: Release): void {
    for (const [path, text] of [...this.#texts(writer)]) {
      this.#world.fs.writeText(path, understood(reader, placeOf(path), text));
    }
  }

  #process({ image, extraVersion }: Release): Xenopsd {
    const { tpmUnit = "Swtpm", reader } = image;
    const release = { imageRules: reader, tpmUnit, extraVersion };
    const machine = new Xenopsd(this.#world, { seed: this.#seed, release });
    machine.runUntilIdle();
    return machine;
  }

  /** What whoever refuses must not leave: on another host, a domain or disks that are held. */
  #leftBehind(): string | undefined {
    if (this.#way === "restart") return undefined;
    const { hv } = this.#world;
    if (hv.dom(VM_ID) !== undefined) return "a domain is left behind";
    const held = [...hv.storage.values()].some((disk) => disk.attached || disk.activated);
    return held ? "disks are held for nobody" : undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function powerOf(machine: Xenopsd): string {
  const [, { power_state }] = ask(machine, "VM.stat", { id: VM_ID }) as [unknown, VmState];
  return power_state;
}

/** Errors by which a release says that it cannot take what it was given. */
function isRefusal(error: unknown): error is Error {
  return error instanceof XenopsError || error instanceof NotUnderstoodError;
}
