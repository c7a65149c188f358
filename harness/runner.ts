/**
 * Runs one condition: once per distinct preparation, every scenario of that preparation and every
 * oracle judging the same run. `name` is the condition's.
 *
 * @module
 */
import type { Condition } from "./condition.ts";
import type { Surroundings } from "./inquiry.ts";
import { type Account, Journey } from "./journey.ts";
import { Jury } from "./jury.ts";
import type { Program } from "./program.ts";
import type { Prologues } from "./prologue.ts";
import type { ConditionResult } from "./report.ts";
import type { Verdict } from "./verdict.ts";

export async function runCondition(
  shared: Surroundings,
  prologues: Prologues,
  condition: Condition,
  name: string,
  program: Program,
): Promise<ConditionResult> {
  const seats = program.cells.length;
  const verdicts: (Verdict | undefined)[] = new Array(seats).fill(undefined);
  const accounts: Account[] = [];
  for (const { preparation, scenarios } of program.rounds) {
    const jury = new Jury(scenarios, program.oracles, seats, shared.watchdog);
    const journey = new Journey(shared, prologues, condition, name, jury);
    accounts.push(await journey.run(program.lookers, preparation));
    jury.record(verdicts);
  }
  const adapterFault = accounts.find((account) => account.adapterFault)?.adapterFault;
  return {
    type: "condition",
    name,
    condition,
    transcript: accounts.flatMap(({ transcript }) => transcript),
    cells: program.rows.of(verdicts),
    ...(accounts.some(({ waited }) => waited) ? { waited: true } : {}),
    ...(adapterFault === undefined ? {} : { adapterFault }),
  };
}
