/**
 * An adapter with the one sickness that its argument names, and a healthy one without an argument.
 * Plain JavaScript, so that it starts fast. Only the test of the doctor starts it.
 */
import { spawn } from "node:child_process";

const sickness = process.argv[2] ?? "";
const is = (...names) => names.includes(sickness);
const RELEASES = ["1.0", "2.0"];

class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const machines = new Map();
let made = 0;
let looks = 0;
let last;
const used = new Set();
const kept = new Map();
let hasFrames = false;

function hello({ frames }) {
  hasFrames = frames;
  if (is("hello-refused")) throw new Failure(-32602, "no");
  const said = { protocol: 1, name: "toy", releases: RELEASES, facets: ["observe"] };
  const more = {
    "hello-shape": { protocol: 2 },
    "hello-shape-facets": { facets: "observe" },
    "hello-shape-releases": { releases: [] },
    "hello-changes": { name: `toy ${process.pid}` },
    "facet-undeclared": { facets: [] },
    "facet-refused-units": { facets: ["observe", "units"] },
    "role-undeclared": { roles: { "1.0": ["save"], "2.0": ["save", "restore"] } },
    "role-undeclared-save": { roles: { "2.0": ["restore"] } },
    "role-undeclared-codec": {},
    "role-refused-codec": { roles: { "1.0": ["save", "restore", "codec"] } },
    "frames-refused": { frames: true },
    "rigs-refused": { capabilities: ["rigs"] },
    "in-flight-refused": { limits: { inFlight: 2 } },
    "pointer-lost": { ticks: ["/none"] },
    "stable-lies": { capabilities: ["stable"] },
    "unknown-member-hello": { vendor: "us" },
    framing: { frames: true },
    "half-writer": { roles: { "1.0": ["save"], "2.0": ["save"] } },
    "half-reader": { roles: { "1.0": ["restore"], "2.0": ["restore"] } },
    volatile: { volatile: ["/clock"] },
    single: { limits: { machines: 1 } },
  };
  return { ticks: ["/uptime"], ...said, ...more[sickness] };
}

function start({ release, seed, rig, ...rest }) {
  const hasOdd = Object.keys(rest).some((name) => !["inputs", "settings"].includes(name));
  if (is("unknown-parameter") && hasOdd) throw new Failure(-32602, "unknown parameter");
  if (is("half-reader")) throw new Failure(-32005, "reads only");
  if (is("start-refused") && release === "2.0") throw new Failure(-32602, "no 2.0");
  if (is("one-machine", "single") && machines.size > 0) throw new Failure(-32602, "one at a time");
  if (typeof seed !== "number") throw new Failure(-32602, "no seed");
  let memory = seed;
  if (is("start-differs")) memory = process.pid;
  if (is("leaks-remains")) memory += made;
  if (is("leaks-rigs") && rig === "doctor-other")
    for (const one of machines.values()) one.memory = 0;
  return adopt({ release, memory, uptime: 0 });
}

function adopt(machine) {
  const { release } = machine;
  if (!is("unknown-release") && !RELEASES.includes(release))
    throw new Failure(-32602, "no release");
  made++;
  const id = is("same-id") ? "m" : `m${made}`;
  machines.set(id, machine);
  last = machine;
  if (is("result-shape")) return { machine: made, release };
  if (is("facet-undeclared-units")) return { machine: id, release, facets: { units: {} } };
  const lie = is("release-lies") ? "2.0" : release;
  return { machine: id, release: lie, ...(is("unknown-member") ? { host: "h" } : {}) };
}

function machineOf({ machine }) {
  if (is("bad-parameters") && machine === undefined) process.exit(1);
  const found = machines.get(machine);
  if (found === undefined) throw new Failure(-32602, "no such machine");
  return found;
}

function save(params) {
  const { release, memory, uptime } = machineOf(params);
  if (is("dies")) process.exit(9);
  if (is("role-refused")) throw new Failure(-32601, "no such method");
  const chance = is("save-differs", "stable-lies") ? process.pid : 0;
  let text = JSON.stringify({ version: release, memory, uptime, chance });
  if (is("state-elsewhere")) {
    kept.set(`state of ${release}`, text);
    text = `state of ${release}`;
  }
  // Text in base64 that lacks its padding.
  while (is("base64") && text.length % 3 === 0) text += " ";
  const base64 = Buffer.from(text).toString("base64");
  if (is("frames-unasked") || (is("framing") && hasFrames)) return { state: text };
  return { state: { base64: is("base64") ? base64.replaceAll("=", "") : base64 } };
}

function restore({ release, state }) {
  if (is("role-refused-restore")) throw new Failure(-32005, "reads nothing");
  if (is("half-writer")) throw new Failure(-32005, "writes only");
  if (is("state-unread") && state === undefined) return adopt({ release, memory: 0, uptime: 0 });
  if (state?.octets === undefined && typeof state?.base64 !== "string") {
    throw new Failure(-32602, "no state");
  }
  const text = state.octets ?? Buffer.from(state.base64, "base64").toString();
  if (is("state-used-up") && used.has(text)) throw new Failure(-32001, "used up");
  used.add(text);
  const refusal = is("internal-error") ? -32603 : -32001;
  let saved;
  try {
    saved = JSON.parse(is("state-elsewhere") ? kept.get(text) : text);
  } catch {
    if (is("damaged-state")) process.exit(1);
    throw new Failure(-32001, "damaged");
  }
  if (saved.version > release) throw new Failure(refusal, "too new");
  return adopt({ release, memory: saved.memory, uptime: saved.uptime });
}

function observe(params) {
  if (is("facet-refused")) throw new Failure(-32601, "no such method");
  if (is("accepts-anything") && !machines.has(params.machine)) {
    if (params.machine === undefined) return { value: {} };
  }
  const machine = machineOf(params);
  const { memory, uptime } = is("leaks-machines") ? last : machine;
  looks++;
  const value = { memory, uptime };
  if (is("observe-changes")) value.looks = looks;
  if (is("volatile")) value.clock = looks;
  if (is("ticks-back")) value.uptime = -looks;
  return { value };
}

function stop(params) {
  machineOf(params);
  if (is("stop-refused")) throw new Failure(-32602, "cannot");
  if (is("leaks-stop")) machines.clear();
  if (!is("alive-after-stop")) machines.delete(params.machine);
  return {};
}

function call() {
  if (is("accepts-anything-call")) return { value: null };
  throw new Failure(-32601, "no such method");
}

function decode({ state }) {
  if (!is("role-undeclared-codec")) throw new Failure(-32601, "no such method");
  return { value: JSON.parse(Buffer.from(state.base64, "base64").toString()) };
}

const METHODS = { hello, start, restore, save, observe, stop, call, decode };

function reply({ method, params = {} }) {
  const run = METHODS[method];
  try {
    if (run === undefined) throw new Failure(unknownCode(), unknownWords());
    return { result: run(params) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { error: errorOf(error) };
  }
}

function unknownCode() {
  return is("unknown-method") ? -32602 : -32601;
}

function unknownWords() {
  return is("message-lines") ? "no\nsuch method" : "no such méthod";
}

function errorOf({ code, message }) {
  if (is("error-shape")) return message;
  return { code: is("error-code") && code === -32001 ? 1 : code, message };
}

let held = "";
let isBusy = false;

function say(request, answer) {
  const { id, method } = request;
  let message = { jsonrpc: "2.0", id, ...answer };
  const framed = typeof answer.result?.state === "string" ? answer.result.state : "";
  if (framed !== "") message.result = { state: { frame: Buffer.byteLength(framed) } };
  if (is("no-version")) delete message.jsonrpc;
  if (is("wrong-id")) message.id = 1000 + id;
  if (is("wrong-id-text")) message.id = String(id);
  if (is("wrong-id-of-errors") && answer.error) message.id = null;
  if (is("result-or-error"))
    message = { ...message, result: message.result ?? {}, error: undefined };
  if (is("result-or-error") && answer.error) message.error = answer.error;
  const line = JSON.stringify(is("batch") ? [message] : message, null, is("many-lines") ? 1 : 0);
  const whole = is("no-newline") ? line : `${line}\n`;
  if (is("header-framing"))
    return write(`Content-Length: ${Buffer.byteLength(line)}\r\n\r\n${line}`);
  if (is("no-flush")) {
    held += whole;
    return;
  }
  if (is("late-answer")) {
    write(held);
    held = whole;
    return;
  }
  if (is("stray-answer")) write(`{"jsonrpc":"2.0","id":"other","result":{}}\n`);
  if (is("not-utf8")) return void process.stdout.write(Buffer.from(whole, "latin1"));
  write(whole + framed);
  if (is("doubled-answer") && method === "save") write(whole);
  if (is("asks-harness")) write(`{"jsonrpc":"2.0","id":1,"method":"who"}\n`);
  if (is("unknown-notification")) write(`{"jsonrpc":"2.0","method":"progress"}\n`);
  if (is("logs")) write(`{"jsonrpc":"2.0","method":"log","params":{"level":"info","text":"l"}}\n`);
}

function write(text) {
  process.stdout.write(text);
}

function hear(line) {
  if (is("large-message") && line.length > 65_536) process.exit(1);
  if (is("non-ascii") && Buffer.byteLength(line) !== line.length) process.exit(1);
  const request = JSON.parse(line);
  if (is(`hangs-${request.method}`)) return;
  if (is(`dies-${request.method}`)) process.exit(9);
  if (is("unknown-method-hangs") && METHODS[request.method] === undefined) return;
  if (is("in-flight-refused") && request.method === "observe") return oneByOne(request);
  const octets = request.params?.state?.frame;
  if (octets !== undefined && is("framing", "frames-undeclared")) waiting = request;
  else say(request, reply(request));
}

/** Forgets what comes while it is at something. */
function oneByOne(request) {
  if (isBusy) return;
  isBusy = true;
  setTimeout(() => {
    isBusy = false;
    say(request, reply(request));
  }, 100);
}

/** A request whose state has not come yet. */
let waiting;
let rest = Buffer.alloc(0);

/** Lines, and octets behind them. */
function hearOctets(chunk) {
  rest = Buffer.concat([rest, chunk]);
  for (;;) {
    const size = waiting?.params.state.frame;
    const at = size ?? rest.indexOf(10);
    if (at === -1 || rest.length < at) return;
    const octets = rest.subarray(0, at);
    rest = rest.subarray(size === undefined ? at + 1 : at);
    if (waiting === undefined) hear(octets.toString());
    else {
      const request = waiting;
      waiting = undefined;
      const state = { octets: octets.toString() };
      say(request, reply({ ...request, params: { ...request.params, state } }));
    }
  }
}

if (is("no-start")) process.exit(3);
if (is("stdout-noise")) console.log("ready");
if (is("floods")) write("x".repeat(65 * 1024 * 1024));
if (is("ignores-end")) setInterval(() => {}, 1000);
if (is("leaves-children")) {
  const options = { stdio: "ignore", detached: true };
  spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], options).unref();
}
process.stdin.on("data", hearOctets);
process.stdin.on("end", () => {
  if (is("no-flush")) write(held);
  if (is("exit-code")) process.exitCode = 1;
});
