/**
 * Cases that are tried on several targets: which cases, which targets, and what is known of them.
 *
 * @module
 */
import { QUIRKS, type Quirk } from "../src/xenopsd/mod.ts";
import { KNOWN as XENOPSD_KNOWN } from "../suites/known/xenopsd.ts";
import { CASES, runCases } from "../suites/xenopsd/mod.ts";
import { inProcessBench } from "./adapters/xenopsd/in_process.ts";
import { servedBench } from "./adapters/xenopsd/served_bench.ts";
import { wireBench } from "./adapters/xenopsd/wire_target.ts";
import type { CaseBook, CaseOrder } from "./cli/case_book.ts";

export const xenopsdCases: CaseBook = {
  ids: CASES.map(({ id }) => id),
  targets: ["reference", "served"],
  quirks: QUIRKS,
  run(order) {
    const { ids, quirks } = order;
    const known = Object.assign({}, ...quirks.map((quirk) => XENOPSD_KNOWN[quirk]));
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
