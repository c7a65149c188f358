/**
 * Cases of what goes between two servers while a VM migrates, and of what goes wrong with it.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml and xenops_migrate.ml.
 *
 * @module
 */
import type { XenopsMessage } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import { demandArrived, demandStayed } from "./arrival.ts";
import type { Check, Checks } from "./check_table.ts";
import { type Client, errorOf, same, text } from "./client.ts";
import { type Hosts, ID, migrated, withHosts } from "./hosts.ts";
import { stepsOf } from "./stepping.ts";

const VGPU = {
  id: [ID, "0"],
  position: 0,
  physical_pci_address: { domain: 0, bus: 1, dev: 0, fn: 0 },
  implementation: "Empty",
};

/** How an image begins, and how a frame of zstd does. */
const SIGNATURE = new TextEncoder().encode("XenSavedDomv2-\n");
const ZSTD = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);

/** What a receiver may say, and what the task of the sender then has. */
const SAID = [
  ['["Does_not_exist",["network","xenbr7"]]', ["Does_not_exist", ["network", "xenbr7"]]],
  ["no space left", ["Internal_error", "no space left"]],
] as const;

export const STREAMS: Checks = {
  G06: refusesVgpu(async (hosts) => {
    const { state } = await migrated(hosts);
    same(state[0], "Failed", "the end of a migration whose vGPU has no cookie");
    const { passed } = hosts.stream;
    const refuses = passed.some(({ from, octets }) => from === "receiver" && octets.length > 2);
    check(refuses, "the receiver says nothing against it");
    check(!passed.some(({ kind }) => kind === "memory"), "memory is sent all the same");
    await demandStayed(hosts);
  }),

  G07: async (bench) => {
    for (const [said, heard] of SAID) {
      for (const folder of ["/migrate/vm/", "/migrate/mem/"]) {
        await withHosts(async (hosts) => {
          hosts.stream.alter((message) => answered(message, folder, said));
          const { state } = await migrated(hosts);
          same(state, ["Failed", heard], `the end when the receiver says ${said}`);
          await demandStayed(hosts);
        })(bench);
      }
    }
    await refusesVgpu(async (hosts) => {
      const { state } = await migrated(hosts);
      const [tag, reason] = state[1] as [string, string];
      check(tag === "Internal_error" && /vGPU/.test(reason), `the sender hears ${text(state)}`);
      check(!/["[\]]/.test(reason), `the reason is not what the receiver said: ${reason}`);
    })(bench);
  },

  G08: async (bench) => {
    await comes([], false)(bench);
    await comes([], true)(bench);
    await comes(["compress"], true)(bench);
  },

  G10: async (bench) => {
    await withHosts(async (hosts) => {
      const task = await migrated({ ...hosts, url: "http://nowhere" });
      same(errorOf(task), "Failed_to_contact_remote_service", "the end without a receiver");
      await demandStayed(hosts);
    })(bench);
    for (let at = 0, isOver = false; !isOver; at++) {
      await withHosts(async (hosts) => {
        isOver = !(await failsToImport(hosts, at));
        check(!isOver || at > 1, "the receiver imports nothing");
      })(bench);
    }
  },
};

function refusesVgpu(attempt: (hosts: Hosts) => Promise<void>): Check {
  const add = (here: Client) => here.call("VGPU.add", { vgpu: VGPU });
  return withHosts(attempt, { withoutCookies: ["vgpu_migration"] }, add);
}

/** The octets of the message, or of the answer `said` in the place of one of that folder. */
function answered({ path, from, octets }: XenopsMessage, folder: string, said: string) {
  if (from !== "receiver" || !path.startsWith(folder)) return octets;
  const reply = new TextEncoder().encode(said);
  return Uint8Array.of(reply.length >> 8, reply.length & 0xff, ...reply);
}

/** A migration arrives, and its memory is what the cookie says. */
function comes(withoutCookies: readonly string[], compress: boolean): Check {
  return withHosts(
    async (hosts) => {
      const before = hosts.here.target.images?.witness(ID);
      const { state } = await migrated(hosts, { compress });
      same(state[0], "Completed", "the end of the migration");
      await demandArrived(hosts, before);
      const memory = hosts.stream.passed.filter(({ kind }) => kind === "memory");
      const cookies = memory[0]?.cookies ?? new Map<string, string>();
      const isTold = compress && withoutCookies.length === 0;
      same(cookies.get("compress"), isTold ? "zstd" : undefined, "the cookie");
      const octets = memory.flatMap((message) => [...message.octets]);
      const wanted = isTold ? ZSTD : SIGNATURE;
      same(octets.slice(0, wanted.length), [...wanted], "the beginning of the stream");
    },
    { withoutCookies },
  );
}

/** Lets the import fail at its point `at`; false when it has fewer points. */
async function failsToImport(hosts: Hosts, at: number): Promise<boolean> {
  const { here, there, stream } = hosts;
  const before = text([await here.stat(ID), stepsOf(here).world]);
  let seen = 0;
  const strikes = ({ leaf }: { leaf: string }) => leaf === "VM_import_metadata" && seen++ === at;
  stepsOf(there).arm(strikes, { kind: "fail", tag: "IO_error", payload: "" });
  const task = await migrated(hosts);
  if (stepsOf(there).struck === undefined) return false;
  same(errorOf(task), "IO_error", `the end when the import fails at its point ${at}`);
  same(text([await here.stat(ID), stepsOf(here).world]), before, "the VM that stays");
  same(there.target.files?.list(), [], "the files at the receiver");
  same(stream.passed.length, 0, "the number of messages after it");
  await demandStayed(hosts);
  return true;
}
