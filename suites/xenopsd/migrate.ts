/**
 * Cases of migrations between two servers: whatever is struck, a VM runs once or not at all.
 *
 * Source: xen-api, doc/content/xenopsd/walkthroughs/VM.migrate.md;
 * ocaml/xenopsd/lib/xenops_migrate.ml.
 *
 * @module
 */
import type { XenopsBench, XenopsOptions, XenopsPoint } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import { demandArrived, demandStayed, halvesOf } from "./arrival.ts";
import type { Check, Checks } from "./check_table.ts";
import { errorOf, same } from "./client.ts";
import { begin, domainsOf, type Hosts, ID, migrated, withHosts } from "./hosts.ts";
import { MARKS, Passage } from "./passage.ts";
import { stepsOf } from "./stepping.ts";
import { Tally, windowOf } from "./tally.ts";

export const MIGRATE: Checks = {
  G01: withHosts(async (hosts) => {
    const { here } = hosts;
    const before = here.target.images?.witness(ID);
    const id = await begin(hosts);
    const passage = new Passage(hosts);
    while (passage.step()) {
      const running = domainsOf(hosts).filter(({ isPaused }) => !isPaused);
      check(running.length <= 1, `${running.length} domains run at once`);
    }
    await here.target.settle();
    same(passage.marks, MARKS, "what the two sides say and do");
    same((await here.task(id)).state[0], "Completed", "the end of the migration");
    await demandArrived(hosts, before);
  }),

  G02: async (bench) => {
    await struckAt("here", bench);
    await eachMark(bench, "cancellations", cancelledAt);
  },
  G03: (bench) => struckAt("there", bench),

  G04: arrives({ withoutCookies: ["mem_migration", "memory_total_source"] }),
  G05: arrives({ withoutCookies: ["final_id"] }),
  G09: arrives({ withoutCookies: ["memory_total_source"] }),

  G11: async (bench) => {
    await eachMark(bench, "pauses at the receiver", pausedThere);
    await eachMark(bench, "pauses at the sender", pausedHere);
  },
};

/** A migration from a sender of that kind ends well. */
function arrives(options: XenopsOptions): Check {
  return withHosts(async (hosts) => {
    const before = hosts.here.target.images?.witness(ID);
    const { state } = await migrated(hosts);
    same(state[0], "Completed", "the end of the migration");
    await demandArrived(hosts, before);
  }, options);
}

/** Lets one side crash at each of its points and at each mark, and starts it again. */
async function struckAt(side: "here" | "there", bench: XenopsBench): Promise<void> {
  const tally = new Tally();
  for (let at = 0, isOver = false; !isOver; at++) {
    await withHosts(async (hosts) => {
      const struck = hosts[side];
      const steps = stepsOf(struck);
      steps.forget();
      steps.arm(({ index }: XenopsPoint) => index === at, { kind: "crash" });
      const id = await begin(hosts);
      await hosts.here.target.settle();
      isOver = steps.struck === undefined;
      if (steps.struck === undefined) return;
      const where = windowOf(steps.struck);
      const isLeft = side === "there" && (await hosts.here.task(id)).state[0] === "Pending";
      await struck.target.restart?.();
      await hosts.here.target.settle();
      tally.count(where, isLeft ? "the sender waits for ever" : await halvesOf(hosts));
    })(bench);
  }
  tally.demandNone("crashes");
  await eachMark(bench, "crashes", async (hosts) => {
    await hosts[side].target.restart?.();
    await hosts.here.target.settle();
    return await halvesOf(hosts);
  });
}

type Strike = (hosts: Hosts, id: string, mark: number) => Promise<string | undefined>;

/** Strikes a migration as soon as it has come to each of its marks; all that breaks is told. */
async function eachMark(bench: XenopsBench, what: string, strike: Strike): Promise<void> {
  const tally = new Tally();
  for (const [at, mark] of MARKS.entries()) {
    await withHosts(async (hosts) => {
      const id = await begin(hosts);
      const passage = new Passage(hosts);
      check(passage.stepTo(at + 1), `a migration does not come to: ${mark}`);
      tally.count(`at ${mark}`, await strike(hosts, id, at));
    })(bench);
  }
  tally.demandNone(what, "end otherwise");
}

/** From the beginning of the save on, it cannot be cancelled any more. */
const SAVED = MARKS.indexOf("memory");

async function cancelledAt(hosts: Hosts, id: string, mark: number): Promise<string | undefined> {
  const { here } = hosts;
  const before = here.target.images?.witness(ID) ?? hosts.there.target.images?.witness(ID);
  await here.call("Task.cancel", { id });
  await here.target.settle();
  const task = await here.task(id);
  const end = errorOf(task) ?? task.state[0];
  const wanted = mark < SAVED ? "Cancelled" : "Completed";
  if (end !== wanted) return `it ends ${end} instead of ${wanted}`;
  if (end === "Cancelled") await demandStayed(hosts);
  else if (before !== undefined) await demandArrived(hosts, before);
  return await halvesOf(hosts);
}

/** The VM that comes is paused, under the id that it will have. */
async function pausedThere(hosts: Hosts, id: string, mark: number): Promise<string | undefined> {
  const { here, there } = hosts;
  const pause = await there.begin("VM.pause", { id: ID });
  await here.target.settle();
  const [moved, paused] = [await here.task(id), await there.task(pause)];
  if (moved.state[0] !== "Completed") return `the migration ends ${moved.state[0]}`;
  if (paused.state[0] !== "Completed") return `the pause ends ${paused.state[0]} (mark ${mark})`;
  const power = await there.power(ID);
  return power === "Paused" ? undefined : `the VM that came is ${power}`;
}

/** By either of its ids at the sender it is done when the VM has gone, and not to another. */
async function pausedHere(hosts: Hosts, id: string, mark: number): Promise<string | undefined> {
  const { here, there } = hosts;
  const left = `${ID.slice(0, 24)}000000000000`;
  const ids = mark < MARKS.length - 1 ? [ID, left] : [ID];
  const pauses = await Promise.all(ids.map((vm) => here.begin("VM.pause", { id: vm })));
  const events = here.target.queues?.events ?? [];
  const tags = events.filter(({ change, op }) => change === "push" && op === "VM_pause");
  const stray = tags.find(({ tag }) => tag !== ID);
  if (stray !== undefined) return `it is queued as ${stray.tag}`;
  if (tags.length !== ids.length) return `${tags.length} pauses are queued`;
  await here.target.settle();
  for (const pause of pauses) {
    const end = errorOf(await here.task(pause));
    if (end !== "Does_not_exist") return `the pause ends ${end}`;
  }
  const moved = (await here.task(id)).state[0];
  if (moved !== "Completed") return `the migration ends ${moved}`;
  const power = await there.power(ID);
  return power === "Running" ? undefined : `the VM that came is ${power}`;
}
