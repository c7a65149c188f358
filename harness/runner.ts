/**
 * Runs one condition: once per distinct preparation, every scenario of that preparation and every
 * oracle judging the same run.
 *
 * @module
 */
import { type Condition, conditionName } from "./condition.ts";
import { type Account, Journey, type Surroundings } from "./journey.ts";
import { Jury } from "./jury.ts";
import type { Program } from "./program.ts";
import { type CellResult, type ConditionResult, cellOf } from "./report.ts";

export async function runCondition(
  shared: Surroundings,
  condition: Condition,
  program: Program,
): Promise<ConditionResult> {
  const name = conditionName(condition);
  const cells = new Map<string, CellResult>(program.unsupported);
  const accounts: Account[] = [];
  for (const { preparation, scenarios } of program.rounds) {
    const jury = new Jury(scenarios, program.oracles, shared.watchdog);
    accounts.push(await new Journey(shared, condition, name, jury).run(preparation));
    for (const { id } of scenarios) cells.set(id, cellOf(id, jury.verdict(id)));
    for (const { id } of program.oracles) keepFirstTrouble(cells, cellOf(id, jury.verdict(id)));
  }
  const adapterFault = accounts.find((account) => account.adapterFault)?.adapterFault;
  return {
    type: "condition",
    name,
    condition,
    transcript: accounts.flatMap(({ transcript }) => transcript),
    cells: program.order.map((id) => cells.get(id) as CellResult),
    ...(adapterFault === undefined ? {} : { adapterFault }),
  };
}

/** An oracle judges every round, and its cell is the first that did not pass. */
function keepFirstTrouble(cells: Map<string, CellResult>, cell: CellResult): void {
  const earlier = cells.get(cell.scenario);
  if (earlier === undefined || earlier.verdict === "passed") cells.set(cell.scenario, cell);
}
