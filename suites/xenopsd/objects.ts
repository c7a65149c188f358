/**
 * Cases of the objects and of the database that holds them.
 *
 * Source: xen-api, doc/content/xenopsd/walkthroughs/VM.start.md on "add";
 * ocaml/xenopsd/lib/xenops_utils.ml.
 *
 * @module
 */
import type { XenopsFiles } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import { vbdOf, vifOf, vmOf } from "../../src/xenops_interface/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, same, text } from "./client.ts";

export const OBJECTS: Checks = {
  O01: withClient(async (client) => {
    const vm = vmOf("vm");
    same(await client.call("VM.add", { vm }), "vm", "the answer of VM.add");
    const [found, { power_state }] = await client.stat("vm");
    for (const key of Object.keys(vm) as (keyof typeof vm)[]) same(found[key], vm[key], key);
    same(power_state, "Halted", "the power state");
  }),

  O02: withClient(async (client) => {
    await client.add("vm", { name: "first" });
    await client.add("vm", { name: "second" });
    same((await client.stat("vm"))[0].name, "second", "the name");
    same(((await client.call("VM.list")) as unknown[]).length, 1, "the number of VMs");
  }),

  O03: withClient(async (client) => {
    const id: [string, string] = ["missing", "0"];
    await client.refuses("Does_not_exist", "VBD.add", { vbd: vbdOf("missing", "xvda") });
    await client.refuses("Does_not_exist", "VIF.add", { vif: vifOf("missing", 0) });
    const address = { domain: 0, bus: 0, dev: 1, fn: 0 };
    await client.refuses("Does_not_exist", "PCI.add", { pci: { id, position: 0, address } });
    const vusb = { id, hostbus: "1", hostport: "1", version: "2.0", path: "/dev/usb", speed: 480 };
    await client.refuses("Does_not_exist", "VUSB.add", { vusb });
  }),

  O04: withClient(async (client) => {
    await client.add("vm");
    const first = await macOf(client, "");
    same(await macOf(client, ""), first, "the MAC of the same place");
    check((await macOf(client, "", 1)) !== first, `two positions have the MAC ${first}`);
    const random = await macOf(client, "random", 2);
    check(/^[\da-f][26ae](:[\da-f]{2}){5}$/i.test(random), `${random} is not local unicast`);
  }),

  O05: withClient(async (client) => {
    await client.running("vm", "all");
    await client.refuses("Device_is_connected", "VBD.remove", { id: ["vm", "xvda"] });
    await client.refuses("Device_is_connected", "VIF.remove", { id: ["vm", "0"] });
    const [pci] = await client.pcis("vm");
    await client.refuses("Device_is_connected", "PCI.remove", { id: pci?.[0].id });
  }),

  O06: withClient(async (client) => {
    await client.addFull("vm");
    await client.call("VM.remove", { id: "vm" });
    await client.refuses("Does_not_exist", "VM.stat", { id: "vm" });
    await client.refuses("Does_not_exist", "VBD.stat", { id: ["vm", "xvda"] });
    await client.refuses("Does_not_exist", "VIF.stat", { id: ["vm", "0"] });
    const left = client.target.files?.list().find((path) => path.some((part) => part === "vm"));
    check(left === undefined, `the file ${left?.join("/")} is left`);
  }),

  O07: withClient(async (client) => {
    await client.add("vm");
    await client.start("vm");
    const { payload } = await client.refuses("Bad_power_state", "VM.remove", { id: "vm" });
    same((payload as unknown[])[1], "Halted", "the power state that is expected");
    await client.completes("VM.unpause", { id: "vm" });
    const error = await client.refuses("Bad_power_state", "VM.remove", { id: "vm" });
    same(error.payload, ["Running", "Halted"], "what is at odds");
  }),

  O08: withClient(async (client) => {
    await client.addFull("vm");
    const found = filesOf(client)
      .list()
      .map((path) => path.join("/"));
    const wanted = ["config", "vbd.xvda", "vbd.xvdb", "vif.0", "vif.1"].map(
      (name) => `VM/vm/${name}`,
    );
    for (const path of [...wanted, "PCI/vm/pci.0000:00:00.0"]) {
      check(found.includes(path), `there is no file ${path} in ${text(found)}`);
    }
  }),

  O09: withClient(async (client) => {
    const files = filesOf(client);
    for (const id of ["sound", "garbled", "typed"]) await client.add(id);
    files.write(["VM", "garbled", "config"], '{"id": "garb');
    files.write(["VM", "typed", "config"], '{"id": 17}');
    await client.target.restart?.();
    await client.target.settle();
    await client.demandPower("sound", "Halted");
    await client.refuses("Does_not_exist", "VM.stat", { id: "garbled" });
    await client.refuses("Internal_error", "VM.stat", { id: "typed" });
    await client.start("sound");
  }),

  O10: withClient(async (client) => {
    await client.addFull("vm");
    const files = filesOf(client);
    files.write(["VM", "vm", "vbd.xvda.tmp"], "half");
    files.write(["VM", "empty", "of.tmp"], "half");
    await client.target.restart?.();
    await client.target.settle();
    same((await client.vbds("vm")).length, 2, "the number of disks");
    same(((await client.call("VM.list")) as unknown[]).length, 1, "the number of VMs");
    await client.start("vm");
  }),

  O11: withClient(async (client) => {
    await client.addFull("vm");
    await client.target.restart?.();
    await client.target.settle();
    await client.demandPower("vm", "Halted");
    same((await client.vbds("vm")).length, 2, "the number of disks");
    same((await client.vifs("vm")).length, 2, "the number of network interfaces");
    same((await client.pcis("vm")).length, 1, "the number of PCI devices");
    await client.target.restart?.("host");
    same(await client.call("VM.list"), [], "what is left after a restart of the host");
  }),
};

function filesOf({ target }: Client): XenopsFiles {
  return target.files as XenopsFiles;
}

/** The MAC that an interface gets. */
async function macOf(client: Client, mac: string, position = 0): Promise<string> {
  const vif = vifOf("vm", position, { mac });
  await client.call("VIF.add", { vif });
  const [found] = (await client.call("VIF.stat", { id: vif.id })) as [{ mac: string }];
  await client.call("VIF.remove", { id: vif.id });
  return found.mac;
}
