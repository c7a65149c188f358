/**
 * A condition: one path with one value of every axis that belongs to the whole path. It is saved
 * and restored once per preparation; every scenario that shares the preparation judges that run.
 *
 * @module
 */
import { type Path, pathName } from "./path.ts";

export interface Condition {
  readonly path: Path;
  /** Value of every axis that is not per hop: `{ devices: "nvme", lifetime: "Default" }`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Stable name of a condition: `openhcl@2505[...]>main[...] devices=nvme lifetime=Default`. */
export function conditionName({ path, settings }: Condition): string {
  const values = Object.entries(settings).map(([axis, value]) => ` ${axis}=${value}`);
  return pathName(path) + values.join("");
}

/**
 * The factors of one edge of a condition: `writer` and `reader` (releases), `writer.AXIS` and
 * `reader.AXIS` for each per-hop axis, and the settings by their own names; `first` is the release
 * that the machine was booted with, as a state keeps the shape that its first writer chose.
 * Selection, expectations and triage speak of factors only.
 */
export function factorsOf({ path, settings }: Condition, edge: number): Record<string, string> {
  const writer = path[edge];
  const reader = path[edge + 1];
  if (writer === undefined || reader === undefined) {
    throw new RangeError(
      `Cannot name factors as edge must be on the path: current value is ${edge}`,
    );
  }
  const factors: Record<string, string> = {
    first: path[0].release,
    writer: writer.release,
    reader: reader.release,
  };
  for (const [axis, value] of Object.entries(writer.inputs)) factors[`writer.${axis}`] = value;
  for (const [axis, value] of Object.entries(reader.inputs)) factors[`reader.${axis}`] = value;
  return { ...factors, ...settings };
}
