/**
 * A toy machine behind the adapter protocol, for tests; `toy_adapter.py` says the same in another
 * language. It knows nothing of the harness.
 *
 * @module
 */
import { createInterface } from "node:readline";

interface State {
  uptime: number;
  readonly memory: number;
  from: string;
}

interface Params {
  readonly [name: string]: unknown;
}

/** How many values its axis has; none, and no axis, when it is not told. */
const VALUES = Number(process.argv[2] ?? 0) || 0;
/** 1.0 only writes, 2.0 only reads, and 3.0 can say what is in a state. */
const HALF = {
  roles: { "1.0": ["save"], "2.0": ["restore"], "3.0": ["save", "restore", "codec"] },
};

const machines = new Map<string, State>();

const METHODS: Readonly<Record<string, (params: Params) => unknown>> = {
  hello: () => ({
    protocol: 1,
    name: "toy",
    releases: ["1.0", "2.0", "3.0"],
    facets: ["observe"],
    limits: { inFlight: 2 },
    format: process.argv[2] === "--format" ? process.argv[3] : "toy-json",
    ...(process.argv[2] === "--half" ? HALF : {}),
    ticks: ["/uptime"],
    volatile: ["/clock"],
    ...(VALUES === 0 ? {} : { axes: [{ name: "load", per: "path", values: loads() }] }),
  }),
  start: ({ release, seed }) =>
    begin(release, { uptime: 1, memory: seed as number, from: String(release) }),
  restore: ({ release, state }) => begin(release, read(state as { base64: string }, release)),
  save({ machine }) {
    const text = JSON.stringify(machines.get(String(machine)));
    return { state: { base64: Buffer.from(text).toString("base64") } };
  },
  observe({ machine }) {
    const state = machines.get(String(machine)) as State;
    state.uptime++;
    return { value: { uptime: state.uptime, memory: state.memory } };
  },
  decode: ({ state }) => ({ value: parsed(state as { base64: string }) }),
  encode: ({ value }) => ({
    state: { base64: Buffer.from(JSON.stringify(value)).toString("base64") },
  }),
  stop({ machine }) {
    machines.delete(String(machine));
    return {};
  },
};

/** Values of an axis of the machine. */
function loads(): string[] {
  return Array.from({ length: VALUES }, (_, at) => `l${at}`);
}

class Refused extends Error {}

function begin(release: unknown, state: State) {
  const machine = `m${machines.size + 1}`;
  machines.set(machine, state);
  return { machine, release };
}

function parsed({ base64 }: { readonly base64: string }): State {
  return JSON.parse(Buffer.from(base64, "base64").toString()) as State;
}

function read(blob: { readonly base64: string }, release: unknown): State {
  const state = parsed(blob);
  if (state.from === "1.0" && release === "3.0") {
    const must = "its release must be 2.0 or later: current value is 1.0";
    throw new Refused(`Cannot restore state as ${must}`);
  }
  return { ...state, from: String(release) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as { id: number; method: string; params: Params };
  let answer: unknown;
  try {
    const answered = METHODS[method];
    answer =
      answered === undefined
        ? { error: { code: -32601, message: `unknown: ${method}` } }
        : { result: answered(params) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    answer = { error: { code: -32001, message: error.message } };
  }
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...(answer as object) })}\n`);
}
