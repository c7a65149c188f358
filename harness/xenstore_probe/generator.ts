/**
 * Random sequences of requests: whoever has the same seed gets the same sequence. A sequence
 * begins as a toolstack does, with domains and their homes, and ends with a look at what each
 * client was told meanwhile.
 *
 * A client that sends a header and no more is not among them: it stops the C daemon for everybody;
 * see `suites/known/xenstored.ts`.
 *
 * @module
 */
import { type Draw, drawsOf } from "../seed.ts";
import { domidFor, permsFor, spoiltBody, tokenFor, valueFor } from "./bodies.ts";
import { oneOf, permille } from "./draws.ts";
import { withLeaving } from "./leaving.ts";
import { pathFor } from "./paths.ts";
import { ringOf, type Step, step } from "./step.ts";

const CLIENTS = [
  "c0",
  "c0",
  "c0",
  "c1",
  "c1",
  "c2",
  "dom5",
  "dom5",
  "dom5",
  "dom6",
  "dom6",
  "dom7",
];
const EVERYBODY = [...new Set(CLIENTS), "dom8"];
const DOMAINS = [5, 6, 7];

/** Kinds of requests with their weights, and what their body is. */
const REQUESTS: readonly (readonly [string, number, (draw: Draw) => string])[] = [
  ["READ", 10, (draw) => `${pathFor(draw)}\0`],
  ["DIRECTORY", 7, (draw) => `${pathFor(draw)}\0`],
  ["DIRECTORY_PART", 3, (draw) => `${pathFor(draw)}\0${oneOf(draw, OFFSETS)}\0`],
  ["GET_PERMS", 6, (draw) => `${pathFor(draw)}\0`],
  ["WRITE", 18, (draw) => `${pathFor(draw)}\0${valueFor(draw)}`],
  ["MKDIR", 6, (draw) => `${pathFor(draw)}\0`],
  ["RM", 8, (draw) => `${pathFor(draw)}\0`],
  ["SET_PERMS", 8, permsOfSomething],
  ["WATCH", 6, (draw) => `${pathFor(draw)}\0${tokenFor(draw)}\0`],
  ["UNWATCH", 3, (draw) => `${pathFor(draw)}\0${tokenFor(draw)}\0`],
  ["RESET_WATCHES", 1, () => "\0"],
  ["TRANSACTION_START", 7, (draw) => (permille(draw, 970) ? "\0" : "x\0")],
  [
    "TRANSACTION_END",
    9,
    (draw) => oneOf(draw, ["T\0", "T\0", "T\0", "T\0", "T\0", "F\0", "T", "x\0"]),
  ],
  ["GET_DOMAIN_PATH", 1, (draw) => `${domidFor(draw)}\0`],
  ["IS_DOMAIN_INTRODUCED", 2, (draw) => `${domidFor(draw)}\0`],
  [
    "INTRODUCE",
    2,
    (draw) => `${domidFor(draw)}\0${oneOf(draw, ["1", "0", "x"])}\0${oneOf(draw, PORTS)}\0`,
  ],
  ["RELEASE", 1, (draw) => `${domidFor(draw)}\0`],
  ["RESUME", 1, (draw) => `${domidFor(draw)}\0`],
  // A target that dies is another matter: it lives on for those that act for it.
  [
    "SET_TARGET",
    2,
    (draw) => `${oneOf(draw, ["6", "7", "6", "9"])}\0${oneOf(draw, ["5", "5", "9"])}\0`,
  ],
  ["CONTROL", 1, (draw) => oneOf(draw, CONTROLS)],
];
const OFFSETS = ["0", "0", "0", "1", "2", "5", "100", "-1", "x", ""];
const PORTS = ["5", "6", "0", "-1", "x"];
/** What says OK or that it is wrong; texts for people are not compared. */
const CONTROLS = ["", "\0", "nothing\0", "quota\0set\0nothing\x005\0", "quota\0set\0nodes\0x\0"];
/** Quotas that are made small, so that they are met. */
const QUOTAS = [
  "nodes",
  "watches",
  "transactions",
  "transaction-nodes",
  "node-permissions",
  "permissions",
  "node-size",
];
const TYPES_OF_NOTHING = ["type-15", "type-16", "type-20", "type-27", "type-99", "type-65535"];
/** Most requests in a burst. */
const BURST_MAX = 1100;

const TOTAL_WEIGHT = REQUESTS.reduce((sum, [, weight]) => sum + weight, 0);
const NODES_KINDS = REQUESTS.slice(0, 8);

/** Sequence `number` under `seed`, of about `length` steps. */
export function sequenceOf(seed: number, number: number, length: number): Step[] {
  const draw = drawsOf(seed, `xenstore/${number}`);
  const steps = beginning(draw);
  const open: { readonly client: string; readonly name: string }[] = [];
  for (let opened = 0; steps.length < length; ) {
    const client = oneOf(draw, CLIENTS);
    const mine = open.filter((it) => it.client === client);
    const tx = mine.length > 0 && permille(draw, 600) ? oneOf(draw, mine).name : "";
    const made = randomStep(draw, client, tx);
    if (made.kind === "TRANSACTION_START") {
      const name = `t${++opened}`;
      open.push({ client, name });
      steps.push({ ...made, opens: name });
      continue;
    }
    if (made.kind === "TRANSACTION_END" && tx !== "") {
      // One that is over is asked for again, but seldom.
      if (permille(draw, 950))
        open.splice(
          open.findIndex(({ name }) => name === tx),
          1,
        );
    }
    steps.push(made);
  }
  const all = withLeaving(drawsOf(seed, `xenstore/${number}/leaving`), steps);
  return [...all, ...EVERYBODY.map((client) => step(client, "READ", "/\0"))];
}

/** Domain 0 keeps the root: the C daemon loses the whole store with the domain that owns it. */
function permsOfSomething(draw: Draw): string {
  const path = pathFor(draw);
  return `${path}\0${path === "/" ? `${oneOf(draw, ["n", "r", "b"])}0\0` : ""}${permsFor(draw)}`;
}

/** Domains are introduced, have a home and get something to do. */
function beginning(draw: Draw): Step[] {
  const domains = DOMAINS.slice(0, draw(8) === 0 ? 0 : 3).flatMap((domid) => [
    step("c0", "INTRODUCE", `${domid}\x001\0${domid}\0`),
    step("c0", "WRITE", `/local/domain/${domid}\0`),
    step("c0", "SET_PERMS", `/local/domain/${domid}\0n${domid}\0`),
  ]);
  const quotas = draw(3) === 0 ? [oneOf(draw, QUOTAS), oneOf(draw, QUOTAS)] : [];
  return [
    ...domains,
    step("c0", "WRITE", "/a\0v"),
    step("c0", "SET_PERMS", `/a\0${oneOf(draw, ["b0", "r0", "w0", "n5\0r6", "r5\0n6\0b7"])}\0`),
    ...quotas.map((name) => step("c0", "CONTROL", `quota\0set\0${name}\0${limitOf(draw, name)}\0`)),
  ];
}

function limitOf(draw: Draw, name: string): number {
  return name === "node-size" ? 30 + draw(100) : 1 + draw(8);
}

function randomStep(draw: Draw, client: string, tx: string): Step {
  if (permille(draw, 8)) {
    const [kind, domid] = [oneOf(draw, ["CREATE", "SHUTDOWN", "DESTROY"]), oneOf(draw, [6, 7, 8])];
    return step("xen", kind, String(domid));
  }
  if (permille(draw, 10)) return step(client, oneOf(draw, TYPES_OF_NOTHING), "/a\0", { tx });
  if (permille(draw, 2)) return step(client, "WRITE", `/a\0${"v".repeat(4094 + draw(3))}`, { tx });
  if (permille(draw, 2) && ringOf(client) !== undefined) return burst(draw, client, tx);
  const [kind, , bodyOf] =
    tx !== "" && permille(draw, 500) ? oneOf(draw, NODES_KINDS) : drawn(draw);
  const body = bodyOf(draw);
  const inside = tx === "" && permille(draw, 15) ? String(draw(4)) : tx;
  const isStart = kind === "TRANSACTION_START";
  return step(client, kind, permille(draw, 25) ? spoiltBody(draw, body) : body, {
    tx: isStart && permille(draw, 960) ? "" : inside === "0" ? "" : inside,
  });
}

function drawn(draw: Draw): (typeof REQUESTS)[number] {
  let at = draw(TOTAL_WEIGHT);
  for (const request of REQUESTS) {
    at -= request[1];
    if (at < 0) return request;
  }
  throw new RangeError("Cannot draw a request as weights must sum up");
}

function burst(draw: Draw, client: string, tx: string): Step {
  const [kind, body, times] = oneOf(draw, [
    ["WRITE", "q/%d\0v", BURST_MAX],
    ["WATCH", "q/%d\0t\0", 140],
    ["TRANSACTION_START", "\0", 14],
    ["READ", "q/%d\0", BURST_MAX],
  ] as const);
  return step(client, kind, body, {
    times: 2 + draw(times),
    tx: kind === "TRANSACTION_START" ? "" : tx,
  });
}
