/**
 * A result that was stored, by whatever version and on whatever machine: its costs can be read for
 * trends. Whether it may be compared with one of today is another question.
 *
 * @module
 */
import { type Cost, GRID_SCHEMA, GRID_TYPE, type GridHeader } from "./grid_result.ts";
import type { MeasuringMachine } from "./measuring_machine.ts";

export type StoredHeader = Pick<
  GridHeader,
  "schema" | "version" | "implementation" | "seed" | "selection" | "complete"
> & { readonly machine: Pick<MeasuringMachine, "id" | "runtime"> };

export interface StoredResult {
  readonly header: StoredHeader;
  readonly costs: readonly Cost[];
}

/** Costs that a result may have. */
const COSTS_MAX = 200_000;

/** Reads a result as JSON. Throws a `SyntaxError` with what is wrong. */
export function readResult(text: string): StoredResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("JSON", text);
  }
  const { type, costs, ...rest } = (value ?? {}) as Record<string, unknown>;
  if (type !== GRID_TYPE) throw wrong(`of type ${GRID_TYPE}`, type);
  const header = readHeader(rest);
  if (!Array.isArray(costs)) throw wrong("a list in `costs`", costs);
  if (costs.length > COSTS_MAX) throw wrong(`at most ${COSTS_MAX} costs`, costs.length);
  return { header, costs: costs.map(readCost) };
}

/** The header that `value` is; what a later version adds is left alone. */
export function readHeader(value: unknown): StoredHeader {
  const { machine, ...header } = (value ?? {}) as Record<string, unknown>;
  const { schema, version, implementation, seed, selection = [], complete } = header;
  const { id, runtime } = (machine ?? {}) as Record<string, unknown>;
  if (!Number.isInteger(schema)) throw wrong("a number in `schema`", schema);
  for (const [name, text] of Object.entries({ version, implementation, id, runtime })) {
    if (typeof text !== "string") throw wrong(`a text in \`${name}\``, text);
  }
  if (!Array.isArray(selection)) throw wrong("a list in `selection`", selection);
  return {
    schema: Number(schema),
    version: String(version),
    implementation: String(implementation),
    seed: Number(seed ?? 0),
    selection: selection.map(String),
    complete: complete === true,
    machine: { id: String(id), runtime: String(runtime) },
  };
}

/** Why a stored result is no baseline of what is measured now; undefined when it is one. */
export function whyNoBaseline(
  stored: StoredHeader,
  now: Omit<StoredHeader, "complete">,
): string | undefined {
  const { schema, implementation, machine, seed, selection, complete } = stored;
  if (schema !== GRID_SCHEMA) return `schema ${schema} in place of ${GRID_SCHEMA}`;
  if (implementation !== now.implementation) return `of ${implementation}`;
  if (machine.id !== now.machine.id) return "of another machine";
  if (machine.runtime !== now.machine.runtime) return `of ${machine.runtime}`;
  if (seed !== now.seed) return `of seed ${seed}`;
  if (selection.join("\n") !== now.selection.join("\n")) return "of other conditions";
  return complete ? undefined : "not complete";
}

function readCost(value: unknown, index: number): Cost {
  const place = (value ?? {}) as Record<string, unknown>;
  const { writer, reader, metric, unit = "", configuration, keepalive } = place;
  for (const [name, text] of Object.entries({ writer, reader, metric, unit })) {
    if (typeof text !== "string") throw wrong(`a text in \`costs[${index}].${name}\``, text);
  }
  const [p50, p99, max, count] = ["p50", "p99", "max", "count"].map((name) => {
    const number = place[name];
    if (typeof number === "number" && Number.isFinite(number)) return number;
    throw wrong(`a number in \`costs[${index}].${name}\``, number);
  }) as [number, number, number, number];
  return {
    ...{ writer: String(writer), reader: String(reader), metric: String(metric) },
    configuration: String(configuration),
    keepalive: String(keepalive),
    class: place.class === "exact" ? "exact" : "timed",
    unit: String(unit),
    ...{ count, p50, p99, max },
  };
}

function wrong(must: string, now: unknown): SyntaxError {
  const shown = (JSON.stringify(now) ?? "absent").slice(0, 60);
  return new SyntaxError(`Cannot read a result as it must have ${must}: current value is ${shown}`);
}
