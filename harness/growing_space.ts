/**
 * Spaces that grow, for tests: one of three editions with everything that a space can have, and
 * what it was at an earlier edition. Constraints are odd but steady: they forbid what a checksum of
 * the values says.
 *
 * @module
 */
import type { Axis, Constraint, Space } from "./axis.ts";

/** What is random about a space. */
export interface Growth {
  /** Editions of the third release, of a configuration, of values and of axes: 1 to 3 each. */
  readonly release: number;
  readonly mode: number;
  readonly extra: number;
  readonly device: number;
  readonly fault: number;
  readonly point: number;
  /** The first edition without a fault, and that with parts of faults; 4 for none. */
  readonly left?: number;
  readonly parted?: number;
  /** Salts of the constraints. */
  readonly salts: readonly number[];
}

/** The last edition. */
const LAST = 3;

/** Has no parts, and asks for a device. */
const OLD_FAULT = { value: "silence", after: "disk:drop", never: { devices: ["none"] } };

const OLD_CONSTRAINT: Constraint = {
  name: "silence-needs-devices",
  reason: "A sample",
  over: ["fault", "devices"],
  allows: ({ fault, devices }) => fault !== OLD_FAULT.value || devices !== "none",
};

const CLAIM = { meaning: "A sample" };

export function growingSpace(growth: Growth): Space {
  return {
    implementation: "sample",
    releases: ["1", "2", "3"],
    releaseEditions: { 3: growth.release },
    configurations: [
      { mode: "up", extra: "off" },
      { mode: "down", extra: "off" },
      { mode: "still", extra: "off" },
      { mode: "up", extra: "on" },
    ],
    axes: axesOf(growth),
    constraints: growth.salts.map(oddConstraint),
  };
}

function axesOf({ mode, extra, device, fault, point, ...growth }: Growth): Axis[] {
  const { left = LAST + 1, parted = 1 } = growth;
  const quiet = { neutral: "none", reserved: true, onlyFirst: true } as const;
  return [
    {
      ...CLAIM,
      name: "mode",
      per: "hop",
      values: ["up", "down", "still"],
      editions: { still: mode },
    },
    {
      ...CLAIM,
      name: "extra",
      per: "hop",
      values: ["off", "on"],
      neutral: "off",
      edition: extra,
    },
    { ...CLAIM, name: "request", per: "save", values: ["none", "keep"] },
    {
      ...CLAIM,
      name: "devices",
      per: "path",
      values: ["none", "disk", "net"],
      editions: { net: device },
    },
    {
      ...CLAIM,
      ...quiet,
      name: "fault",
      per: "path",
      values: ["none", "disk:drop", "disk:delay", "net:drop", "net:delay"],
      parts: ["place", "kind"],
      partsEdition: parted,
      editions: { "net:delay": fault },
      ...(left > LAST ? {} : { retired: [{ ...OLD_FAULT, edition: left }] }),
    },
    {
      ...CLAIM,
      name: "point",
      per: "path",
      values: ["idle", "busy", "late"],
      neutral: "idle",
      edition: point,
    },
    { ...CLAIM, name: "defect", per: "path", values: ["no", "yes"], neutral: "no", onDemand: true },
  ];
}

const OVER = [
  ["writer", "reader", "writer.mode"],
  ["fault.place", "devices"],
  ["request", "devices", "reader.mode"],
  ["point", "request"],
];

/** Forbids about a quarter of the combinations; never those where the point is neutral. */
function oddConstraint(salt: number, index: number): Constraint {
  const over = OVER[index % OVER.length] ?? [];
  return {
    name: `odd-${index}`,
    reason: "A sample",
    over,
    allows(factors) {
      if (over.includes("point") && factors.point === "idle") return true;
      let sum = salt;
      for (const factor of over) {
        for (const unit of factors[factor] ?? "") sum = (sum * 31 + unit.charCodeAt(0)) % 997;
      }
      return sum % 4 !== 0;
    },
  };
}

/** `space` as it was at `edition`. */
export function spaceAt(space: Space, edition: number): Space {
  const { releaseEditions = {} } = space;
  const gone = space.axes.filter((axis) => (axis.edition ?? 1) > edition).map(({ name }) => name);
  const axes = space.axes
    .filter(({ name }) => !gone.includes(name))
    .map((axis) => axisAt(axis, edition));
  const configurations = space.configurations
    .filter(({ extra }) => extra === "off" || !gone.includes("extra"))
    .filter(({ mode = "" }) => axes[0]?.values.includes(mode))
    .map((inputs) =>
      Object.fromEntries(Object.entries(inputs).filter(([name]) => !gone.includes(name))),
    );
  return {
    ...space,
    releases: space.releases.filter((release) => (releaseEditions[release] ?? 1) <= edition),
    configurations,
    axes,
    constraints: [
      ...space.constraints.filter(({ over }) => !over.some((it) => gone.includes(it))),
      ...(axes.some(({ values }) => values.includes(OLD_FAULT.value)) ? [OLD_CONSTRAINT] : []),
    ],
  };
}

/** What left later was there, in its place. */
function axisAt(axis: Axis, edition: number): Axis {
  const values = axis.values.filter((value) => (axis.editions?.[value] ?? 1) <= edition);
  const { retired = [], ...stays } = axis;
  if (retired.every((it) => it.edition <= edition)) return { ...axis, values };
  values.splice(values.indexOf(OLD_FAULT.after) + 1, 0, OLD_FAULT.value);
  return { ...stays, values };
}
