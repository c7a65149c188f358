/**
 * Names of conditions: the path, then every setting that is not neutral, so that a name stays
 * what it is when an axis is added. A name can be read back.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import { type Condition, settingOf, valuesOf } from "./condition.ts";
import { hopOf } from "./hops.ts";
import { type Hop, hopName, type Omitted, type Path, pathName } from "./path.ts";

/** Neutral values by axis. */
const neutralOfAxes = new WeakMap<readonly Axis[], Omitted>();

/** Stable name of a condition: `openhcl@2505[...]>main[...] devices=nvme request=nvme>none`. */
export function conditionName({ path, settings }: Condition, axes: readonly Axis[]): string {
  const neutral = neutralOf(axes);
  let name = pathName(path, neutral);
  for (const axis in settings) {
    if (settings[axis] !== neutral[axis]) name += ` ${axis}=${settings[axis]}`;
  }
  return name;
}

/** The condition called `name`; throws when the space has none of that name. */
export function conditionNamed(space: Space, name: string): Condition {
  const [pathText = "", ...settingTexts] = name.split(" ");
  const path = pathNamed(space, pathText);
  const settings = settingsNamed(space, settingTexts, path.length - 1);
  const condition = { path, settings };
  const proper = conditionName(condition, space.axes);
  demand(proper === name, `its name must be ${proper}`, name);
  return condition;
}

/** The neutral value of each axis that has one. */
export function neutralOf(axes: readonly Axis[]): Omitted {
  const known = neutralOfAxes.get(axes);
  if (known !== undefined) return known;
  const neutral: Record<string, string> = {};
  for (const axis of axes) if (axis.neutral !== undefined) neutral[axis.name] = axis.neutral;
  neutralOfAxes.set(axes, neutral);
  return neutral;
}

function pathNamed(space: Space, text: string): Path {
  const at = text.indexOf("@");
  const { implementation } = space;
  demand(text.slice(0, at) === implementation, `it must be of ${implementation}`, text);
  const hops = text.slice(at + 1).split(">");
  demand(hops.length > 1, "its path must have two hops or more", text);
  return hops.map((hop) => hopNamed(space, hop)) as unknown as Path;
}

function hopNamed(space: Space, text: string): Hop {
  const omitted = neutralOf(space.axes);
  const release = text.split("[", 1)[0] ?? "";
  demandOneOf("release", release, space.releases);
  const hops = space.configurations.map((inputs) => hopOf(space, release, inputs));
  const found = hops.find((hop) => hopName(hop, omitted) === text);
  if (found !== undefined) return found;
  const names = hops.map((hop) => hopName(hop, omitted));
  throw new RangeError(refusal(`hop must be one of ${names.join(", ")}`, text));
}

function settingsNamed(space: Space, texts: readonly string[], saves: number) {
  const given = new Map(texts.map((text) => [text.split("=", 1)[0] ?? "", text]));
  const axes = space.axes.filter(({ per }) => per !== "hop");
  for (const name of given.keys()) {
    const names = axes.map((axis) => axis.name);
    demandOneOf("axis", name, names);
  }
  const settings: Record<string, string> = {};
  for (const { name, per, values, neutral } of axes) {
    const setting = given.get(name)?.slice(name.length + 1) ?? neutral;
    if (setting === undefined) throw new RangeError(refusal(`${name} must be given`, "none"));
    const each = per === "save" ? valuesOf(setting, saves) : [setting];
    if (each.length !== saves && per === "save") {
      throw new RangeError(refusal(`${name} must have one value, or one for each save`, setting));
    }
    for (const value of each) demandOneOf(`value of ${name}`, value, values);
    settings[name] = settingOf(each);
  }
  return settings;
}

function demandOneOf(what: string, value: string, valid: readonly string[]): void {
  if (valid.includes(value)) return;
  throw new RangeError(refusal(`${what} must be one of ${valid.join(", ")}`, value));
}

function demand(holds: boolean, requirement: string, value: string): void {
  if (!holds) throw new RangeError(refusal(requirement, value));
}

function refusal(requirement: string, value: string): string {
  return `Cannot find condition as ${requirement}: current value is ${value}`;
}
