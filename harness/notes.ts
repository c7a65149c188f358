/**
 * What scenarios and oracles note of a machine before its first save. Whoever shares the machine
 * shares the notes.
 *
 * @module
 */
import type { Machine } from "./facets/machine.ts";
import type { Edge, Oracle } from "./oracle.ts";
import { textOf } from "./outcome.ts";
import type { Hop } from "./path.ts";
import type { Scenario } from "./scenario.ts";
import { isThenable } from "./thenable.ts";
import type { Watchdog } from "./watchdog.ts";

/** Who looks at a writer. */
export interface Lookers {
  readonly scenarios: readonly Scenario[];
  readonly oracles: readonly Oracle[];
}

/** What somebody carries from before the save to after the restore, or why there is nothing. */
export type Noted = { readonly carried: unknown } | { readonly error: string };

/** Notes by scenario and by oracle. */
export type Notes = ReadonlyMap<Scenario | Oracle, Noted>;

/** Has everyone look at `machine`. */
export async function notesOf(
  { scenarios, oracles }: Lookers,
  machine: Machine,
  hop: Hop,
  settings: Edge["settings"],
  watchdog: Watchdog,
): Promise<Notes> {
  const notes = new Map<Scenario | Oracle, Noted>();
  for (const scenario of scenarios) {
    try {
      const carried = scenario.before?.(machine as never);
      const settled = isThenable(carried) ? await watchdog.guard(carried) : carried;
      notes.set(scenario, { carried: settled });
    } catch (error) {
      notes.set(scenario, { error: textOf(error) });
    }
  }
  for (const oracle of oracles) notes.set(oracle, noteOf(oracle, machine, hop, settings));
  return notes;
}

/** Has one oracle look at a writer. */
export function noteOf(
  oracle: Oracle,
  machine: Machine,
  hop: Hop,
  settings: Edge["settings"],
): Noted {
  try {
    return { carried: oracle.before?.(machine, hop, settings) };
  } catch (error) {
    return { error: textOf(error) };
  }
}
