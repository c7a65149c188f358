/**
 * Cases of the wire: requests are texts, so that nothing of a client's own hides what is sent.
 *
 * Source: interface of xenopsd, envelope and marshalling rules.
 *
 * @module
 */
import { check } from "../../harness/mod.ts";
import { ERROR, vmOf } from "../../src/xenops_interface/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, same, text } from "./client.ts";

interface Reply {
  readonly result: unknown;
  readonly error: unknown;
  /** The whole reply, as it came. */
  readonly raw: string;
}

type Fields = Record<string, unknown>;

export const WIRE: Checks = {
  W01: withClient(async (client) => {
    await addAs(client, "left-out", (vm) => vm);
    const [vm] = (await stat(client, "left-out")).result as [Fields];
    check(!("generation_id" in vm), `generation_id is ${text(vm.generation_id)} on the wire`);
    await refused(client, "VM.add", { vm: { ...(await template(client)), generation_id: null } });
    await refused(client, "UPDATES.get", { last_id: null, timeout: 0 });
  }),

  W02: withClient(async (client) => {
    await addAs(client, "case", (vm) => {
      const [tag, payload] = vm.ty as [string, unknown];
      const loud = Object.entries({ ...vm, ty: [tag.toLowerCase(), payload] });
      return Object.fromEntries(loud.map(([key, value]) => [key.toUpperCase(), value]));
    });
    const [vm] = (await stat(client, "case")).result as [Fields];
    same((vm.ty as unknown[])[0], "HVM", "the builder");
  }),

  W03: withClient(async (client) => {
    await addAs(client, "unknown", (vm) => {
      const [tag, payload] = vm.ty as [string, Fields];
      const scheduler = { ...(vm.scheduler_params as Fields), of_the_future: [] };
      return {
        ...vm,
        of_the_future: { deep: [1] },
        ty: [tag, { ...payload, of_the_future: 1 }],
        scheduler_params: scheduler,
      };
    });
    const { raw } = await stat(client, "unknown");
    check(!raw.includes("of_the_future"), "what is unknown comes back");
  }),

  W04: withClient(async (client) => {
    await addAs(client, "wrong", (vm) => ({ ...vm, name: 17 }));
    const [vm] = (await stat(client, "wrong")).result as [Fields];
    same(vm.name, "unnamed", "a name that was a number");
    await refused(client, "VM.add", { vm: { ...(await template(client)), vcpus: "many" } });
  }),

  W05: withClient(async (client) => {
    const pairs = '{"b":"1","a":"2","b":"3"}';
    const vm = JSON.stringify(await template(client)).replace(/"xsdata":\{\}/, `"xsdata":${pairs}`);
    const added = await send(client, `{"method":"VM.add","params":[{"vm":${vm},${DBG}}],"id":1}`);
    check(added.error === null, `VM.add answers ${text(added.error)}`);
    const { raw } = await stat(client, "template");
    check(raw.replace(/\s/g, "").includes(`"xsdata":${pairs}`), "pairs are not what was sent");
  }),

  W06: withClient(async (client) => {
    const vm = JSON.stringify(await template(client));
    const large = vm.replace(/"memory_static_max":\d+/, '"memory_static_max":9007199254740993');
    await send(client, `{"method":"VM.add","params":[{"vm":${large},${DBG}}],"id":1}`);
    const { raw } = await stat(client, "template");
    check(/"memory_static_max":\s*9007199254740993\b/.test(raw), "9007199254740993 was rounded");
  }),

  W07: withClient(async (client) => {
    await addAs(client, "video", (vm) => {
      const [tag, payload] = vm.ty as [string, Fields];
      return { ...vm, ty: [tag, { ...payload, video: "Of_the_future" }] };
    });
    const [vm] = (await stat(client, "video")).result as [Fields];
    same((vm.ty as [string, Fields])[1].video, "Cirrus", "an unknown video card");
    const vgpu = { id: ["video", "0"], position: 0, implementation: ["Of_the_future", {}] };
    const added = await ask(client, "VGPU.add", { vgpu });
    check(added.error === null, `VGPU.add answers ${text(added.error)}`);
    const shown = (await ask(client, "VGPU.stat", { id: ["video", "0"] })).result as [Fields];
    same([shown[0].implementation].flat()[0], "Empty", "an unknown vGPU");
    same(ERROR.decode(["Of_the_future", "why"]).tag, "Unknown_error", "an unknown error");
    const builder = { ...(await template(client)), ty: ["Of_the_future", {}] };
    await refused(client, "VM.add", { vm: builder });
  }),

  W08: withClient(async (client) => {
    for (const id of ["77", "0", '"of text"']) {
      const reply = await send(
        client,
        `{"method":"query","params":[{${DBG},"unit":null}],"id":${id}}`,
      );
      same((reply.result as Fields | null)?.name, "xenops", `the answer to request ${id}`);
    }
  }),

  W09: withClient(async (client) => {
    const query = await send(client, '{"method":"query","params":["old",null],"id":1}');
    same((query.result as Fields | null)?.name, "xenops", "the answer to a query of old");
    await client.add("moved");
    const exported = await client.call("VM.export_metadata", { id: "moved" });
    const params = JSON.stringify(["old", exported]);
    const reply = await send(client, `{"method":"VM.import_metadata","params":${params},"id":1}`);
    same(reply.result, "moved", "the answer to an import of old");
  }),

  W10: withClient(async (client) => {
    const trace = '{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}';
    for (const debug_info of ["plain", `with\n${trace}`, "with\n00-0af7-b7ad-01"]) {
      const params = JSON.stringify([{ debug_info, unit: null }]);
      const reply = await send(client, `{"method":"query","params":${params},"id":1}`);
      check(reply.error === null, `debug_info ${text(debug_info)} answers ${text(reply.error)}`);
    }
  }),

  W11: withClient(async (client) => {
    const { error } = await ask(client, "VM.add", {});
    same([error].flat()[0], "Internal_error", "the answer to VM.add without a VM");
    const { result } = await ask(client, "query", { unit: null });
    same((result as Fields | null)?.name, "xenops", "the answer to the next request");
  }),
};

const DBG = '"debug_info":"wire"';

async function send({ target }: Client, request: string): Promise<Reply> {
  const raw = await (target.wire as NonNullable<typeof target.wire>)(request);
  const { result = null, error = null } = JSON.parse(raw) as Fields;
  return { result, error, raw };
}

function ask(client: Client, method: string, params: object): Promise<Reply> {
  const named = JSON.stringify({ ...params, debug_info: "wire" });
  return send(client, `{"method":"${method}","params":[${named}],"id":1}`);
}

function stat(client: Client, id: string): Promise<Reply> {
  return ask(client, "VM.stat", { id });
}

/** A VM called `template`, as the server itself writes it. */
async function template(client: Client): Promise<Fields> {
  await client.call("VM.add", { vm: vmOf("template") });
  const [vm] = (await stat(client, "template")).result as [Fields];
  return vm;
}

/** Adds a VM that is written in another way. */
async function addAs(client: Client, id: string, change: (vm: Fields) => Fields): Promise<void> {
  const vm = change({ ...(await template(client)), id });
  const { error } = await ask(client, "VM.add", { vm });
  check(error === null, `VM.add answers ${text(error)}`);
}

async function refused(client: Client, method: string, params: object): Promise<void> {
  const { error, result } = await ask(client, method, params);
  check(error !== null, `${method} answers ${text(result)} instead of an error`);
}
