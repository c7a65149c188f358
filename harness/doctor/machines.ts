/**
 * Machines of an adapter, as a check uses them: every request as the harness would make it, every
 * answer held against its shape.
 *
 * @module
 */
import { type Chart, Gone, shown } from "./chart.ts";
import type { Code } from "./findings_table.ts";
import { HELLO_MEMBERS, type Hello, type Role, readHello } from "./hello.ts";
import { isObject } from "./line_reader.ts";
import { without } from "./seen.ts";
import type { Asking, Reply, Talk } from "./talk.ts";

export interface Begin {
  readonly release: string;
  readonly seed: number;
  readonly rig: string;
}

/** A saved state, and who wrote it. */
export interface State {
  readonly octets: Buffer;
  readonly writer: string;
}

const ABSENT = -32006;
const SAVE_FAILED = -32004;
/** The adapter does not serve what is asked for. */
export const UNSERVED: readonly number[] = [-32601, -32005];
/** Says no more than that something is wrong with the adapter. */
const BROKEN = [-32603, -32602, -32600, -32700];

/** Members that each result may have. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  hello: HELLO_MEMBERS,
  start: ["machine", "release", "build", "facets", "verbs"],
  restore: ["machine", "release", "build", "facets", "verbs"],
  save: ["state"],
  observe: ["value"],
};
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export class Machines {
  readonly chart: Chart;
  readonly hello: Hello;
  readonly talk: Talk;
  /** Facets but observe that machines have had. */
  readonly told = new Set<string>();
  /** Both sides have said that octets may stand behind messages. */
  readonly #hasFrames: boolean;

  constructor(chart: Chart, hello: Hello, talk: Talk, hasFrames: boolean) {
    this.chart = chart;
    this.hello = hello;
    this.talk = talk;
    this.#hasFrames = hasFrames;
  }

  /** A machine that was started; undefined when it was not. */
  async start(begin: Begin): Promise<string | undefined> {
    const reply = await this.talk.ask("start", this.params(begin));
    const { release } = begin;
    if (reply.code === undefined) return await this.#machineOf("start", release, reply);
    if (reply.code === ABSENT) this.chart.note(`release ${release}, which is absent here`);
    else this.chart.find("start-refused", `release ${release} does not start: ${reply.why}`);
    return undefined;
  }

  /** Parameters of a start. */
  params({ release, seed, rig }: Begin) {
    const { inputs, settings } = this.hello;
    return { release, inputs, settings, seed, rig };
  }

  /** Parameters of a restore. */
  restoreParams(begin: Begin, { octets, writer }: State) {
    const { format, name } = this.hello;
    const state = { base64: octets.toString("base64") };
    const origin = { implementation: name, release: writer };
    return { ...this.params(begin), state, format, writer: origin };
  }

  /** A machine that came back; a refusal is an answer, and no machine. */
  async restore(begin: Begin, state: State): Promise<string | undefined> {
    const { release } = begin;
    const what = `a restore by ${release} of what ${state.writer} saved`;
    const reply = await this.talk.ask("restore", this.restoreParams(begin, state), { what });
    if (reply.code === undefined) return await this.#machineOf("restore", release, reply);
    if (UNSERVED.includes(reply.code)) this.findUnserved("restore", release, reply);
    else if (BROKEN.includes(reply.code)) {
      this.chart.find("internal-error", `${what} was answered with ${reply.why}`);
    }
    return undefined;
  }

  async save(machine: string, release: string): Promise<State | undefined> {
    const reply = await this.talk.ask("save", this.saveParams(machine));
    if (reply.code === undefined) return this.stateOf(reply.result, release);
    if (UNSERVED.includes(reply.code)) this.findUnserved("save", release, reply);
    else if (reply.code !== SAVE_FAILED) {
      this.chart.find("internal-error", `a save by ${release} was answered with ${reply.why}`);
    }
    return undefined;
  }

  saveParams(machine: string) {
    const correlationId = "d0c70000-0000-4000-8000-000000000001";
    return { machine, correlationId, settings: this.hello.settings };
  }

  /** What the guest can see, without what may change; undefined when nothing is told. */
  async observe(machine: string): Promise<unknown> {
    return this.steady(await this.look(machine));
  }

  /** The same; nothing, when it cannot be told. */
  async observeOr(machine: string): Promise<unknown> {
    const { code, result } = await this.talk.ask("observe", { machine });
    if (code !== undefined) return undefined;
    return this.steady(this.valueOf(result));
  }

  /** What must not change. */
  steady(value: unknown): unknown {
    const { hello, chart } = this;
    return without(value, [...hello.volatile, ...hello.ticks, ...chart.moving]);
  }

  /** All that the guest can see. */
  async look(machine: string, asking?: Asking): Promise<unknown> {
    const reply = await this.talk.ask("observe", { machine }, asking);
    if (reply.code === undefined) return this.valueOf(reply.result);
    const what = `observe is declared and answered with ${reply.why}`;
    this.chart.find("facet-refused", what);
    this.chart.shun("observe");
    return undefined;
  }

  async stop(machine: string): Promise<void> {
    const reply = await this.talk.ask("stop", { machine });
    if (reply.code !== undefined) {
      this.chart.find("stop-refused", `stop was answered with ${reply.why}`);
    }
  }

  /** The state of a result, when it is one. */
  stateOf(result: unknown, writer: string): State | undefined {
    this.#demandMembers("save", result);
    const { base64, octets } = stateMembers(result);
    if (octets instanceof Uint8Array) {
      const what = "save sends octets behind the message, and the harness did not say frames";
      if (!this.#hasFrames) this.chart.find("frames-unasked", what);
      return { octets: Buffer.from(octets), writer };
    }
    if (typeof base64 !== "string") return this.#misshapen("save", result);
    if (!BASE64.test(base64)) this.chart.find("base64", `the state is ${shown(base64)}`);
    return { octets: Buffer.from(base64, "base64"), writer };
  }

  valueOf(result: unknown): unknown {
    this.#demandMembers("observe", result);
    if (isObject(result) && result.value !== undefined) return result.value;
    return this.#misshapen("observe", result);
  }

  /** What was declared, or is usual, and is not there. */
  findUnserved(role: Role, release: string, { why }: Reply): void {
    const code: Code = "role-refused";
    this.chart.find(code, `${release} should ${role} and answered with ${why}`);
  }

  async #machineOf(
    method: string,
    release: string,
    { result }: Reply,
  ): Promise<string | undefined> {
    this.#demandMembers(method, result);
    const members = isObject(result) ? result : {};
    if (typeof members.machine !== "string" || typeof members.release !== "string") {
      return this.#misshapen(method, result);
    }
    this.#checkFacets(method, members.facets);
    if (members.release !== release) {
      const what = `${method} of ${release} says that ${shown(members.release)} runs`;
      this.chart.find("release-lies", what);
    }
    const { machine, verbs } = members;
    if (Array.isArray(verbs) && verbs.includes("goOn")) await this.talk.ask("goOn", { machine });
    return machine;
  }

  /** A facet but observe is there when a machine tells its methods. */
  #checkFacets(method: string, facets: unknown): void {
    const names = Object.keys(isObject(facets) ? facets : {});
    const odd = names.find((facet) => !this.hello.facets.includes(facet));
    for (const name of names) this.told.add(name);
    if (odd === undefined) return;
    const what = `${method} is answered with ${shown(odd)}, and hello lacks it`;
    this.chart.find("facet-undeclared", what);
  }

  #demandMembers(method: string, result: unknown): void {
    const known = MEMBERS[method] ?? [];
    const odd = Object.keys(isObject(result) ? result : {}).find((name) => !known.includes(name));
    if (odd !== undefined) {
      this.chart.find("unknown-member", `${method} is answered with a member ${shown(odd)}`);
    }
  }

  #misshapen(method: string, result: unknown): undefined {
    const is = shown(JSON.stringify(result) ?? "nothing");
    this.chart.find("result-shape", `${method} must not be answered with ${is}`);
    return undefined;
  }
}

/** Greets the adapter, and has a machines for its machines. */
export async function greet(talk: Talk, chart: Chart, frames = false): Promise<Machines> {
  const params = { protocol: { min: 1, max: 1 }, harness: "freezethaw doctor", frames };
  const reply = await talk.ask("hello", params);
  if (reply.code !== undefined) {
    chart.find("hello-refused", `hello was answered with ${reply.why}`);
    chart.isClosed = true;
    throw new Gone();
  }
  const hello = readHello(reply.result, chart);
  const odd = Object.keys(reply.result as object).find((name) => !HELLO_MEMBERS.includes(name));
  if (odd !== undefined) {
    chart.find("unknown-member", `hello is answered with a member ${shown(odd)}`);
  }
  return new Machines(chart, hello, talk, frames && hello.frames);
}

function stateMembers(result: unknown): { readonly [key: string]: unknown } {
  const state = isObject(result) ? result.state : undefined;
  return isObject(state) ? state : {};
}
