/**
 * An NVMe controller as whoever drives it sees it: registers, and the memory that both share. Real
 * ones and the model's are driven by the same host.
 *
 * @module
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { VirtualClock } from "../../../src/machine/mod.ts";
import { PhysicalMemory } from "../../../src/memory/mod.ts";
import { NvmeController } from "../../../src/nvme/mod.ts";
import { Emulator } from "./emulator.ts";
import { MachineFiles } from "./files.ts";
import type { Program } from "./installation.ts";
import { Qtest, qtestArguments } from "./qtest.ts";
import { mapFirstBar, pciFunctions } from "./qtest_pci.ts";
import { scratchFolder } from "./scratch.ts";

export interface NvmePort extends AsyncDisposable {
  readRegister(offset: number): Promise<number>;
  writeRegister(offset: number, value: number): Promise<void>;
  readMemory(address: number, size: number): Promise<Uint8Array>;
  writeMemory(address: number, octets: Uint8Array): Promise<void>;
  /** Lets the controller get on with its work for a moment. */
  pause(): Promise<void>;
}

/** Blocks of 512 octets that the namespace has. */
export const BLOCKS = 2048;
/** Pages that the host may use, from this one on. */
const FIRST_PFN = 16;
const PAGES = 512;
/** Mass storage, non-volatile memory, NVM Express. */
const CLASS = 0x01_08_02;

/** The model's controller. */
export function modelPort(): NvmePort {
  const clock = new VirtualClock();
  const memory = new PhysicalMemory();
  const namespaces = [{ nsid: 1, blocks: BigInt(BLOCKS) }];
  const controller = new NvmeController({ pciId: "a", namespaces, clock, memory });
  memory.lend(BigInt(FIRST_PFN), PAGES, "nvme_a", true);
  return {
    readRegister: (offset) => Promise.resolve(controller.readRegister(offset, 4)),
    writeRegister: (offset, value) => {
      controller.writeRegister(offset, 4, value);
      return Promise.resolve();
    },
    readMemory: (address, size) => Promise.resolve(memory.content.read(address, size)),
    writeMemory: (address, octets) => {
      memory.content.write(address, octets);
      return Promise.resolve();
    },
    pause: () => {
      clock.advanceUntil(() => false);
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** QEMU's controller, in a machine whose processor halts at once. */
export async function qemuPort(program: Program): Promise<NvmePort> {
  const stack = new AsyncDisposableStack();
  try {
    const files = stack.use(new MachineFiles());
    const folder = scratchFolder("qtest");
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const qtest = stack.use(await Qtest.listen(join(folder, "socket")));
    const args = [
      ...["-machine", "pc-i440fx-5.2", "-m", "8", "-bios", "{rom}"],
      "-blockdev",
      "driver=raw,node-name=d0,file.driver=file,file.filename={disk},file.locking=off",
      ...["-device", "nvme,drive=d0,serial=FT0001,addr=4"],
    ];
    stack.use(
      await Emulator.start(program, [
        ...files.named(args),
        ...qtestArguments(join(folder, "socket")),
      ]),
    );
    const found = (await pciFunctions(qtest)).find((each) => each.class === CLASS);
    if (found === undefined) throw new Error("the machine has no NVMe controller");
    const { address: bar } = await mapFirstBar(qtest, found.slot);
    const owned = stack.move();
    return {
      readRegister: (offset) => qtest.readl(bar + offset),
      writeRegister: (offset, value) => qtest.writel(bar + offset, value),
      readMemory: (address, size) => qtest.read(address, size),
      writeMemory: (address, octets) => qtest.write(address, octets),
      // Work is done in QEMU's main loop, which also answers.
      pause: async () => void (await qtest.readl(bar)),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } finally {
    await stack.disposeAsync();
  }
}
