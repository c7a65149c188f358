/**
 * The matrix of an adapter, from what it says in hello: every pair of its releases, and its axes.
 *
 * @module
 */
import type { Axis, Inputs, Space } from "../../axis.ts";
import { ProtocolError } from "./answer.ts";
import type { Hello } from "./messages.ts";

/** Configurations of a hop: all values of its axes crossed. */
const CONFIGURATIONS_MAX = 256;

export function spaceOf({ name, releases, axes = [] }: Hello): Space {
  demandDistinct("releases", releases);
  demandDistinct(
    "axes",
    axes.map((axis) => axis.name),
  );
  const made = axes.map(({ neutral, meaning = "", ...axis }): Axis => {
    demandDistinct(`values of ${axis.name}`, axis.values);
    return { ...axis, meaning, ...(neutral === undefined ? {} : { neutral }) };
  });
  const space = { implementation: name, releases, axes: made, constraints: [] };
  return { ...space, configurations: configurationsOf(made) };
}

function configurationsOf(axes: readonly Axis[]): Inputs[] {
  let rows: Record<string, string>[] = [{}];
  for (const { name, values } of axes.filter(({ per }) => per === "hop")) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
    if (rows.length > CONFIGURATIONS_MAX) {
      throw new ProtocolError(`its axes per hop make more than ${CONFIGURATIONS_MAX} combinations`);
    }
  }
  return rows;
}

function demandDistinct(what: string, names: readonly string[]): void {
  const again = names.find((name, at) => names.indexOf(name) !== at);
  if (again !== undefined) throw new ProtocolError(`its ${what} must differ: ${again} comes twice`);
}
