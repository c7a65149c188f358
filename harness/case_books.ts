/**
 * Cases that are tried on several targets: which cases, which targets, and what is known of them.
 *
 * @module
 */
import { QUIRKS, type Quirk } from "../src/xenopsd/mod.ts";
import { type SweepKind, soak, sweep, sweepMigrations } from "../src/xenopsd_check/mod.ts";
import { KNOWN as XENOPSD_KNOWN } from "../suites/known/xenopsd.ts";
import { CASES, runCases } from "../suites/xenopsd/mod.ts";
import { inProcessBench } from "./adapters/xenopsd/in_process.ts";
import { servedBench } from "./adapters/xenopsd/served_target.ts";
import { wireBench } from "./adapters/xenopsd/wire_target.ts";
import type { CaseBook, CaseOrder, Sweep, SweepLine, SweepOrder } from "./cli/case_book.ts";

/** Lines of operations that were struck at their points. */
function struck(kind: SweepKind | "migrate"): Sweep["run"] {
  return function* (order) {
    const quirks = new Set(order.quirks as Quirk[]);
    const states = kind === "migrate" ? sweepMigrations(quirks) : sweep(kind, quirks);
    for (const { operations, runs, broken } of states) {
      const findings = broken.map(({ operation, at, what }) => {
        return `${operation} at ${at.join(", then ")}: ${what}`;
      });
      yield { counts: { operations, runs }, findings };
    }
  };
}

function* soaked({ quirks, seed, steps }: SweepOrder): Iterable<SweepLine> {
  for (const state of soak({ seed, steps, quirks: new Set(quirks as Quirk[]) })) {
    const { findings, ...counts } = state;
    yield { counts, findings: findings.map(({ invariant, text }) => `${invariant}: ${text}`) };
  }
}

export const xenopsdCases: CaseBook = {
  ids: CASES.map(({ id }) => id),
  targets: ["reference", "served"],
  quirks: QUIRKS,
  sweeps: {
    crash: {
      meaning: "every operation, every crash, and every crash of each repair",
      run: struck("crash"),
    },
    cancel: { meaning: "every operation, cancelled at each of its points", run: struck("cancel") },
    migrate: {
      meaning:
        "a migration, crashed or cancelled at each point of either host, under all invariants",
      run: struck("migrate"),
    },
    steps: { meaning: "random operations on eight VMs, under all invariants", run: soaked },
  },
  run(order) {
    const { ids, quirks } = order;
    const known = Object.assign({}, ...quirks.map((quirk) => XENOPSD_KNOWN[quirk as Quirk]));
    return runCases(
      CASES.filter(({ id }) => ids.includes(id)),
      benchOf(order),
      known,
    );
  },
};

/** The model in this process or in its own, or whatever listens at a socket or at a port. */
function benchOf({ target, quirks, seed }: CaseOrder) {
  const [way, ...rest] = target.split(":");
  if (way === "unix") return wireBench({ path: rest.join(":") });
  if (way === "tcp") return wireBench({ port: Number(rest[0]), host: "127.0.0.1" });
  if (way === "reference") return inProcessBench(new Set(quirks as Quirk[]), seed);
  const [profile, second] = quirks;
  if (second === undefined) return servedBench(profile === undefined ? [] : ["--profile", profile]);
  throw new RangeError(`Cannot serve with more than one quirk: current value is ${quirks}`);
}
