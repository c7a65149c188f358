/**
 * A product for tests of the command line: the counter machine, a suite with one claim that a
 * known break makes fail, and a format whose messages are text.
 *
 * @module
 */
import { check } from "../check.ts";
import { keepsCount } from "../counter_claim.ts";
import { counterAdapter, counterSpace, type Misbehaviour } from "../counter_machine.ts";
import type { Expectation } from "../expectation.ts";
import type { Oracle } from "../oracle.ts";
import type { Reporter } from "../report.ts";
import { scenario, suite } from "../scenario.ts";
import {
  type Format,
  FormatError,
  type Implementation,
  type Implementations,
  type Json,
  type Product,
  type Schemas,
} from "./product.ts";

const CLAIM = { source: "counter manual, 1" };

const counter = suite("counter", [
  keepsCount,
  scenario({
    ...CLAIM,
    name: "save-failure/is-told",
    must: "A failed save says why",
    needs: [],
    when: { fault: "save-fail" },
    after: () => check(false, "the save succeeded"),
    afterFailedSave: (_machine, _carried, message) => check(message !== "", "nothing was said"),
  }),
  scenario({
    ...CLAIM,
    name: "names/are-kept",
    must: "Names of units survive",
    needs: [],
    needsCapabilities: ["units.named"],
    after() {},
  }),
]);

const restores: Oracle = {
  ...CLAIM,
  name: "transcript-complete",
  must: "An edge says how it ended",
  needs: [],
  judge: ({ save }) => check(save.kind.length > 0, "silent"),
};

/** Release 3 cannot read what release 1 writes. */
export const TOO_OLD: Expectation = {
  name: "too-old",
  factors: { writer: "1", reader: "3" },
  verdict: "refused",
  reason: "too old",
  link: "https://example.com/counter/1",
  note: "Release 3 has forgotten how release 1 counts.",
};

const format: Format = {
  releases: ["1", "2"],
  messages: (release) => (release === "1" ? ["Count"] : ["Count", "Counter"]),
  decode(_release, message, bytes) {
    const text = new TextDecoder().decode(bytes);
    const bad = text.search(/\D/);
    if (bad !== -1) throw new FormatError("expected a digit", bad, message);
    return { count: Number(text) };
  },
  encode(_release, _message, value) {
    const { count } = value as { count?: Json };
    if (typeof count !== "number") throw new FormatError("count must be a number");
    return new TextEncoder().encode(String(count));
  },
  recode(release, message, bytes) {
    return this.encode(release, message, this.decode(release, message, bytes));
  },
  decodeState(release, bytes) {
    return { release, value: this.decode(release, "state", bytes), unknown: [] };
  },
};

const schemas: Schemas = {
  releases: ["1", "2"],
  messages: ["Count", "Counter"],
  diff: (from, to) => ({ json: { from, to }, lines: [`${to} reads what ${from} wrote`] }),
  explain: (message) => ({ json: { message }, lines: [message, "1 count"] }),
};

const brief: Reporter = function* ({ header, end }) {
  yield `${header.planned} planned, ${end?.surprises ?? "unknown"} surprises\n`;
};

/** Implementations that are there already, as a product offers them. */
export function offered(
  implementations: Readonly<Record<string, Implementation>>,
): Implementations {
  return Object.fromEntries(
    Object.entries(implementations).map(([name, one]) => [name, () => Promise.resolve(one)]),
  );
}

export function counterImplementation(
  expectations: readonly Expectation[] = [TOO_OLD],
  misbehaviour: Misbehaviour = "none",
): Implementation {
  return {
    adapter: counterAdapter(misbehaviour),
    space: counterSpace,
    suites: [counter],
    oracles: [restores],
    expectations,
    codec: "text",
    recordings: {},
    correlationIdOf: () => undefined,
  };
}

export function counterProduct(
  expectations: readonly Expectation[] = [TOO_OLD],
  misbehaviour: Misbehaviour = "none",
): Product {
  return {
    version: "1.2.3",
    // Runs of the counter are too short to be shared.
    worker: new URL("../worker.ts", import.meta.url),
    protocol: {
      reach: () => Promise.reject(new Error("no adapter can be reached here")),
      serve: () => Promise.reject(new Error("nothing can be served here")),
    },
    implementations: offered({ counter: counterImplementation(expectations, misbehaviour) }),
    soaked: [],
    formats: { text: format },
    fetchers: {},
    benches: {},
    benchPrograms: [],
    daemons: {},
    probes: {},
    caseBooks: {},
    streams: {},
    machines: {},
    descriptions: {},
    schemas,
    reporters: { terminal: brief, junit: brief, markdown: brief, html: brief, ndjson: brief },
    terminalInColour: brief,
  };
}
