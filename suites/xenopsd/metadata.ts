/**
 * Cases of metadata that go from one server to another.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml; ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import type { XenopsBench } from "../../harness/facets/xenopsd.ts";
import { type Checks, withClient } from "./check_table.ts";
import { Client, same } from "./client.ts";
import { demandHalted } from "./whole.ts";

type Fields = Record<string, unknown>;

export const METADATA_CASES: Checks = {
  M18: withClient(async (client) => {
    await client.addFull("vm");
    const exported = parsed(await client.call("VM.export_metadata", { id: "vm" }));
    const devices = (name: string) => exported[name] as Fields[];
    const vbds = devices("vbds").map((vbd, at) => ({
      ...vbd,
      id: ["vm", at === 0 ? "hda" : "hdd"],
    }));
    const vifs = devices("vifs").map((vif, at) => ({ ...vif, id: ["another", `${at}`] }));
    const vm = { ...(exported.vm as Fields), id: "new" };
    await client.call("VM.import_metadata", {
      metadata: JSON.stringify({ ...exported, vm, vbds, vifs, pcis: [] }),
    });
    const disks = (await client.vbds("new")).map(([{ id }]) => id);
    same(
      disks.sort(),
      [
        ["new", "xvda"],
        ["new", "xvdd"],
      ],
      "the disks",
    );
    const interfaces = (await client.vifs("new")).map(([{ id }]) => id);
    same(
      interfaces.sort(),
      [
        ["new", "0"],
        ["new", "1"],
      ],
      "the network interfaces",
    );
  }),

  M19: withClient(async (client) => {
    await client.running("vm", "all");
    const [, before] = await client.stat("vm");
    const exported = parsed(await client.call("VM.export_metadata", { id: "vm" }));
    const vm = { ...(exported.vm as Fields), name: "another" };
    const metadata = JSON.stringify({ ...exported, vm, vbds: [] });
    await client.begin("VM.delay", { id: "vm", delay: 1 });
    same(await client.call("VM.import_metadata", { metadata }), "vm", "the answer of an import");
    await client.target.settle();
    const [{ name }, after] = await client.stat("vm");
    same(name, "another", "the name");
    same([after.power_state, after.domids], ["Running", before.domids], "the VM that runs");
    same((await client.vbds("vm")).length, 2, "the number of disks that are plugged");
    await client.completes("VM.shutdown", { id: "vm" });
    await client.call("VM.import_metadata", { metadata });
    same((await client.vbds("vm")).length, 0, "the number of disks after another import");
  }),

  M20: async (bench) => {
    const exported = await exportedBy(bench);
    await withClient(async (client) => {
      await client.call("VM.import_metadata", { metadata: exported });
      const again = parsed(await client.call("VM.export_metadata", { id: "vm" }));
      same(withoutFeatures(again), withoutFeatures(parsed(exported)), "what is exported again");
      const vm = { ...(again.vm as Fields), id: "bare" };
      await client.call("VM.import_metadata", { metadata: JSON.stringify({ vm }) });
      same((await client.vbds("bare")).length, 0, "the number of disks without a list");
    })(bench);
  },

  M21: async (bench) => {
    const exported = parsed(await exportedBy(bench));
    const future = { of_the_future: { deep: [1, "2"] } };
    const vm = exported.vm as Fields;
    const [tag, payload] = vm.ty as [string, Fields];
    await withClient(async (client) => {
      const ty = [tag, { ...payload, ...future }];
      const vbds = (exported.vbds as Fields[]).map((vbd) => ({ ...vbd, ...future }));
      const metadata = { ...exported, ...future, vm: { ...vm, ...future, ty }, vbds };
      await client.call("VM.import_metadata", { metadata: JSON.stringify(metadata) });
      same((await client.vbds("vm")).length, 2, "the number of disks");
      await demandHalted(client, "vm");
    })(bench);
    await withClient(async (client) => {
      const metadata = { ...exported, vm: { ...vm, ty: ["Of_the_future", {}] } };
      const params = { metadata: JSON.stringify(metadata) };
      await client.refuses("Internal_error", "VM.import_metadata", params);
      same(await client.call("VM.list", { unit: null }), [], "what was written");
    })(bench);
  },
};

/** A VM without a featureset gets that of the host. */
function withoutFeatures({ vm, ...rest }: Fields): Fields {
  const { platformdata, ...others } = vm as Fields;
  const { featureset: _, ...data } = platformdata as Fields;
  return { ...rest, vm: { ...others, platformdata: data } };
}

async function exportedBy(bench: XenopsBench): Promise<string> {
  await using target = await bench.open();
  const client = new Client(target);
  await client.addFull("vm");
  return (await client.call("VM.export_metadata", { id: "vm" })) as string;
}

function parsed(metadata: unknown): Fields {
  return JSON.parse(metadata as string) as Fields;
}
