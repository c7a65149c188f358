/**
 * Checks that a space is well formed: its values can be told apart in names, its neutral values
 * and parts are there, and its editions are complete.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import { neutralOf } from "./condition_name.ts";
import { hopOf } from "./hops.ts";
import { hopName } from "./path.ts";

/** What separates the parts of a name. */
const SEPARATORS = /[\s>@=,[\]]/;

const checked = new WeakSet<Space>();

/** Throws when a part of `space` could not be planned or named. */
export function checkSpace(space: Space): void {
  if (checked.has(space)) return;
  for (const release of space.releases) demand(!SEPARATORS.test(release), "release", release);
  for (const axis of space.axes) checkAxis(axis);
  for (const release of space.families?.flat() ?? []) {
    demand(space.releases.includes(release), "family", release);
  }
  checkConfigurations(space);
  for (const { name, values } of space.slices ?? []) {
    for (const [axis, texts] of Object.entries(values)) {
      const valid = space.axes.find((it) => it.name === axis)?.values ?? [];
      for (const text of texts) demand(valid.includes(text), `slice ${name} value`, text);
    }
  }
  checked.add(space);
}

function checkAxis({ name, values, neutral, parts, ...axis }: Axis): void {
  const hasNeutral = neutral !== undefined && values.includes(neutral);
  const needsNeutral = axis.reserved || axis.onDemand || axis.onlyFirst || (axis.edition ?? 1) > 1;
  demand(hasNeutral || (neutral === undefined && !needsNeutral), `neutral of ${name}`, neutral);
  for (const value of values) {
    demand(!SEPARATORS.test(value) && value !== "", `value of ${name}`, value);
    const whole = parts === undefined || value === neutral;
    demand(whole || value.split(":").length === parts.length, `value of ${name}`, value);
  }
  for (const { value, after } of axis.retired ?? []) {
    demand(!values.includes(value) && axis.per !== "hop", `retired value of ${name}`, value);
    const earlier = [...values, ...(axis.retired ?? []).map((it) => it.value)];
    demand(earlier.includes(after) && after !== value, `place of retired ${value}`, after);
  }
  for (const value of Object.keys(axis.editions ?? {})) {
    demand(values.includes(value) && value !== neutral, `edition of ${name}`, value);
  }
}

function checkConfigurations(space: Space): void {
  const omitted = neutralOf(space.axes);
  const [release = ""] = space.releases;
  const names = space.configurations.map((inputs) =>
    hopName(hopOf(space, release, inputs), omitted),
  );
  for (const [index, name] of names.entries()) {
    demand(names.indexOf(name) === index, "configuration", name);
  }
}

function demand(holds: boolean, what: string, value: string | undefined): void {
  if (holds) return;
  throw new RangeError(
    `Cannot plan space as ${what} must be well formed: current value is ${value ?? "absent"}`,
  );
}
