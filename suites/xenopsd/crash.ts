/**
 * Cases of a process that crashes while it starts a VM, and of the repair after it.
 *
 * Source: xen-api, doc/content/xenopsd/walkthroughs/VM.start.md, "if it is restarted at any point
 * during the start operation"; ocaml/xenopsd/lib/xenops_server.ml.
 *
 * @module
 */
import type { XenopsPoint } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, same, text } from "./client.ts";
import { unsoundOf } from "./sound.ts";
import { crashedAt, repaired, stepsOf } from "./stepping.ts";
import { Tally, windowOf } from "./tally.ts";
import { brokenOf, demandHalted, demandWhole, leftOf } from "./whole.ts";

const START = { id: "vm", paused: false };

type Look = (client: Client, point: XenopsPoint, was: string) => Promise<string | undefined>;

/** Crashes before every step of a start; `look` says what of the repaired server is wrong. */
function sweep(
  look: Look,
  only: (point: XenopsPoint) => boolean = () => true,
  changes: object = {},
): (typeof CRASH)[string] {
  return async (bench) => {
    const tally = new Tally();
    for (let at = 0, isOver = false; !isOver; at++) {
      await withClient(async (client) => {
        await client.addFull("vm", changes);
        const crash = (point: XenopsPoint) => point.index === at;
        const point = await crashedAt(client, crash, "VM.start", START);
        isOver = point === undefined;
        if (point === undefined || !only(point)) return;
        const was = text(stepsOf(client).world.domains);
        await repaired(client);
        tally.count(windowOf(point), await look(client, point, was));
      })(bench);
    }
    tally.demandNone("crashes");
  };
}

const sound: Look = (client) => unsoundOf(client, "vm");
const halted: Look = (client) => leftOf(client, "vm");

export const CRASH: Checks = {
  K01: sweep(sound),

  K02: sweep(halted, ({ leaf, what, phase }) => {
    return leaf === "VM_create" && what === "extra" && phase !== "before";
  }),

  // Where both are made at once there is no step between them, and the one behind is looked at.
  K03: sweep(sound, ({ leaf, what, phase }) => {
    return leaf === "VM_create" && (what === "domain" || phase === "after");
  }),

  K04: sweep(halted, ({ leaf, phase }) => leaf === "VBD_plug" && phase.startsWith("mid")),

  K05: withClient(async (client) => {
    await client.addFull("vm");
    const { instance_id: before } = (await client.call("query", { unit: null })) as Query;
    const task = await client.begin("VM.start", START);
    const steps = stepsOf(client);
    steps.forget();
    steps.arm(({ leaf, phase }) => leaf === "VM_set_domain_action_request" && phase === "after", {
      kind: "crash",
    });
    await client.target.settle();
    check(steps.struck !== undefined, "the start has no last step");
    await repaired(client);
    await demandWhole(client, "vm");
    await client.refuses("Does_not_exist", "Task.stat", { id: task });
    const { instance_id: after } = (await client.call("query", { unit: null })) as Query;
    check(before !== after, `both processes say that they are ${after}`);
  }),

  K06: async (bench) => {
    let marked = 0;
    const look: Look = async (client, _, was) => {
      if (!was.includes('"marker":"')) return undefined;
      marked++;
      const [domid] = (await client.stat("vm"))[1].domids;
      if (was.includes(`"domid":${domid},`)) return `domain ${domid} is kept`;
      return await brokenOf(client, "vm", ["Running"]);
    };
    await sweep(look, undefined, { on_shutdown: ["Start"] })(bench);
    check(marked > 0, "no domain is marked while it is made");
  },

  K07: async (bench) => {
    const tally = new Tally();
    for (let at = 0, isOver = false; !isOver; at++) {
      for (let fix = 0, isFixed = false; !isFixed; fix++) {
        await withClient(async (client) => {
          await client.addFull("vm");
          const first = await crashedAt(client, ({ index }) => index === at, "VM.start", START);
          isOver = first === undefined;
          isFixed = true;
          if (first === undefined) return;
          const steps = stepsOf(client);
          steps.forget();
          steps.arm(({ index }) => index === fix, { kind: "crash" });
          await repaired(client);
          const second = steps.struck;
          isFixed = second === undefined;
          if (second === undefined) return;
          await repaired(client);
          const where = `${windowOf(first)}, then ${windowOf(second)}`;
          tally.count(where, await unsoundOf(client, "vm"));
        })(bench);
      }
    }
    tally.demandNone("crashes of a repair");
  },

  K08: withClient(async (client) => {
    await client.addFull("vm");
    await client.begin("VM.start", START);
    const queued = await client.begin("VM.unpause", { id: "vm" });
    const shutdown = await client.begin("VM.shutdown", { id: "vm" });
    const steps = stepsOf(client);
    steps.forget();
    steps.arm(({ leaf }) => leaf === "VM_create_device_model", { kind: "crash" });
    await client.target.settle();
    check(steps.struck !== undefined, "the start has no device model");
    await repaired(client);
    await demandHalted(client, "vm");
    for (const id of [queued, shutdown]) {
      await client.refuses("Does_not_exist", "Task.stat", { id });
    }
  }),

  K11: withClient(async (client) => {
    await client.running("beside", "all");
    const [, before] = await client.stat("beside");
    await client.addFull("vm");
    if (client.target.steps !== undefined) {
      await crashedAt(client, ({ leaf }) => leaf === "VM_build", "VM.start", START);
    }
    await repaired(client);
    const [, after] = await client.stat("beside");
    same([after.power_state, after.domids], ["Running", before.domids], "the VM beside");
    same(after.last_start_time, before.last_start_time, "the start time of the VM beside");
  }),

  K12: withClient(async (client) => {
    await client.addFull("vm");
    await repaired(client);
    const [, ids] = await client.updates();
    const found = new Set(ids.map(text));
    const wanted = [
      ["Vm", "vm"],
      ["Vbd", ["vm", "xvda"]],
      ["Vbd", ["vm", "xvdb"]],
      ["Vif", ["vm", "0"]],
      ["Vif", ["vm", "1"]],
      ["Pci", ["vm", "0000:00:00.0"]],
    ].map(text);
    const missing = wanted.filter((id) => !found.has(id));
    check(missing.length === 0, `${missing.join(", ")} is missing from the first updates`);
  }),

  K13: withClient(async (client) => {
    await client.add("vm");
    const token = (await client.lastId()) + 1000;
    await repaired(client);
    same(await client.updates(token, 1), [[], [], token], "the answer to a token of before");
    const [, ids] = await client.updates();
    check(ids.map(text).includes(text(["Vm", "vm"])), "the VM is missing from what is known");
  }),

  K14: withClient(async (client) => {
    await client.addFull("vm", { on_shutdown: ["Start"] });
    await repaired(client);
    await demandHalted(client, "vm");
  }),

  K15: withClient(async (client) => {
    const domains = () => text(stepsOf(client).world.domains);
    stepsOf(client).createDomain("stranger");
    const before = domains();
    check(before.includes('"stranger"'), "there is no domain that is in no record");
    await repaired(client);
    same(domains(), before, "what the hypervisor has");
  }),
};

interface Query {
  readonly instance_id: string;
}
