/**
 * How fast the mesh codec is, alone and beside protobufjs and protobuf-es on the same bytes: saved
 * state of the NVMe driver and a whole servicing state, as the golden rows have them and of a
 * larger VM. Run by `freezethaw bench own mesh`, and with `--rival` for one of the others.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { fromHex } from "../bytes/hex.ts";
import { codecFor } from "../mesh/mod.ts";
import type { Message } from "../schema/message.ts";
import { NvmeDriverSavedState } from "./nvme_driver.ts";
import { ServicingState } from "./servicing.ts";

const RELEASE = "main";
interface Subject {
  readonly name: string;
  readonly message: Message;
  readonly bytes: Uint8Array;
  /** So many take about a third of a millisecond, of which the clock tells microseconds. */
  readonly times: number;
}

interface Side {
  readonly encode: () => unknown;
  readonly decode: () => unknown;
}

/** Ours, and rivals by name. A piece of work is done so many times over. */
export const meshBench = {
  pieces: () => subjects().flatMap((subject) => piecesOf(subject, ours(subject))),
  rivals: {
    protobufjs: async () => await rival("protobufJs"),
    "protobuf-es": async () => await rival("protobufEs"),
  },
};

function ours({ message, bytes }: Subject): Side {
  const codec = codecFor(message, RELEASE);
  const value = codec.decode(bytes);
  return { encode: () => codec.encode(value), decode: () => codec.decode(bytes) };
}

async function rival(name: "protobufJs" | "protobufEs") {
  // They take longer to load than ours takes to run.
  const rivals = await import("./mesh_rivals_bench.ts");
  const of = rivals[name](RELEASE);
  return subjects().flatMap((subject) => {
    const side = of(subject.message, subject.bytes);
    return piecesOf(subject, side);
  });
}

function piecesOf({ name, times }: Subject, { encode, decode }: Side) {
  return [
    { metric: `mesh decode ${name}`, times, run: decode },
    { metric: `mesh encode ${name}`, times, run: encode },
  ];
}

/** The messages to run on. */
function subjects(): Subject[] {
  const url = new URL("../../fixtures/openhcl/golden.json", import.meta.url);
  const rows = JSON.parse(readFileSync(url, "utf8")) as Record<string, string>[];
  const golden = (message: Message, release: string): Uint8Array => {
    const row = rows.find(
      (row) => row.kind === "encode" && row.message === message.name && row.release === release,
    );
    return fromHex(row?.hex ?? "");
  };
  const nvme = golden(NvmeDriverSavedState, RELEASE);
  const servicing = golden(ServicingState, "2505");
  return [
    { name: "NvmeDriverSavedState", message: NvmeDriverSavedState, bytes: nvme, times: 75 },
    {
      name: "NvmeDriverSavedState, 16 queues",
      message: NvmeDriverSavedState,
      bytes: manyQueues(nvme),
      times: 15,
    },
    { name: "ServicingState", message: ServicingState, bytes: servicing, times: 160 },
    {
      name: "ServicingState, 60 units",
      message: ServicingState,
      bytes: manyUnits(servicing, nvme),
      times: 4,
    },
  ];
}

/** A controller of a VM with 16 processors, with 12 commands in flight on each. */
function manyQueues(bytes: Uint8Array): Uint8Array {
  const codec = codecFor(NvmeDriverSavedState, RELEASE);
  const value = codec.decode(bytes);
  const { admin } = value.worker_data;
  if (admin === null) throw new Error("Cannot build queues as the golden row has no admin queue");
  const io = Array.from({ length: 16 }, (_, i) => {
    const commands = Array.from({ length: 12 }, (_, cid) => {
      const command = new Uint8Array(64).fill(i + cid);
      return { command };
    });
    const handler_data = {
      ...admin.handler_data,
      pending_cmds: { commands, next_cid_high_bits: i, cid_key_bits: 10 },
    };
    const queue_data = { ...admin, qid: i + 1, base_pfn: 0x8000_0000n + BigInt(i), handler_data };
    return { cpu: i, iv: i, queue_data, unmapped: false };
  });
  return codec.encode({ ...value, worker_data: { ...value.worker_data, io } });
}

/** A VM with two such controllers and 60 state units of half a kilobyte. */
function manyUnits(servicing: Uint8Array, nvme: Uint8Array): Uint8Array {
  const codec = codecFor(ServicingState, RELEASE);
  const value = codec.decode(servicing);
  const driver_state = codecFor(NvmeDriverSavedState, RELEASE).decode(manyQueues(nvme));
  const nvme_disks = ["c05b:00:00.0", "0a8e:00:00.0"].map((pci_id) => ({ pci_id, driver_state }));
  const units = Array.from({ length: 60 }, (_, i) => {
    const type_url = `type.googleapis.com/chipset.device${i}.SavedState`;
    return { name: `device-${i}`, state: { type_url, value: new Uint8Array(512).fill(i) } };
  });
  const nvme_state = { nvme_state: { cpu_count: 16, nvme_disks } };
  return codec.encode({ ...value, init_state: { ...value.init_state, nvme_state }, units });
}
