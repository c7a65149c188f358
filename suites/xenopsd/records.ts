/**
 * Cases of runtime records of old, which come in the metadata of their VM or lie in the database.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { check } from "../../harness/mod.ts";
import { type Host, type Vm, vmOf } from "../../src/xenops_interface/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, same, text } from "./client.ts";
import { PV } from "./fixtures.ts";

type Fields = Record<string, unknown>;
const PROFILES = [undefined, "Qemu_trad", "Qemu_upstream_compat"] as const;
const OF_CONFIG: [string, string][] = [["of", "config"]];

export const RECORDS: Checks = {
  M11: withClient(async (client) => {
    for (const version of [undefined, 0, 1, 2]) {
      for (const profile of PROFILES) {
        for (const platformdata of [{}, { of: "record" }]) {
          const extra = { version, profile, platformdata };
          const found = await upgraded(client, extra, { platformdata: OF_CONFIG });
          const what = `a record of version ${version} with profile ${profile}`;
          same(found.version, version ?? 0, `the version of ${what}`);
          same(found.profile, "Qemu_upstream_compat", `the profile of ${what}`);
          same(found.original_profile, profile ?? "Qemu_trad", `the first profile of ${what}`);
          const of = "of" in platformdata ? "record" : "config";
          same((found.platformdata as Fields).of, of, `the platform data of ${what}`);
        }
      }
    }
  }),

  M12: withClient(async (client) => {
    const once = await upgraded(client, { profile: "Qemu_trad" }, { platformdata: OF_CONFIG });
    const twice = await upgraded(client, once, { platformdata: OF_CONFIG });
    same(twice, once, "a record that was upgraded twice");
  }),

  M13: withClient(async (client) => {
    for (const id of ["old", "bad"]) await client.running(id, "all");
    const [, before] = await client.stat("old");
    const extra = recordOf(client, "old");
    writeRecord(client, "old", { ...extra, version: 0, profile: "Qemu_trad", platformdata: {} });
    client.target.files?.write(["extra", "bad"], '{"version": "none of ours"');
    await client.target.restart?.();
    await client.target.settle();
    const [, after] = await client.stat("old");
    same([after.power_state, after.domids], ["Running", before.domids], "the VM that runs");
    const { version, profile } = recordOf(client, "old");
    same([version, profile], [0, "Qemu_upstream_compat"], "its record");
  }),

  M14: withClient(async (client) => {
    const { cpu_info } = (await client.call("HOST.stat")) as Host;
    const words = cpu_info.features_hvm.split("-");
    const first = words[0] ?? "";
    const longer = [...words, "00000004"].join("-");
    const extended = [first, ...words.slice(1).map(() => "00000000")].join("-");
    const becomes = [
      [first, extended],
      [words.join("-"), words.join("-")],
      [undefined, undefined],
      [longer, longer],
    ] as const;
    for (const [featureset, wanted] of becomes) {
      const platformdata = featureset === undefined ? { of: "record" } : { featureset };
      const found = (await upgraded(client, { platformdata })).platformdata as Fields;
      same(found.featureset, wanted, `what ${featureset} becomes`);
    }
  }),

  M15: withClient(async (client) => {
    await suspended(client);
    const extra = recordOf(client, "vm");
    const { suspend_memory_bytes, ...persistent } = extra;
    const record = { persistent, non_persistent: { suspend_memory_bytes } };
    client.target.files?.write(["extra", "vm"], JSON.stringify(record));
    await client.demandPower("vm", "Halted");
    await client.completes("VM.resume", SUSPEND);
  }),

  M16: withClient(async (client) => {
    await suspended(client);
    const { build_info: _, ...rest } = recordOf(client, "vm");
    writeRecord(client, "vm", rest);
    const { state } = await client.fails("Does_not_exist", "VM.resume", SUSPEND);
    check(text(state).includes('"build_info"'), `it ended ${text(state)}`);
  }),

  M17: async (bench) => {
    for (const ty of [vmOf("vm").ty, PV]) {
      await withClient(async (client) => {
        await suspended(client, { ty });
        const was = recordOf(client, "vm").domain_config;
        losesConfig(client);
        await client.completes("VM.resume", SUSPEND);
        same(recordOf(client, "vm").domain_config, was, `the domain_config of ${ty[0]}`);
      })(bench);
    }
    await withClient(async (client) => {
      await suspended(client, { ty: ["PVinPVH", PV[1]] as Vm["ty"] });
      losesConfig(client);
      const { state } = await client.fails("Internal_error", "VM.resume", SUSPEND);
      check(text(state).includes("PVinPVH"), `it ended ${text(state)}`);
      const [, { power_state: power, domids }] = await client.stat("vm");
      same([power, domids], ["Suspended", []], "the VM that cannot be resumed");
    })(bench);
  },

  M22: withClient(async (client) => {
    const extra = { platformdata: { "generation-id": "of the record" } };
    const found = await upgraded(client, extra, { generation_id: "of the configuration" });
    const { "generation-id": id } = found.platformdata as Fields;
    same(id, "of the configuration", "the generation id");
  }),

  M23: withClient(async (client) => {
    const [, info] = vmOf("vm").ty;
    const ty = (timeoffset: string) => ["HVM", { ...info, timeoffset }] as never;
    const found = await upgraded(client, { ty: ty("-60") }, { ty: ty("3600") });
    const [, { timeoffset }] = found.ty as [string, Fields];
    same(timeoffset, "3600", "the time offset");
  }),

  M24: withClient(async (client) => {
    const vm = vmOf("vm");
    const domains = await client.call("VM.generate_state_string", { vm });
    await client.add("vm");
    const exported = parsed(await client.call("VM.export_metadata", { id: "vm" }));
    await client.call("VM.import_metadata", {
      metadata: JSON.stringify({ ...exported, domains }),
    });
    same(recordOf(client, "vm").version, 0, "the version of the record");
  }),
};

const SUSPEND = { id: "vm", suspend_vdi: ["Local", "/image"] };

async function suspended(client: Client, changes: Partial<Vm> = {}): Promise<void> {
  await client.addFull("vm", changes);
  await client.start("vm");
  await client.completes("VM.unpause", { id: "vm" });
  await client.completes("VM.suspend", SUSPEND);
}

/** What the releases before 2017 wrote. */
function losesConfig(client: Client): void {
  const { domain_config: _, ...rest } = recordOf(client, "vm");
  writeRecord(client, "vm", rest);
}

function parsed(metadata: unknown): Fields {
  return JSON.parse(metadata as string) as Fields;
}

function recordOf({ target }: Client, id: string): Fields {
  const found = target.files?.read(["extra", id]);
  check(found !== undefined, `${id} has no runtime record`);
  const { persistent, ...rest } = JSON.parse(found) as Fields;
  return (persistent as Fields | undefined) ?? rest;
}

function writeRecord({ target }: Client, id: string, record: Fields): void {
  target.files?.write(["extra", id], JSON.stringify({ persistent: record }));
}

/** What `extra` becomes in the metadata of a VM that is imported. */
async function upgraded(client: Client, extra: Fields, changes: Partial<Vm> = {}): Promise<Fields> {
  await client.add("vm", changes);
  const exported = parsed(await client.call("VM.export_metadata", { id: "vm" }));
  const domains = JSON.stringify({ ...OLDEST, ...extra });
  await client.call("VM.import_metadata", { metadata: JSON.stringify({ ...exported, domains }) });
  return recordOf(client, "vm");
}

/** What every record has. */
const OLDEST = { last_start_time: 0, nomigrate: false, nested_virt: false };
