/**
 * The other side: an embedded implementation as an adapter, which answers the messages of the
 * protocol. Requests are answered one after the other; each is checked before it is obeyed.
 *
 * @module
 */
import {
  CrashedError,
  HungError,
  RefusedError,
  type Rig,
  type RunningMachine,
  SaveError,
} from "../../adapter.ts";
import type { Contents } from "../../facets/codec.ts";
import type { Seen } from "../../facets/observe.ts";
import { hopOf } from "../../hops.ts";
import { textOf } from "../../outcome.ts";
import { facetsOf } from "./facets.ts";
import type { Message } from "./framing.ts";
import {
  CODES,
  METHODS,
  type MethodName,
  type Params,
  PROTOCOL_MAX,
  type RpcError,
} from "./messages.ts";
import { octetsOf } from "./octets.ts";
import { helloOf, type Served } from "./served.ts";
import { tagged, untagged } from "./typed.ts";

/** A request that cannot be obeyed as it is. */
class BadRequest extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A rig and the octets that its machines have saved, which a model may know again. */
interface Held {
  readonly rig: Rig;
  readonly saved: Uint8Array[];
}

type Handlers = { readonly [M in MethodName]: (params: Params<M>) => Promise<unknown> };

export class AdapterServer {
  readonly #served: Served;
  readonly #rigs = new Map<string, Held>();
  readonly #machines = new Map<string, { readonly machine: RunningMachine; readonly held: Held }>();
  readonly #canFrame: boolean;
  #frames = false;
  #count = 0;

  /** `canFrame`: octets can stand behind its answers. */
  constructor(served: Served, canFrame: boolean) {
    this.#served = served;
    this.#canFrame = canFrame;
  }

  /** Both sides have said that octets stand behind messages. */
  get frames(): boolean {
    return this.#frames;
  }

  /** The answer to a message; undefined when it wants none. */
  async answer(message: Message): Promise<Message | undefined> {
    const { id, method, params, jsonrpc } = message;
    if (id === undefined) return undefined;
    try {
      if (jsonrpc !== "2.0") throw new BadRequest(CODES.request, 'there must be "jsonrpc": "2.0"');
      return { jsonrpc: "2.0", id, result: await this.#obey(method, params) };
    } catch (error) {
      return { jsonrpc: "2.0", id, error: rpcErrorOf(error) };
    }
  }

  /** Ends all machines and rigs. */
  async close(): Promise<void> {
    for (const { machine } of this.#machines.values()) await machine[Symbol.asyncDispose]();
    for (const { rig } of this.#rigs.values()) await rig[Symbol.asyncDispose]();
    this.#machines.clear();
    this.#rigs.clear();
  }

  #obey(method: unknown, params: unknown): Promise<unknown> {
    if (typeof method !== "string" || !Object.hasOwn(METHODS, method)) {
      throw new BadRequest(CODES.method, `there is no method ${JSON.stringify(method)}`);
    }
    const name = method as MethodName;
    const found = METHODS[name].params.check(params, "");
    if (found !== undefined) throw new BadRequest(CODES.params, found);
    return (this.#handlers[name] as (params: unknown) => Promise<unknown>)(params);
  }

  readonly #handlers: Handlers = {
    hello: async ({ protocol, frames }) => {
      if (protocol.min > PROTOCOL_MAX || protocol.max < 1) {
        const must = `protocol must be 1 to ${PROTOCOL_MAX}`;
        throw new BadRequest(CODES.params, `${must}: current value is ${protocol.min} and up`);
      }
      this.#frames = frames && this.#canFrame;
      return { ...(await helloOf(this.#served)), frames: this.#frames };
    },
    start: async (params) => {
      const held = await this.#rigOf(params);
      return this.#running(await held.rig.start(this.#hop(params)), held);
    },
    restore: async (params) => {
      const held = await this.#rigOf(params);
      const octets = octetsOf(params.state);
      if (octets === undefined) throw new BadRequest(CODES.params, "/state must have octets");
      const known = held.saved.find((it) => Buffer.compare(it, octets) === 0);
      const state = { writer: params.writer, codec: params.format, bytes: known ?? octets };
      return this.#running(await held.rig.restore(this.#hop(params), state), held);
    },
    save: async ({ machine, correlationId, settings }) => {
      const { machine: running, held } = this.#machine(machine);
      const { bytes } = await running.save({ correlationId, settings });
      held.saved.push(bytes);
      return { state: bytes };
    },
    observe: async ({ machine }) => {
      const { observe } = this.#machine(machine).machine;
      if (observe === undefined) throw new BadRequest(CODES.unsupported, "there is no observe");
      return { value: await observe.look() };
    },
    call: async ({ machine, facet, method, arguments: args }) => {
      const facets = this.#machine(machine).machine as unknown as Record<string, unknown>;
      const object = facets[facet] as Record<string, unknown> | undefined;
      const called = facetsOf({ [facet]: object })[facet]?.methods.includes(method);
      if (!called) throw new BadRequest(CODES.unsupported, `there is no ${facet}.${method}`);
      const work = object?.[method] as (...args: unknown[]) => unknown;
      return { value: tagged(await work.apply(object, args.map(untagged))) };
    },
    decode: ({ release, state }) => {
      const octets = octetsOf(state);
      if (octets === undefined) throw new BadRequest(CODES.params, "/state must have octets");
      return Promise.resolve({ value: this.#contentsOf(release).decode(octets) });
    },
    encode: ({ release, value }) => {
      return Promise.resolve({ state: this.#contentsOf(release).encode(value as Seen) });
    },
    stop: async ({ machine }) => {
      const { machine: running } = this.#machine(machine);
      this.#machines.delete(machine);
      await running[Symbol.asyncDispose]();
      return {};
    },
    fork: ({ rig, as }) => {
      const held = this.#rigs.get(rig);
      const copy = held?.rig.fork?.();
      if (copy === undefined) throw new BadRequest(CODES.unsupported, `${rig} cannot be copied`);
      this.#rigs.set(as, { rig: copy, saved: [...(held?.saved ?? [])] });
      return Promise.resolve({});
    },
    struck: ({ rig }) => Promise.resolve({ value: this.#rigs.get(rig)?.rig.struck?.() ?? null }),
    goOn: async ({ machine }) => {
      await this.#machine(machine).machine.goOn?.();
      return {};
    },
    takeLeave: async ({ machine }) => {
      return { value: (await this.#machine(machine).machine.takeLeave?.()) ?? [] };
    },
    endRig: async ({ rig }) => {
      const held = this.#rigs.get(rig);
      this.#rigs.delete(rig);
      await held?.rig[Symbol.asyncDispose]();
      return {};
    },
  };

  async #rigOf({ rig, settings, seed }: Params<"start">): Promise<Held> {
    const known = this.#rigs.get(rig);
    if (known !== undefined) return known;
    const held = { rig: await this.#served.adapter.rig(settings, seed), saved: [] };
    this.#rigs.set(rig, held);
    return held;
  }

  #contentsOf(release: string): Contents {
    const { contents } = this.#served;
    if (contents === undefined) throw new BadRequest(CODES.unsupported, "there is no codec");
    this.#demandRelease(release);
    return contents;
  }

  #demandRelease(release: string): void {
    if (this.#served.space.releases.includes(release)) return;
    throw new BadRequest(CODES.params, `there is no release ${release}`);
  }

  #hop({ release, inputs }: Params<"start">) {
    const { space } = this.#served;
    const same = (it: Readonly<Record<string, string>>) =>
      Object.keys(it).every((name) => it[name] === inputs[name]);
    const known = space.configurations.find(same);
    this.#demandRelease(release);
    return hopOf(space, release, known ?? inputs);
  }

  #running(machine: RunningMachine, held: Held) {
    const name = `m${++this.#count}`;
    this.#machines.set(name, { machine, held });
    const { release, build } = machine;
    const facets = facetsOf(machine as unknown as Record<string, unknown>);
    const verbs = (["goOn", "takeLeave"] as const).filter((verb) => machine[verb] !== undefined);
    return { machine: name, release, ...(build === undefined ? {} : { build }), facets, verbs };
  }

  #machine(name: string) {
    const found = this.#machines.get(name);
    if (found === undefined) throw new BadRequest(CODES.params, `there is no machine ${name}`);
    return found;
  }
}

function rpcErrorOf(error: unknown): RpcError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof BadRequest) return { code: error.code, message };
  if (error instanceof RefusedError) return { code: CODES.refused, message };
  if (error instanceof CrashedError) {
    return { code: CODES.crashed, message, data: { killed: error.killed } };
  }
  if (error instanceof HungError) return { code: CODES.hung, message };
  if (error instanceof SaveError) {
    return { code: CODES.saveFailed, message, data: { machineRuns: error.machineRuns } };
  }
  return { code: CODES.internal, message: textOf(error) };
}
