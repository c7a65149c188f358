/**
 * Cases of a process that crashes in other operations than a start.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml and suspend_image.ml.
 *
 * @module
 */
import type { XenopsBench, XenopsPoint } from "../../harness/facets/xenopsd.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, text } from "./client.ts";
import { unsoundOf } from "./sound.ts";
import { crashedAt, repaired } from "./stepping.ts";
import { Tally, windowOf } from "./tally.ts";

const IMAGE = { id: "vm", suspend_vdi: ["Local", "/image"] };

type Look = (client: Client, point: XenopsPoint) => Promise<string | undefined>;

interface Sweep {
  /** What is done before. */
  readonly prepare: (client: Client) => Promise<void>;
  readonly method: string;
  readonly params: object | (() => object);
  /** Says what is wrong after the repair. */
  readonly look: Look;
}

/** Crashes at every point of a method. */
async function everywhere(bench: XenopsBench, tally: Tally, sweep: Sweep): Promise<void> {
  const { prepare, method, params, look } = sweep;
  for (let at = 0, isOver = false; !isOver; at++) {
    await withClient(async (client) => {
      await prepare(client);
      const given = typeof params === "function" ? params() : params;
      const crash = ({ index }: XenopsPoint) => index === at;
      const point = await crashedAt(client, crash, method, given);
      isOver = point === undefined;
      if (point === undefined) return;
      await repaired(client);
      tally.count(`${windowOf(point)} of ${method}`, await look(client, point));
    })(bench);
  }
}

/** A VM that says it is Suspended must come back. */
async function sound(client: Client): Promise<string | undefined> {
  if ((await client.power("vm")) === "Suspended") {
    const { state } = await client.run("VM.resume", IMAGE);
    if (state[0] !== "Completed") return `it is Suspended, and a resume ended ${text(state)}`;
  }
  return await unsoundOf(client, "vm");
}

async function removed(client: Client): Promise<string | undefined> {
  const listed = (await client.call("VM.list", { unit: null })) as unknown[];
  if (listed.length > 0) await client.call("VM.remove", { id: "vm" });
  const left = client.target.files?.list() ?? [];
  return left.length === 0 ? undefined : `${text(left)} is left`;
}

async function imported(client: Client, metadata: unknown): Promise<string | undefined> {
  const listed = (await client.call("VM.list", { unit: null })) as unknown[];
  if (listed.length > 1) return `${listed.length} VMs are there`;
  await client.call("VM.import_metadata", { metadata });
  const disks = await client.vbds("vm");
  return disks.length === 2 ? undefined : `${disks.length} disks are there after a second import`;
}

export const ELSEWHERE: Checks = {
  K09: async (bench) => {
    const tally = new Tally();
    const running = (client: Client) => client.running("vm", "all");
    const suspended = async (client: Client) => {
      await running(client);
      await client.completes("VM.suspend", IMAGE);
    };
    const vm = { id: "vm" };
    const of = { prepare: running, look: sound };
    await everywhere(bench, tally, { ...of, method: "VM.shutdown", params: vm });
    await everywhere(bench, tally, { ...of, method: "VM.reboot", params: vm });
    await everywhere(bench, tally, { ...of, method: "VM.suspend", params: IMAGE });
    await everywhere(bench, tally, {
      ...of,
      prepare: suspended,
      method: "VM.resume",
      params: IMAGE,
    });
    tally.demandNone("crashes");
  },

  K10: async (bench) => {
    const tally = new Tally();
    const full = (client: Client) => client.addFull("vm");
    const method = "VM.remove";
    await everywhere(bench, tally, { prepare: full, method, params: { id: "vm" }, look: removed });
    let exported: unknown;
    const gone = async (client: Client) => {
      await full(client);
      exported = await client.call("VM.export_metadata", { id: "vm" });
      await client.call("VM.remove", { id: "vm" });
    };
    await everywhere(bench, tally, {
      prepare: gone,
      method: "VM.import_metadata",
      params: () => ({ metadata: exported }),
      look: (client) => imported(client, exported),
    });
    tally.demandNone("crashes");
  },
};
