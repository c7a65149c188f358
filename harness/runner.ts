/**
 * Runs one condition: once per distinct preparation, every scenario of that preparation and every
 * oracle judging the same run. `name` is the condition's.
 *
 * @module
 */
import type { Condition } from "./condition.ts";
import { type Account, Journey, type Surroundings } from "./journey.ts";
import { Jury } from "./jury.ts";
import type { Program } from "./program.ts";
import type { ConditionResult } from "./report.ts";
import type { Verdict } from "./verdict.ts";

export async function runCondition(
  shared: Surroundings,
  condition: Condition,
  name: string,
  program: Program,
): Promise<ConditionResult> {
  const seats = program.cells.length;
  const verdicts: (Verdict | undefined)[] = new Array(seats).fill(undefined);
  const accounts: Account[] = [];
  for (const { preparation, scenarios } of program.rounds) {
    const jury = new Jury(scenarios, program.oracles, seats, shared.watchdog);
    accounts.push(await new Journey(shared, condition, name, jury).run(preparation));
    jury.record(verdicts);
  }
  const adapterFault = accounts.find((account) => account.adapterFault)?.adapterFault;
  return {
    type: "condition",
    name,
    condition,
    transcript: accounts.flatMap(({ transcript }) => transcript),
    cells: program.rows.of(verdicts),
    ...(adapterFault === undefined ? {} : { adapterFault }),
  };
}
