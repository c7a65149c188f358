/**
 * Expectations as triage proposes them: the factors that explain a group of failures exactly, with
 * its signature, ready to be loaded. Why it breaks, and where that is described, only people know.
 *
 * @module
 */
import { counted } from "../counted.ts";
import type { Expectation } from "../expectation.ts";
import type { Failures, Group } from "./failures.ts";

/** What people add to an entry. */
export interface Remarks {
  readonly link?: string;
  readonly owner?: string;
  readonly expires?: string;
}

/** Words of the reason in a name. */
const WORDS_MAX = 5;

/**
 * The entries for `group`, none when nothing explains it exactly. `plain`, where it is known, are
 * the scenarios that an entry without `scenarios` speaks of; `taken` are names that there are.
 */
export function proposalsFor(
  group: Group,
  failures: Failures,
  plain: ReadonlySet<string> | undefined,
  taken: ReadonlySet<string>,
  remarks: Remarks,
): Expectation[] {
  const [explanation] = group.explanations;
  if (explanation === undefined || explanation.passing > 0) return [];
  const { verdict, reason, scenarios, cells } = group;
  const names = new Set(taken);
  const entry = (of: readonly string[] | undefined): Expectation => {
    const name = freeName(`${verdict} ${reason}`, names);
    names.add(name);
    const note = `Proposed by triage for ${counted(cells, "cell")}.`;
    const { factors } = explanation;
    const { link = "", ...more } = remarks;
    return { name, factors, ...(of && { scenarios: of }), verdict, reason, link, note, ...more };
  };
  const others = [...(plain ?? [])].filter((scenario) => !scenarios.includes(scenario));
  const speaksOfAll =
    plain !== undefined && !others.some((scenario) => failures.passesIn(explanation, scenario));
  const named = speaksOfAll ? scenarios.filter((scenario) => !plain.has(scenario)) : scenarios;
  return [
    ...(named.length < scenarios.length ? [entry(undefined)] : []),
    ...(named.length > 0 ? [entry(named)] : []),
  ];
}

function freeName(text: string, taken: ReadonlySet<string>): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words.slice(0, WORDS_MAX + 1).join("-");
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(free)) return free;
  }
}
