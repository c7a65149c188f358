/**
 * A toy machine behind the adapter protocol, for tests; `toy_adapter.py` says the same in another
 * language. It knows nothing of the harness.
 *
 * @module
 */
interface State {
  readonly uptime: number;
  readonly memory: number;
  readonly from: string;
}

interface Params {
  readonly [name: string]: unknown;
}

/** How many values its axis has; none, and no axis, when it is not told. */
const VALUES = Number(process.argv[2] ?? 0) || 0;
const RELEASES = ["1.0", "2.0", "3.0"];
/** 1.0 only writes, 2.0 only reads, and 3.0 can say what is in a state. */
const HALF: Readonly<Record<string, readonly string[]>> = {
  "1.0": ["save"],
  "2.0": ["restore"],
  "3.0": ["save", "restore", "codec"],
};
const ROLES = process.argv[2] === "--half" ? HALF : undefined;

interface Machine {
  readonly state: State;
  looks: number;
}

const machines = new Map<string, Machine>();
let started = 0;

const METHODS: Readonly<Record<string, (params: Params) => unknown>> = {
  hello: () => ({
    protocol: 1,
    name: "toy",
    releases: RELEASES,
    facets: ["observe"],
    limits: { inFlight: 2 },
    format: process.argv[2] === "--format" ? process.argv[3] : "toy-json",
    ...(ROLES === undefined ? {} : { roles: ROLES }),
    ticks: ["/uptime"],
    volatile: ["/clock"],
    ...(VALUES === 0 ? {} : { axes: [{ name: "load", per: "path", values: loads() }] }),
  }),
  start({ release, seed }) {
    demandRelease(release, "save");
    if (!Number.isInteger(seed)) throw new Meaningless("seed must be an integer");
    return begin(release, { uptime: 1, memory: seed as number, from: release });
  },
  restore({ release, state }) {
    demandRelease(release, "restore");
    return begin(release, read(textOf(state), release));
  },
  save: ({ machine }) => blobOf(named(machine).state),
  observe({ machine }) {
    const found = named(machine);
    const { uptime, memory } = found.state;
    return { value: { uptime, memory, clock: ++found.looks } };
  },
  decode({ release, state }) {
    demandRelease(release, "codec");
    return { value: parsed(textOf(state)) };
  },
  encode({ release, value }) {
    demandRelease(release, "codec");
    return blobOf(value);
  },
  stop({ machine }) {
    named(machine);
    machines.delete(String(machine));
    return {};
  },
};

/** Values of an axis of the machine. */
function loads(): string[] {
  return Array.from({ length: VALUES }, (_, at) => `l${at}`);
}

/** An error that the harness is told of, with its code. */
class Told extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

class Refused extends Told {
  constructor(message: string) {
    super(-32001, message);
  }
}

/** Parameters that cannot be meant. */
class Meaningless extends Told {
  constructor(message: string) {
    super(-32602, message);
  }
}

function demandRelease(release: unknown, role: string): asserts release is string {
  if (!RELEASES.includes(String(release))) throw new Meaningless(`there is no release ${release}`);
  const roles = ROLES?.[String(release)] ?? ["save", "restore"];
  if (!roles.includes(role)) throw new Told(-32005, `${release} has no role ${role}`);
}

function begin(release: string, state: State) {
  const machine = `m${++started}`;
  machines.set(machine, { state, looks: 0 });
  return { machine, release };
}

function named(machine: unknown): Machine {
  const found = machines.get(String(machine));
  if (found === undefined) throw new Meaningless(`there is no machine ${machine}`);
  return found;
}

function blobOf(value: unknown) {
  return { state: { base64: Buffer.from(JSON.stringify(value)).toString("base64") } };
}

function textOf(blob: unknown): string {
  const { base64 } = (blob ?? {}) as { readonly base64?: unknown };
  if (typeof base64 !== "string") throw new Meaningless("state must have base64");
  return Buffer.from(base64, "base64").toString();
}

function parsed(text: string): State {
  let state: Partial<State> | null;
  try {
    state = JSON.parse(text) as Partial<State> | null;
  } catch {
    throw new Refused("Cannot restore state as it must be JSON");
  }
  const { uptime, memory, from } = state ?? {};
  if (typeof uptime !== "number" || typeof memory !== "number" || typeof from !== "string") {
    throw new Refused("Cannot restore state as it must have uptime, memory and from");
  }
  return { uptime, memory, from };
}

function read(text: string, release: string): State {
  const { uptime, memory, from } = parsed(text);
  if (from === "1.0" && release === "3.0") {
    const must = "its release must be 2.0 or later: current value is 1.0";
    throw new Refused(`Cannot restore state as ${must}`);
  }
  return { uptime: uptime + 1, memory, from: release };
}

/** What there is to say to a request, besides its number. */
function answerTo(method: string, params: unknown): object {
  const answered = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (answered === undefined) return { error: { code: -32601, message: `unknown: ${method}` } };
  try {
    if (typeof params !== "object" || params === null) throw new Meaningless("no parameters");
    return { result: answered(params as Params) };
  } catch (error) {
    if (!(error instanceof Told)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

let rest = "";
process.stdin.setEncoding("utf8");
// Not by node:readline, which also ends lines at U+2028, and that may stand in a text of JSON.
for await (const chunk of process.stdin) {
  const lines = `${rest}${chunk}`.split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const { id, method, params } = JSON.parse(line);
    const answer = { jsonrpc: "2.0", id, ...answerTo(method, params) };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
