/**
 * Cases of suspend images: what is in them, and what happens to one that is damaged.
 *
 * Source: xen-api, ocaml/xenopsd/lib/suspend_image.ml; ocaml/xenopsd/test/test.ml, for the record
 * of 2021.
 *
 * @module
 */
import type { XenopsImages } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import {
  type Part,
  readImage,
  type Unit,
  writeImage,
  writeLegacyImage,
} from "../../src/suspend_image/mod.ts";
import type { Vm } from "../../src/xenops_interface/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, same, text } from "./client.ts";
import { PV, UEFI } from "./fixtures.ts";
import { demandHalted, demandWhole } from "./whole.ts";

const PATH = "/image";
const SUSPEND = { id: "vm", suspend_vdi: ["Local", PATH] };
const MIB = 2 ** 20;

export const IMAGES: Checks = {
  M01: withClient(async (client) => {
    await client.running("vm", "all");
    const before = imagesOf(client).witness("vm");
    check(before !== undefined && before.length > 0, "the guest has nothing in its memory");
    await client.completes("VM.suspend", SUSPEND);
    await client.demandPower("vm", "Suspended");
    await client.completes("VM.resume", SUSPEND);
    await demandWhole(client, "vm");
    same(imagesOf(client).witness("vm"), before, "the memory of the guest");
  }),

  M02: withClient(async (client) => {
    await suspended(client);
    await client.target.restart?.();
    await client.target.settle();
    await client.demandPower("vm", "Suspended");
    await client.completes("VM.resume", SUSPEND);
    await demandWhole(client, "vm");
  }),

  M03: async (bench) => {
    const head = ["Xenops", "Libxc"];
    const kinds: readonly (readonly [Partial<Vm>, readonly string[]])[] = [
      [{}, [...head, "Qemu_trad", "End_of_image"]],
      [{ ty: UEFI }, [...head, "Varstored", "Swtpm", "Qemu_trad", "End_of_image"]],
      [{ ty: PV }, [...head, "End_of_image"]],
    ];
    for (const [changes, wanted] of kinds) {
      await withClient(async (client) => {
        await suspended(client, changes);
        const octets = imageOf(client);
        const signature = String.fromCharCode(...octets.subarray(0, 15));
        same(signature, "XenSavedDomv2-\n", "the signature");
        same(
          readImage(octets).units.map(({ name }) => name),
          wanted,
          "the units",
        );
      })(bench);
    }
  },

  M04: withClient(async (client) => {
    await suspended(client);
    const octets = imageOf(client);
    const { units } = readImage(octets);
    const cuts = units.flatMap((unit) => [unit.offset, unit.offset + 8, halfOf(unit)]);
    for (const cut of [0, 7, ...new Set(cuts)].filter((at) => at < octets.length)) {
      await refuses(client, octets.subarray(0, cut), `that ends at ${cut}`);
    }
    imagesOf(client).write(PATH, octets);
    await client.completes("VM.resume", SUSPEND);
  }),

  M05: withClient(async (client) => {
    await suspended(client);
    const parts = partsOf(client);
    const unknown = writeImage(parts);
    unknown.set([0x34, 0x12], readImage(unknown).units[1]?.offset ?? 0);
    await refuses(client, unknown, "with a unit of type 0x1234");
    for (const name of ["Libxl", "Qemu_xen"] as const) {
      const more = writeImage([...parts, { name, record: new Uint8Array(8) }]);
      await refuses(client, more, `with a unit ${name}`);
    }
    const signed = writeImage(parts);
    signed[3] = "x".charCodeAt(0);
    await refuses(client, signed, "with another signature");
  }),

  M06: withClient(async (client) => {
    await suspended(client);
    const parts = partsOf(client).filter(({ name }) => name !== "Libxc");
    await refuses(client, writeImage(parts), "without Libxc");
  }),

  M07: withClient(async (client) => {
    await suspended(client);
    const parts = partsOf(client);
    await refuses(client, writeImage(qemuOf(parts, MIB + 1)), "with 1 MiB + 1 of QEMU");
    imagesOf(client).write(PATH, writeImage(qemuOf(parts, MIB)));
    await client.completes("VM.resume", SUSPEND);
  }),

  M08: withClient(async (client) => {
    await suspended(client);
    const parts = partsOf(client);
    const short = "((time 20210219T10:07:44Z)(word_size 64))";
    await refuses(client, recordOf(parts, `${short.slice(0, -1)}(future 1))`), "of the future");
    const golden = short.replace(/\)$/, `(vm_str ${JSON.stringify(VM_2021)}))`);
    for (const record of [golden, golden.replace(/\(on_softreboot [^)]*\)\)/, ""), short]) {
      imagesOf(client).write(PATH, recordOf(parts, record));
      await client.completes("VM.resume", SUSPEND);
      await client.completes("VM.suspend", SUSPEND);
    }
  }),

  M09: withClient(async (client) => {
    await suspended(client, { ty: UEFI });
    const parts = partsOf(client);
    const tpm = parts.find(({ name }) => name === "Swtpm")?.record;
    check(tpm !== undefined, "there is no TPM in the image");
    const raw = Uint8Array.from(atob(String.fromCharCode(...tpm)), (c) => c.charCodeAt(0));
    const older = parts.map((part): Part => {
      return part.name === "Swtpm" ? { name: "Swtpm0", record: raw } : part;
    });
    imagesOf(client).write(PATH, writeImage(older));
    await client.completes("VM.resume", SUSPEND);
    await client.completes("VM.suspend", SUSPEND);
    const again = partsOf(client).find(({ name }) => name === "Swtpm")?.record;
    same([...(again ?? [])], [...tpm], "the TPM");
  }),

  M10: withClient(async (client) => {
    await suspended(client);
    const units = partsOf(client);
    const recordNamed = (wanted: string) => {
      return units.find(({ name }) => name === wanted)?.record ?? new Uint8Array();
    };
    const legacy = writeLegacyImage(recordNamed("Libxc"), recordNamed("Qemu_trad"));
    const swapped = legacy.slice();
    const at = legacy.length - recordNamed("Qemu_trad").length - 4;
    swapped.subarray(at, at + 4).reverse();
    await refuses(client, swapped, "with a length that is little-endian");
    imagesOf(client).write(PATH, legacy);
    await client.completes("VM.resume", SUSPEND);
  }),
};

/** The machine in the record of 2021, as far as anybody looks at it. */
const VM_2021 = "((id vm)(name windows)(on_softreboot (Softreboot))(pci_msitranslate true))";

function imagesOf({ target }: Client): XenopsImages {
  return target.images as XenopsImages;
}

function imageOf(client: Client): Uint8Array {
  const octets = imagesOf(client).read(PATH);
  check(octets !== undefined, "there is no image");
  return octets.slice();
}

function partsOf(client: Client): readonly Part[] {
  const { units } = readImage(imageOf(client));
  return units.filter(({ name }) => name !== "End_of_image");
}

function halfOf({ offset, record }: Unit): number {
  return offset + 16 + (record.length >> 1);
}

async function suspended(client: Client, changes: Partial<Vm> = {}): Promise<void> {
  await client.addFull("vm", changes);
  await client.start("vm");
  await client.completes("VM.unpause", { id: "vm" });
  await client.completes("VM.suspend", SUSPEND);
}

/** A resume fails, and the VM is as it was before, or Halted. */
async function refuses(client: Client, image: Uint8Array, what: string): Promise<void> {
  imagesOf(client).write(PATH, image);
  const extra = client.target.files?.read(["extra", "vm"]);
  const { state } = await client.run("VM.resume", SUSPEND);
  check(state[0] === "Failed", `a resume from an image ${what} ended ${text(state)}`);
  const power = await client.power("vm");
  check(power === "Halted" || power === "Suspended", `it is ${power} after an image ${what}`);
  if (power === "Halted") await demandHalted(client, "vm");
  if (extra !== undefined) client.target.files?.write(["extra", "vm"], extra);
}

function qemuOf(parts: readonly Part[], length: number): readonly Part[] {
  const record = new Uint8Array(length);
  return parts.map((part) => (part.name === "Qemu_trad" ? { name: part.name, record } : part));
}

function recordOf(parts: readonly Part[], record: string): Uint8Array {
  const octets = Uint8Array.from(record, (character) => character.charCodeAt(0));
  return writeImage(parts.map((it) => (it.name === "Xenops" ? { ...it, record: octets } : it)));
}
