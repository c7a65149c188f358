/** Adapter of a toy monitor for freezethaw: one JSON message per line in, one out. */
import { Buffer } from "node:buffer";
import process from "node:process";

// ---- The monitor. Put yours in place of it. ----

const RELEASES = ["1.0", "2.0"]; // Oldest first.

type Machine = { release: string; memory: number; uptime: number };

/** The release does not take a state; nothing has happened to it. */
class Refused extends Error {}

function start(release: string, seed: number): Machine {
  return { release, memory: seed, uptime: 0 };
}

function save({ release, memory, uptime }: Machine): string {
  if (release === "1.0") return `toy1 ${memory} ${uptime}`;
  return `toy2 ${memory} ${uptime} ${memory + uptime}`; // 2.0 adds a sum.
}

function restore(release: string, state: string): Machine {
  const found = /^toy([12]) (\d{1,15}) (\d{1,15})(?: (\d{1,16}))?$/.exec(state);
  if (found === null) throw new Refused("the state is damaged");
  const [version = 0, memory = 0, uptime = 0, sum = 0] = found
    .slice(1)
    .map((word) => Number(word ?? 0));
  if (version === 2 && release === "1.0") {
    throw new Refused("1.0 reads states of version 1: current value is 2");
  }
  if (version === 2 && sum !== memory + uptime) throw new Refused("the sum of the state is wrong");
  return { release, memory, uptime: uptime + 1 }; // It goes on.
}

/** What the guest can see. */
function observe({ memory, uptime }: Machine) {
  return { memory, uptime };
}

// ---- The protocol. ----

const HELLO = {
  protocol: 1,
  name: "toy",
  releases: RELEASES,
  facets: ["observe"],
  format: "toy",
  ticks: ["/uptime"],
};
const machines = new Map<string, Machine>();
let made = 0;

function adopt(machine: Machine) {
  const id = `m${++made}`;
  machines.set(id, machine);
  return { machine: id, release: machine.release };
}

function machineOf(id: string): Machine {
  const machine = machines.get(id);
  if (machine === undefined) throw new TypeError("there is no such machine");
  return machine;
}

function releaseOf(name: string): string {
  if (!RELEASES.includes(name)) throw new TypeError("there is no such release");
  return name;
}

type Params = { release: string; seed: number; machine: string; state: { base64: string } };
const METHODS = new Map<string, (params: Params) => unknown>([
  ["hello", () => HELLO],
  ["start", ({ release, seed }) => adopt(start(releaseOf(release), seed))],
  [
    "restore",
    ({ release, state: { base64 } }) =>
      adopt(restore(releaseOf(release), Buffer.from(base64, "base64").toString("latin1"))),
  ],
  [
    "save",
    ({ machine }) => ({
      state: { base64: Buffer.from(save(machineOf(machine)), "latin1").toString("base64") },
    }),
  ],
  ["observe", ({ machine }) => ({ value: observe(machineOf(machine)) })],
  [
    "stop",
    ({ machine }) => {
      machineOf(machine);
      machines.delete(machine);
      return {};
    },
  ],
]);

function reply(method: string, params: Params) {
  const run = METHODS.get(method);
  if (run === undefined) return { error: { code: -32601, message: "there is no such method" } };
  try {
    return { result: run(params) };
  } catch (error) {
    const message = (error as Error).message.replaceAll("\n", " ");
    return { error: { code: error instanceof Refused ? -32001 : -32602, message } };
  }
}

let rest = "";
process.stdin.setEncoding("utf8");
// Not by node:readline, which also ends lines at U+2028, and that may stand in a text of JSON.
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const { id, method, params } = JSON.parse(line);
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...reply(method, params) })}\n`);
  }
}
