/**
 * Looks at queues: their making, what goes through them, their phase tags, and what a reset leaves.
 *
 * Source: NVM Express Base Specification 2.0c; NVM Command Set Specification 1.0c.
 *
 * @module
 */
import { putAddress, putU32 } from "../../../src/bytes/write_little_endian.ts";
import { nvmCommand, REGISTER } from "../../../src/nvme/mod.ts";
import { cqAt, DATA, type NvmeHost, sqAt } from "./nvme_host.ts";
import type { Look, Seen } from "./nvme_look.ts";
import { BLOCKS } from "./nvme_port.ts";

const [PAGE_SIZE, BLOCK_SIZE] = [4096, 512];
/** Pages of the host's data by number. */
const page = (index: number) => DATA + index * PAGE_SIZE;

const creation: Look = {
  name: "queues/creation",
  source: "5.4, 5.5",
  async take(host) {
    await host.enable();
    const cq = async (cdw10: number, cdw11 = 1, prp1 = cqAt(1)) =>
      (await host.admin("CREATE_IO_COMPLETION_QUEUE", { cdw10, cdw11, prp1 })).status;
    const sq = async (cdw10: number, cdw11 = 0x1_0001, prp1 = sqAt(1)) =>
      (await host.admin("CREATE_IO_SUBMISSION_QUEUE", { cdw10, cdw11, prp1 })).status;
    return {
      "cq 0": await cq(0x7_0000),
      "cq 0xffff": await cq(0x7_ffff),
      "cq of one entry": await cq(0x0_0001),
      "cq too long": await cq(0xffff_0001),
      "cq in pieces": await cq(0x7_0001, 0),
      "cq unaligned": await cq(0x7_0001, 1, cqAt(1) + 8),
      "cq with vector 0x7fff": await cq(0x7_0001, 0x7fff_0003),
      "sq without cq": await sq(0x7_0001),
      cq: await cq(0x7_0001),
      "cq twice": await cq(0x7_0001),
      "sq 0": await sq(0x7_0000),
      "sq of one entry": await sq(0x0_0001),
      "sq into cq 0": await sq(0x7_0001, 0x0_0001),
      "sq in pieces": await sq(0x7_0001, 0x1_0000),
      "sq unaligned": await sq(0x7_0001, 0x1_0001, sqAt(1) + 8),
      sq: await sq(0x7_0001),
      "sq twice": await sq(0x7_0001),
    };
  },
};

const deletion: Look = {
  name: "queues/deletion",
  source: "5.6, 5.7",
  async take(host) {
    await host.enable();
    await host.createQueue(1);
    const cq = async (cdw10: number) =>
      (await host.admin("DELETE_IO_COMPLETION_QUEUE", { cdw10 })).status;
    const sq = async (cdw10: number) =>
      (await host.admin("DELETE_IO_SUBMISSION_QUEUE", { cdw10 })).status;
    return {
      "cq in use": await cq(1),
      "sq 0": await sq(0),
      "sq 9": await sq(9),
      "cq 0": await cq(0),
      sq: await sq(1),
      "sq twice": await sq(1),
      cq: await cq(1),
      "cq twice": await cq(1),
      "again cq and sq": (await host.createQueue(1)).join(),
    };
  },
};

const transfers: Look = {
  name: "io/transfers",
  source: "NVM Command Set Specification 1.0c, 3.2.4 and 3.2.6; 4.1.1 (PRP)",
  async take(host) {
    await host.enable();
    await host.createQueue(1);
    const octets = Uint8Array.from(
      { length: 3 * PAGE_SIZE },
      (_, at) => (at * 7 + (at >> 9)) & 255,
    );
    await host.port.writeMemory(page(0), octets);
    const entries = new Uint8Array(16);
    putAddress(entries, 0, page(1));
    putAddress(entries, 8, page(2));
    await host.port.writeMemory(page(8), entries);
    const list = { prp1: page(0), prp2: page(8) };
    const written = await io(host, "WRITE", { ...list, cdw10: 40, cdw12: 23 });
    const one = await readBack(host, { cdw10: 41, prp1: page(16) }, BLOCK_SIZE);
    const two = await readBack(
      host,
      { cdw10: 40, cdw12: 15, prp1: page(16), prp2: page(17) },
      8192,
    );
    const inside = { cdw10: 40, cdw12: 7, prp1: page(16) + 512, prp2: page(17) };
    const offset = await readBack(host, inside, PAGE_SIZE, 512);
    return {
      written,
      "one block": same(one, octets.subarray(BLOCK_SIZE)),
      "two pages": same(two, octets),
      "from inside a page": same(offset, octets),
    };
  },
};

const refusals: Look = {
  name: "io/refusals",
  source: "NVM Command Set Specification 1.0c, 3; 3.3.3.2.1",
  async take(host) {
    await host.enable();
    await host.createQueue(1);
    const prp1 = page(0);
    const send = async (opcode: "READ" | "WRITE" | "FLUSH", nsid: number, cdw10 = 0) =>
      (await host.send(1, nvmCommand(opcode, nsid, { prp1, cdw10 }))).status;
    const unknown = { ...nvmCommand("READ", 1, { prp1 }), opcode: 0x7f };
    return {
      "last block": await send("READ", 1, BLOCKS - 1),
      "behind the last block": await send("READ", 1, BLOCKS),
      "write behind the last block": await send("WRITE", 1, BLOCKS),
      "over the end": await io(host, "READ", { prp1, cdw10: BLOCKS - 1, cdw12: 1 }),
      "far behind": await io(host, "READ", { prp1, cdw11: 0xffff_ffff, cdw10: 0xffff_ffff }),
      "namespace 0": await send("READ", 0),
      "namespace 2": await send("READ", 2),
      "namespace 0x7fffffff": await send("READ", 0x7fff_ffff),
      "unknown opcode": (await host.send(1, unknown)).status,
      flush: await send("FLUSH", 1),
      "second page unaligned": await io(host, "READ", {
        ...{ prp1, prp2: page(1) + 4, cdw12: 15 },
      }),
      "more than it moves": await io(host, "READ", { prp1, prp2: page(1), cdw12: 0xffff }),
    };
  },
};

const zeroes: Look = {
  name: "io/zeroes-and-deallocation",
  source: "NVM Command Set Specification 1.0c, 3.2.3 and 3.2.8",
  async take(host) {
    await host.enable();
    await host.createQueue(1);
    await host.port.writeMemory(page(0), new Uint8Array(PAGE_SIZE).fill(9));
    await io(host, "WRITE", { prp1: page(0), cdw10: 8, cdw12: 7 });
    const written = await io(host, "WRITE_ZEROES", { cdw10: 9, cdw12: 1 });
    const back = await readBack(host, { cdw10: 8, cdw12: 3, prp1: page(4) }, 4 * BLOCK_SIZE);
    const range = new Uint8Array(16);
    putU32(range, 4, 2);
    putAddress(range, 8, BLOCKS - 1);
    await host.port.writeMemory(page(2), range);
    return {
      written,
      "blocks then": [0, 1, 2, 3].map((index) => back[index * BLOCK_SIZE]).join(),
      "zeroes over the end": await io(host, "WRITE_ZEROES", { cdw10: BLOCKS - 1, cdw12: 1 }),
      "deallocation over the end": await io(host, "DSM", { prp1: page(2), cdw11: 4 }),
    };
  },
};

/** A queue of four entries, of which three can be used at a time. */
const phases: Look = {
  name: "completions/phases-and-room",
  source: "3.3.1.2.1, 3.3.3.2",
  async take(host) {
    await host.enable();
    await host.createQueue(1, 4);
    const heads: number[] = [];
    for (let count = 0; count < 9; count++) {
      heads.push((await host.send(1, nvmCommand("FLUSH", 1))).sqhd);
    }
    const cids: number[] = [];
    for (let count = 0; count < 3; count++) {
      cids.push(await host.submit(1, nvmCommand("FLUSH", 1)));
    }
    const taken = await host.take(1, cids[2] ?? 0, false);
    // There is room for no more until the host says so.
    const last = await host.submit(1, nvmCommand("FLUSH", 1));
    await host.admin("GET_FEATURES", { cdw10: 0x04 });
    const early = await host.come(1);
    await host.ring(1);
    const late = await host.take(1, last);
    return {
      heads: heads.join(),
      "in order": Number(taken.map(({ cid }) => cid).join() === cids.join()),
      "without room": early.length,
      "with room": late.length,
    };
  },
};

const resets: Look = {
  name: "reset/forgets-queues-and-keeps-blocks",
  source: "3.7.2",
  async take(host) {
    await host.enable();
    await host.createQueue(1);
    await host.port.writeMemory(page(0), new Uint8Array(BLOCK_SIZE).fill(5));
    await io(host, "WRITE", { prp1: page(0), cdw10: 3 });
    await host.admin("SET_FEATURES", { cdw10: 0x04, cdw11: 0x0150 });
    const disabled = await host.disable();
    const aqa = await host.read32(REGISTER.AQA);
    await host.enable();
    const sq = { cdw10: 0x7_0001, cdw11: 0x1_0001, prp1: sqAt(1) };
    const { status } = await host.admin("CREATE_IO_SUBMISSION_QUEUE", sq);
    const created = (await host.createQueue(1)).join();
    const back = await readBack(host, { cdw10: 3, prp1: page(1) }, BLOCK_SIZE);
    const threshold = (await host.admin("GET_FEATURES", { cdw10: 0x04 })).dw0;
    return { disabled, aqa, "sq without cq": status, created, block: back[0] ?? -1, threshold };
  },
};

export const QUEUE_LOOKS: readonly Look[] = [
  creation,
  deletion,
  transfers,
  refusals,
  zeroes,
  phases,
  resets,
];

type Fields = Parameters<typeof nvmCommand>[2];

async function io(
  host: NvmeHost,
  opcode: Parameters<typeof nvmCommand>[0],
  fields: Fields,
): Promise<number> {
  return (await host.send(1, nvmCommand(opcode, 1, fields))).status;
}

/** What a read gives at `at` of the page that it is given, which was full of others before. */
async function readBack(host: NvmeHost, fields: Fields, size: number, at = 0): Promise<Uint8Array> {
  const address = fields?.prp1 ?? 0;
  const start = address - at;
  await host.port.writeMemory(start, new Uint8Array(at + size).fill(0xee));
  await io(host, "READ", fields);
  return await host.port.readMemory(address, size);
}

function same(octets: Uint8Array, expected: Uint8Array): Seen[string] {
  return Number(octets.every((octet, at) => octet === expected[at]));
}
