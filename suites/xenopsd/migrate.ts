/**
 * Cases of migrations between two servers: whatever is struck, a VM runs once or not at all.
 *
 * Source: semantics of xenopsd, migration protocol; compatibility rules C16 to C20.
 *
 * @module
 */
import type { XenopsOptions, XenopsPoint } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import type { Task } from "../../src/xenops_interface/mod.ts";
import type { Check, Checks } from "./check_table.ts";
import { Client, errorOf, same, text } from "./client.ts";
import { stepsOf } from "./stepping.ts";
import { Tally, windowOf } from "./tally.ts";
import { brokenOf, demandWhole } from "./whole.ts";

/** The first 24 characters stay in the ids that a VM has on its way. */
const ID = "7b719ce6-0b17-9733-e8ee-dbc1e6e7b701";

/** A server with a VM that runs, and another one that it may go to. */
interface Hosts {
  readonly here: Client;
  readonly there: Client;
  readonly url: string;
}

export const MIGRATE: Checks = {
  G01: withHosts(async (hosts) => {
    const { here, there } = hosts;
    const before = here.target.images?.witness(ID);
    const id = await begin(hosts);
    while (here.target.steps?.step()) {
      const running = domainsOf(hosts).filter(({ isPaused }) => !isPaused);
      check(running.length <= 1, `${running.length} domains run at once`);
    }
    await here.target.settle();
    same((await here.task(id)).state[0], "Completed", "the end of the migration");
    await demandWhole(there, ID, ["Running"]);
    same(there.target.images?.witness(ID), before, "the memory of the guest");
    same(domainsOf(hosts).length, 1, "the number of domains");
    await here.refuses("Does_not_exist", "VM.stat", { id: ID });
    const left = [here, there].flatMap(({ target }) => target.files?.list() ?? []);
    const other = left.find((path) => path[0] === "VM" && path[1] !== ID);
    check(other === undefined, `${other?.join("/")} is left`);
  }),

  G02: struckAt("here"),
  G03: struckAt("there"),

  G04: arrives({ withoutCookies: ["mem_migration", "memory_total_source"] }),
  G05: arrives({ withoutCookies: ["final_id"] }),

  G06: withHosts(
    async (hosts) => {
      const { here, there } = hosts;
      const { state } = await migrated(hosts);
      same(state[0], "Failed", "the end of a migration whose vGPU has no cookie");
      await here.demandPower(ID, "Running");
      same(await there.call("VM.list", { unit: null }), [], "what has come");
    },
    { withoutCookies: ["vgpu_migration"] },
    (here) => here.call("VGPU.add", { vgpu: VGPU }),
  ),

  G07: withHosts(
    async (hosts) => {
      const { state } = await migrated(hosts);
      const [tag, reason] = state[1] as [string, string];
      check(tag === "Internal_error" && /vGPU/.test(reason), `the sender hears ${text(state)}`);
      check(!/["[\]]/.test(reason), `the reason is not what the receiver said: ${reason}`);
    },
    { withoutCookies: ["vgpu_migration"] },
    (here) => here.call("VGPU.add", { vgpu: VGPU }),
  ),

  G08: async (bench) => {
    for (const compress of [false, true]) await arrives({}, { compress })(bench);
  },

  G09: arrives({ withoutCookies: ["memory_total_source"] }),

  G10: withHosts(async (hosts) => {
    const { here, there } = hosts;
    const before = text(await here.stat(ID));
    const task = await migrated({ ...hosts, url: "http://nowhere" });
    same(errorOf(task), "Failed_to_contact_remote_service", "the end without a receiver");
    same(text(await here.stat(ID)), before, "the VM that stays");
    same(await there.call("VM.list", { unit: null }), [], "what has come");
  }),

  G11: withHosts(async (hosts) => {
    const { here } = hosts;
    const id = await begin(hosts);
    const pause = await here.begin("VM.pause", { id: ID });
    await here.target.settle();
    same((await here.task(id)).state[0], "Completed", "the end of the migration");
    check((await here.task(pause)).state[0] !== "Pending", "what came behind it is never done");
    await demandWhole(hosts.there, ID, ["Running"]);
  }),
};

const VGPU = {
  id: [ID, "0"],
  position: 0,
  physical_pci_address: { domain: 0, bus: 1, dev: 0, fn: 0 },
  implementation: "Empty",
};

function withHosts(
  attempt: (hosts: Hosts) => Promise<void>,
  options: XenopsOptions = {},
  prepare: (here: Client) => Promise<unknown> = () => Promise.resolve(),
): Check {
  return async (bench) => {
    await using target = await bench.open(options);
    const here = new Client(target);
    const peer = await (target.peer as NonNullable<typeof target.peer>)();
    await here.addFull(ID);
    await prepare(here);
    await here.start(ID);
    await here.completes("VM.unpause", { id: ID });
    await attempt({ here, there: new Client(peer.target), url: peer.url });
  };
}

/** A migration from a sender of that kind ends well. */
function arrives(options: XenopsOptions, fields: object = {}): Check {
  return withHosts(async (hosts) => {
    const before = hosts.here.target.images?.witness(ID);
    const { state } = await migrated(hosts, fields);
    same(state[0], "Completed", "the end of the migration");
    await demandWhole(hosts.there, ID, ["Running"]);
    same(hosts.there.target.images?.witness(ID), before, "the memory of the guest");
    same(domainsOf(hosts).length, 1, "the number of domains");
  }, options);
}

/** Lets one side crash at each of its points, and starts it again. */
function struckAt(side: "here" | "there"): Check {
  return async (bench) => {
    const tally = new Tally();
    for (let at = 0, isOver = false; !isOver; at++) {
      await withHosts(async (hosts) => {
        const struck = hosts[side];
        const steps = stepsOf(struck);
        steps.forget();
        steps.arm(({ index }: XenopsPoint) => index === at, { kind: "crash" });
        await begin(hosts);
        await hosts.here.target.settle();
        isOver = steps.struck === undefined;
        if (steps.struck === undefined) return;
        const where = windowOf(steps.struck);
        await struck.target.restart?.();
        await hosts.here.target.settle();
        tally.count(where, await halvesOf(hosts));
      })(bench);
    }
    tally.demandNone("crashes");
  };
}

/** What is wrong with a VM that may be on either side, whole, or nowhere. */
async function halvesOf(hosts: Hosts): Promise<string | undefined> {
  const domains = domainsOf(hosts);
  if (domains.length > 1) return `there are ${domains.length} domains`;
  for (const client of [hosts.here, hosts.there]) {
    const all = (await client.call("VM.list", { unit: null })) as [{ id: string }][];
    const stranger = all.find(([{ id }]) => id !== ID);
    if (stranger !== undefined) return `${stranger[0].id} is left`;
    const { domains: mine } = stepsOf(client).world;
    if (mine.length === 0) continue;
    const broken = await brokenOf(client, ID, ["Running"]);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function domainsOf({ here, there }: Hosts) {
  return [here, there].flatMap((client) => stepsOf(client).world.domains);
}

function begin({ here, url }: Hosts, fields: object = {}): Promise<string> {
  const maps = { vdi_map: [], vif_map: [], pci_map: [] };
  const flags = { compress: false, verify_dest: false, localhost_migration: false };
  return here.begin("VM.migrate", { id: ID, ...maps, xenops_url: url, ...flags, ...fields });
}

async function migrated(hosts: Hosts, fields: object = {}): Promise<Task> {
  const id = await begin(hosts, fields);
  await hosts.here.target.settle();
  return await hosts.here.task(id);
}
