/**
 * A condition: one path with one value of every axis that is not per hop. It is saved and
 * restored once per preparation; every scenario that shares the preparation judges that run.
 *
 * @module
 */
import type { Axis } from "./axis.ts";
import type { Path } from "./path.ts";

export interface Condition {
  readonly path: Path;
  /**
   * Value of every axis that is not per hop: `{ devices: "nvme", request: "nvme>none" }`. One that
   * is per save is written once when it is the same at every save, else once for each of them.
   */
  readonly settings: Readonly<Record<string, string>>;
}

type Settings = Condition["settings"];

/** Between the values of an axis at one save and the next. */
const NEXT_SAVE = ">";

/** What the settings are at each save, as they are asked for again and again. */
const settingsOfAxes = new WeakMap<readonly Axis[], WeakMap<Settings, Settings[]>>();

/**
 * `settings` as they are at one save and on its edge, 0 being the first: what is per save has one
 * value, and what only the first save has is neutral later. A save beyond the last is asked for
 * what that was. The same object when nothing differs.
 */
export function settingsAt(settings: Settings, save: number, axes: readonly Axis[]): Settings {
  let ofAxes = settingsOfAxes.get(axes);
  if (ofAxes === undefined) {
    ofAxes = new WeakMap();
    settingsOfAxes.set(axes, ofAxes);
  }
  let bySave = ofAxes.get(settings);
  if (bySave === undefined) {
    bySave = [];
    ofAxes.set(settings, bySave);
  }
  const known = bySave[save];
  if (known !== undefined) return known;
  const found = madeAt(settings, save, axes);
  bySave[save] = found;
  return found;
}

/** `settings` of one save as they are at a later one that asks for the same. */
export function askedAgain(settings: Settings, axes: readonly Axis[]): Settings {
  let asked = settings;
  for (const { name, onlyFirst, neutral } of axes) {
    if (onlyFirst !== true || neutral === undefined) continue;
    if (settings[name] === neutral || settings[name] === undefined) continue;
    asked = { ...asked, [name]: neutral };
  }
  return asked;
}

function madeAt(settings: Settings, save: number, axes: readonly Axis[]): Settings {
  const changes: Record<string, string> = {};
  let changed = false;
  for (const { name, per, onlyFirst, neutral } of axes) {
    const value = settings[name];
    if (value === undefined) continue;
    const over = onlyFirst === true && save > 0;
    const at = over ? neutral : per === "save" ? lastOf(valuesOf(value, 1), save) : value;
    if (at === undefined || at === value) continue;
    changes[name] = at;
    changed = true;
  }
  return changed ? { ...settings, ...changes } : settings;
}

function lastOf(values: readonly string[], at: number): string | undefined {
  return values[Math.min(at, values.length - 1)];
}

/** The setting of an axis with the given values at the saves of a path. */
export function settingOf(values: readonly string[]): string {
  const [first = ""] = values;
  return values.every((value) => value === first) ? first : values.join(NEXT_SAVE);
}

/** The values of a setting at `saves` saves; as many as are given, when that is more than one. */
export function valuesOf(setting: string, saves: number): readonly string[] {
  const values = setting.split(NEXT_SAVE);
  return values.length === 1 ? new Array<string>(saves).fill(setting) : values;
}
