/**
 * Cases of the start of a VM.
 *
 * Source: xen-api, doc/content/xenopsd/walkthroughs/VM.start.md;
 * ocaml/xenopsd/lib/xenops_server.ml.
 *
 * @module
 */
import { check } from "../../harness/mod.ts";
import { pciOf, vbdOf, vifOf } from "../../src/xenops_interface/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { errorOf, same, text } from "./client.ts";
import { settleArmed, stepsOf, subjectsOf } from "./stepping.ts";
import { Tally, windowOf } from "./tally.ts";
import { demandHalted, demandWhole, leftOf } from "./whole.ts";

const READ_ONLY = { mode: "ReadOnly" } as const;

export const START: Checks = {
  S01: withClient(async (client) => {
    await client.add("vm");
    await client.start("vm");
    await demandWhole(client, "vm");
  }),

  S02: async (bench) => {
    for (const order of [
      ["xvda", "xvdb"],
      ["xvdb", "xvda"],
    ]) {
      await withClient(async (client) => {
        await client.add("vm");
        for (const name of order) {
          const vbd = vbdOf("vm", name, name === "xvda" ? READ_ONLY : {});
          await client.call("VBD.add", { vbd });
        }
        stepsOf(client).forget();
        await client.start("vm");
        const found = subjectsOf(client, "VBD_plug");
        same(found, ["vm/xvdb", "vm/xvda"], `the order of plugs of ${order.join(", ")}`);
        await demandWhole(client, "vm");
      })(bench);
    }
  },

  S03: async (bench) => {
    for (const poolSize of [1, 4]) {
      await withClient(
        async (client) => {
          await client.add("vm");
          for (const position of [2, 0, 1]) {
            await client.call("VIF.add", { vif: vifOf("vm", position) });
          }
          stepsOf(client).forget();
          await client.start("vm");
          const found = subjectsOf(client, "VIF_plug");
          const inOrder = poolSize === 1 ? found : [...found].sort();
          same(inOrder, ["vm/0", "vm/1", "vm/2"], `the order of plugs with pools of ${poolSize}`);
          await demandWhole(client, "vm");
        },
        { poolSize },
      )(bench);
    }
  },

  S04: withClient(async (client) => {
    await client.add("vm");
    for (const position of [1, 0]) await client.call("PCI.add", { pci: pciOf("vm", position) });
    stepsOf(client).forget();
    await client.start("vm");
    const { passed } = stepsOf(client);
    const found = subjectsOf(client, "PCI_plug");
    same(found, ["vm/0000:00:00.0", "vm/0000:00:01.0"], "the order of plugs");
    const model = passed.findLastIndex(({ leaf }) => leaf === "VM_create_device_model");
    const plug = passed.findIndex(({ leaf }) => leaf === "PCI_plug");
    check(model !== -1 && model < plug, "a PCI device is plugged before the device model");
    await demandWhole(client, "vm");
  }),

  S05: withClient(async (client) => {
    await client.addFull("vm");
    const id = await client.begin("VM.start", { id: "vm", paused: false });
    while (stepsOf(client).step()) {
      for (const list of [client.vbds("vm"), client.vifs("vm")]) {
        for (const [device, { active, plugged }] of await list) {
          check(active || !plugged, `${device.id[1]} is seen plugged and not active`);
        }
      }
    }
    same((await client.task(id)).state[0], "Completed", "the end of the start");
    await demandWhole(client, "vm");
  }),

  S06: withClient(async (client) => {
    await client.addFull("vm");
    await client.start("vm");
    const refuses = async (power: string) => {
      const before = text(await client.stat("vm"));
      const { state } = await client.run("VM.start", { id: "vm", paused: false });
      same(state, ["Failed", ["Bad_power_state", [power, "Halted"]]], `a start while ${power}`);
      same(text(await client.stat("vm")), before, `the VM after a refused start while ${power}`);
    };
    await refuses("Paused");
    await client.completes("VM.unpause", { id: "vm" });
    await refuses("Running");
    await client.completes("VM.suspend", { id: "vm", suspend_vdi: ["Local", "/image"] });
    await refuses("Suspended");
  }),

  S07: withClient(async (client) => {
    for (const paused of [true, false]) {
      const id = `paused-${paused}`;
      await client.add(id);
      await client.completes("VM.start", { id, paused });
      await client.demandPower(id, "Paused");
    }
  }),

  S08: withClient(async (client) => {
    await client.addFull("vm");
    const begin = async () => {
      const start = await client.begin("VM.start", { id: "vm", paused: false });
      const unpause = await client.begin("VM.unpause", { id: "vm" });
      await client.target.settle();
      return [await client.task(start), await client.task(unpause)] as const;
    };
    const [start] = await begin();
    same(start.state[0], "Completed", "the end of the start");
    await client.demandPower("vm", "Running");
    await client.completes("VM.shutdown", { id: "vm" });
    stepsOf(client).arm(({ leaf }) => leaf === "VM_build", IO_ERROR);
    const [failed] = await begin();
    same(errorOf(failed), "IO_error", "the end of a start that cannot build");
    await demandHalted(client, "vm");
  }),

  S09: withClient(async (client) => {
    await client.running("vm");
    const [, { domids }] = await client.stat("vm");
    await client.completes("VM.unpause", { id: "vm" });
    const [, state] = await client.stat("vm");
    same([state.power_state, state.domids], ["Running", domids], "the VM");
  }),

  S10: async (bench) => {
    await withClient(
      async (client) => {
        await client.addFull("vm");
        await client.start("vm");
        await demandWhole(client, "vm");
      },
      { hooks: { "vm-pre-start": 1 } },
    )(bench);
    await withClient(
      async (client) => {
        await client.addFull("vm");
        await client.fails("Hook_failed", "VM.start", { id: "vm", paused: false });
        await demandHalted(client, "vm");
      },
      { hooks: { "vm-pre-start": 2 } },
    )(bench);
  },

  S11: async (bench) => {
    const tally = new Tally();
    for (let at = 0, isOver = false; !isOver; at++) {
      await withClient(async (client) => {
        await client.addFull("vm");
        const struck = await settleArmed(client, at, IO_ERROR, "VM.start");
        isOver = struck === undefined;
        if (struck === undefined || struck.point.phase === "after") return;
        const end = errorOf(struck.task) ?? struck.task.state[0];
        const left = end === "IO_error" ? await leftOf(client, "vm") : `it ended ${end}`;
        tally.count(windowOf(struck.point), left);
      })(bench);
    }
    tally.demandNone("failures");
  },

  S12: withClient(async (client) => {
    await client.add("vm");
    for (const name of ["xvda", "xvdb", "xvdc"]) {
      await client.call("VBD.add", { vbd: vbdOf("vm", name) });
    }
    const steps = stepsOf(client);
    const fails = (subject: string, payload: string) =>
      steps.arm((point) => point.leaf === "VBD_plug" && point.subject === subject, {
        kind: "fail",
        tag: "Internal_error",
        payload,
      });
    fails("vm/xvda", "the first");
    fails("vm/xvdb", "the second");
    steps.forget();
    const { state } = await client.run("VM.start", { id: "vm", paused: false });
    check(steps.struck?.subject === "vm/xvdb", "the second disk did not fail");
    same(state, ["Failed", ["Internal_error", "the first"]], "the end of the start");
    const third = steps.passed.some(
      ({ leaf, subject, phase }) =>
        leaf === "VBD_plug" && subject === "vm/xvdc" && phase === "after",
    );
    check(third, "the third disk was not tried");
    await demandHalted(client, "vm");
  }),

  S13: withClient(async (client) => {
    await client.add("vm");
    const names = [..."abcdefghijkl"].map((letter) => `xvd${letter}`);
    for (const name of names) await client.call("VBD.add", { vbd: vbdOf("vm", name) });
    stepsOf(client).forget();
    await client.start("vm");
    const { passed } = stepsOf(client);
    const isOf = (first: number, last: number) => (subject: string) =>
      names.slice(first, last).some((name) => subject === `vm/${name}`);
    const ended = passed.findLastIndex(({ subject }) => isOf(0, 10)(subject));
    const begun = passed.findIndex(({ subject }) => isOf(10, 12)(subject));
    check(ended !== -1 && ended < begun, "the eleventh disk does not wait for the first ten");
    await demandWhole(client, "vm");
  }),

  S14: withClient(async (client) => {
    await client.add("vm");
    await client.call("VBD.add", { vbd: vbdOf("vm", "xvda") });
    await client.call("VBD.add", { vbd: vbdOf("vm", "xvdb", { backend: undefined, ty: "CDROM" }) });
    stepsOf(client).forget();
    await client.start("vm");
    same(subjectsOf(client, "VBD_epoch_begin"), ["vm/xvda"], "the disks with an epoch");
  }),

  S15: withClient(async (client) => {
    await client.addFull("vm");
    let last = -1;
    for (let turn = 0; turn < 100; turn++) {
      await client.start("vm");
      const [domid = -1] = (await client.stat("vm"))[1].domids;
      check(domid > last, `domain ${domid} comes after domain ${last}`);
      last = domid;
      await client.completes("VM.shutdown", { id: "vm" });
      await demandHalted(client, "vm");
    }
  }),
};

const IO_ERROR = { kind: "fail", tag: "IO_error", payload: "" } as const;
