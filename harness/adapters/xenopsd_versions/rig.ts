/**
 * One VM of xenopsd on its way from release to release.
 *
 * @module
 */
import { type Disk, XenopsError } from "../../../src/xenops_interface/mod.ts";
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
import { ask, finish, migrationTo, perform } from "./asking.ts";
import { type Carried, packed, unpacked } from "./carried.ts";
import { configurationOf, disksOf, guestNamed, interfaces, VM_ID } from "./guests.ts";
import { leftBehind, textsOf, throughDisk } from "./host.ts";
import { ReleaseNetwork } from "./release_network.ts";
import { IMPLEMENTATION, type Way } from "./space.ts";
import {
  configurationSeen,
  devicesSeen,
  guestSeen,
  platformDeviceBy,
  powerOf,
} from "./toolstack.ts";

interface Source {
  readonly release: Release;
  readonly machine: Xenopsd;
}

const DISK: Disk = ["VDI", "sr/suspended"];
/** Octets of the guest's memory. */
const MEMORY = 4096;

export class XenopsdRig implements Rig {
  readonly #way: Way;
  readonly #guest: string;
  readonly #seed: number;
  readonly #network: ReleaseNetwork;
  /** Hosts that the VM has been on. */
  #hosts = 0;
  /** Who still runs the VM that is to migrate. */
  #source: Source | undefined;
  #world = new World();
  /** The platform device that the domain was made with. */
  #device = "";
  /** The power state in which the VM was left. */
  #left = "Halted";

  constructor({ way = "", guest = "" }: Condition["settings"], seed: number) {
    this.#way = way as Way;
    this.#guest = guest;
    this.#seed = seed;
    this.#network = new ReleaseNetwork(seed);
  }

  start({ release: name }: Hop): Promise<RunningMachine> {
    const release = releaseOf(name);
    const guest = guestNamed(this.#guest);
    const machine = this.#process(release);
    // A client of that time gives what its xenopsd has.
    ask(machine, "VM.add", { vm: configurationOf(guest) });
    for (const vbd of disksOf(release, guest)) ask(machine, "VBD.add", { vbd });
    for (const vif of interfaces()) ask(machine, "VIF.add", { vif });
    throughDisk(this.#world, release);
    return Promise.resolve(this.#booted(release, this.#process(release)));
  }

  /** Starts the VM, and has the guest leave its mark in its memory. */
  #booted(release: Release, machine: Xenopsd): RunningMachine {
    perform(machine, "VM.start", { id: VM_ID, paused: false });
    this.#device = platformDeviceBy(release, this.#world);
    perform(machine, "VM.unpause", { id: VM_ID });
    const dom = this.#world.hv.dom(VM_ID);
    if (dom !== undefined) {
      const guestRam = new Uint8Array(MEMORY).map((_, at) => (at * 7 + this.#seed) & 0xff);
      this.#world.hv.set(dom, { guestRam });
    }
    throughDisk(this.#world, release);
    return this.#running(release, this.#process(release), "Halted");
  }

  restore({ release: name }: Hop, { bytes }: SavedState): Promise<RunningMachine> {
    const release = releaseOf(name);
    const carried = unpacked(bytes);
    try {
      return Promise.resolve(
        this.#source !== undefined
          ? this.#migrated(release, this.#source)
          : carried.files === undefined
            ? this.#moved(release, carried)
            : this.#restarted(release, carried.files),
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const left = this.#way === "restart" ? undefined : leftBehind(this.#world);
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
      this.#resume(release, machine);
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
    this.#resume(release, machine);
    return this.#running(release, machine, arrived);
  }

  /** Another host gets the VM while it runs; who refuses it leaves it where it is. */
  #migrated(release: Release, source: Source): RunningMachine {
    this.#source = undefined;
    const before = this.#world;
    this.#world = new World();
    const machine = this.#process(release);
    const url = this.#network.announce(this.#urlOf(this.#hosts), source.release, release);
    const task = ask(source.machine, "VM.migrate", migrationTo(url));
    this.#network.runUntilIdle();
    try {
      finish(source.machine, task);
    } catch (error) {
      const dom = before.hv.dom(VM_ID);
      const isAlive = dom !== undefined && dom.shutdown === undefined;
      if (isAlive || !(error instanceof XenopsError)) throw error;
      throw new CrashedError(`the VM runs nowhere any more: ${error.message}`);
    }
    const [id] = this.#world.fs.ls(["VM"]);
    if (id === undefined) throw new CrashedError("the VM runs nowhere any more: nobody says why");
    if (id !== VM_ID) throw new CrashedError(`the VM goes by another id: ${id}`);
    this.#device = platformDeviceBy(release, this.#world);
    return this.#running(release, machine, powerOf(machine));
  }

  #resume(release: Release, machine: Xenopsd): void {
    perform(machine, "VM.resume", { id: VM_ID, suspend_vdi: DISK });
    this.#device = platformDeviceBy(release, this.#world);
    perform(machine, "VM.unpause", { id: VM_ID });
  }

  #running(release: Release, machine: Xenopsd, arrived: string): RunningMachine {
    const isAnew = this.#way === "import";
    return {
      release: release.name,
      toolstack: {
        guest: () => (isAnew ? {} : guestSeen(this.#world, this.#device)),
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
    if (this.#way === "migrate") {
      this.#source = { release, machine };
      return { metadata: this.#exported(release, machine) };
    }
    const image = this.#world.hv.images.get(DISK.join(":"));
    if (this.#way === "image" && image !== undefined) {
      return { metadata: this.#exported(release, machine), image: imageWritten(release, image) };
    }
    if (this.#way === "import") return { metadata: this.#exported(release, machine) };
    if (image !== undefined) {
      this.#world.hv.writeImage(DISK, imageWritten(release, image));
    }
    machine.crash();
    return { files: textsOf(this.#world, release) };
  }

  #exported(release: Release, machine: Xenopsd): string {
    const text = ask(machine, "VM.export_metadata", { id: VM_ID });
    return written(release, "metadata", `${text}`);
  }

  #process({ image, extraVersion, withoutCookies }: Release): Xenopsd {
    const { tpmUnit = "Swtpm", reader } = image;
    const release = { imageRules: reader, tpmUnit, extraVersion, withoutCookies };
    const url = this.#urlOf(++this.#hosts);
    const options = { seed: this.#seed, release, network: this.#network, url };
    const machine = new Xenopsd(this.#world, options);
    machine.runUntilIdle();
    return machine;
  }

  #urlOf(host: number): string {
    return `http://host-${host}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** Errors by which a release says that it cannot take what it was given. */
function isRefusal(error: unknown): error is Error {
  return error instanceof XenopsError || error instanceof NotUnderstoodError;
}
