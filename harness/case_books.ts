/**
 * Cases that are tried on several targets: which cases, which targets, and what is known of them.
 *
 * @module
 */
import { QUIRKS, type Quirk } from "../src/xenopsd/mod.ts";
import { KNOWN as XENOPSD_KNOWN } from "../suites/known/xenopsd.ts";
import { CASES, runCases } from "../suites/xenopsd/mod.ts";
import { inProcessBench } from "./adapters/xenopsd/in_process.ts";
import type { CaseBook } from "./cli/case_book.ts";

/** What the cases of xenopsd can be tried on. */
const XENOPSD_TARGETS = ["reference"];

export const xenopsdCases: CaseBook = {
  ids: CASES.map(({ id }) => id),
  targets: XENOPSD_TARGETS,
  quirks: QUIRKS,
  run({ ids, quirks, seed }) {
    const known = Object.assign({}, ...quirks.map((quirk) => XENOPSD_KNOWN[quirk]));
    const bench = inProcessBench(new Set(quirks as Quirk[]), seed);
    return runCases(
      CASES.filter(({ id }) => ids.includes(id)),
      bench,
      known,
    );
  },
};
