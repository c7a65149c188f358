/**
 * What of a guest is in a suspend image, for whoever has it all at once: written in the order of
 * xenopsd, and found again whatever the order was.
 *
 * @module
 */
import type { Image, Unit } from "./image.ts";
import { memoryOf, writeLibxcStream } from "./libxc_memory.ts";
import { tpmRecord, tpmStateOf } from "./tpm_state.ts";
import { type Part, writeImage } from "./writer.ts";
import { writeXenopsRecord, type XenopsRecord } from "./xenops_record.ts";

export interface Contents {
  readonly record: XenopsRecord;
  readonly isHvm: boolean;
  /** Whole pages come back. */
  readonly memory: Uint8Array;
  /** Of guests with UEFI. */
  readonly nvram?: Uint8Array;
  readonly tpm?: Uint8Array;
  /** Of HVM guests. */
  readonly qemu?: Uint8Array;
}

/** The image of a writer that has the state of a TPM in a unit of this name. */
export function imageOf(contents: Contents, tpmUnit: "Swtpm0" | "Swtpm" = "Swtpm"): Uint8Array {
  const { record, isHvm, memory, nvram, tpm, qemu, ...rest } = contents;
  rest satisfies Record<string, never>;
  const text = writeXenopsRecord(record);
  const parts: Part[] = [
    { name: "Xenops", record: Uint8Array.from(text, (character) => character.charCodeAt(0)) },
    { name: "Libxc", record: writeLibxcStream(isHvm, memory) },
  ];
  if (nvram !== undefined) parts.push({ name: "Varstored", record: nvram });
  if (tpm !== undefined) {
    parts.push({ name: tpmUnit, record: tpmUnit === "Swtpm" ? tpmRecord(tpm) : tpm });
  }
  if (qemu !== undefined) parts.push({ name: "Qemu_trad", record: qemu });
  return writeImage(parts);
}

/** What a guest gets back; memory in another format than ours is for a converter. */
export function contentsOf({ units }: Image): Omit<Contents, "record" | "isHvm"> {
  const find = (...names: readonly Unit["name"][]) =>
    units.find(({ name }) => names.includes(name));
  const libxc = find("Libxc");
  const nvram = find("Varstored");
  const tpm = find("Swtpm", "Swtpm0");
  const qemu = find("Qemu_trad");
  return {
    memory: libxc === undefined ? new Uint8Array() : memoryOf(libxc.record),
    ...(nvram === undefined ? {} : { nvram: nvram.record }),
    ...(tpm === undefined ? {} : { tpm: tpmStateOf(tpm) }),
    ...(qemu === undefined ? {} : { qemu: qemu.record }),
  };
}
