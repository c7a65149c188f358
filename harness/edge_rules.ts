/**
 * The constraints of a space as tables over the variables of an edge.
 *
 * @module
 */
import type { Constraint, Space } from "./axis.ts";
import { type RuleTable, ruleTable } from "./covering/rule.ts";
import type { Variable } from "./variables.ts";

/** A table, and the numbers of the variables that it is about. */
export interface EdgeRule {
  readonly table: RuleTable;
  readonly variables: readonly number[];
}

/** By the values that they are for; layouts of one space differ by their hops more often. */
const rulesOfSpaces = new WeakMap<Space, Map<string, EdgeRule[]>>();

/**
 * The constraints of `space`, at the last edition if none is given; `values` are those that rows
 * have of each variable. A variable in `fixed` has the given value and is no dimension of any rule.
 */
export function edgeRules(
  space: Space,
  variables: readonly Variable[],
  values: readonly (readonly number[])[],
  edition: number = Number.POSITIVE_INFINITY,
  fixed: ReadonlyMap<number, number> = new Map(),
): EdgeRule[] {
  const had = space.pastConstraints?.filter((past) => edition < past.edition) ?? [];
  const ofSpace = rulesOfSpaces.get(space) ?? new Map<string, EdgeRule[]>();
  rulesOfSpaces.set(space, ofSpace);
  const key = JSON.stringify([values, [...fixed], had.map(({ name }) => name)]);
  const rules =
    ofSpace.get(key) ??
    [...space.constraints, ...had, ...ofPastValues(variables, values)].map((constraint) =>
      ruleOf(constraint, variables, values, fixed),
    );
  ofSpace.set(key, rules);
  return rules;
}

/** What the values that have left since could not be combined with. */
function ofPastValues(
  variables: readonly Variable[],
  values: readonly (readonly number[])[],
): Constraint[] {
  return variables.flatMap(({ axis, values: texts }, at) => {
    const known = values[at]?.map((value) => texts[value]) ?? [];
    const past = axis?.retired?.filter(({ value }) => known.includes(value)) ?? [];
    return past.map(({ value, never = {} }): Constraint => {
      const name = axis?.name ?? "";
      return {
        name: `${name}-${value}`,
        reason: "The value has left",
        over: [name, ...Object.keys(never)],
        allows: (factors) =>
          factors[name] !== value ||
          Object.entries(never).every(([other, texts]) => !texts.includes(factors[other] ?? "")),
      };
    });
  });
}

function ruleOf(
  constraint: Constraint,
  variables: readonly Variable[],
  values: readonly (readonly number[])[],
  fixed: ReadonlyMap<number, number>,
): EdgeRule {
  const given = [...fixed].map(([variable, value]) => variables[variable]?.factors[value]);
  const concerned = concernedBy(constraint, variables).filter((index) => !fixed.has(index));
  const about = concerned.map((index) => variables[index] as Variable);
  const table = ruleTable(
    about.map((variable) => variable.values.length),
    concerned.map((index) => values[index] ?? []),
    (row) => {
      const factors: Record<string, string> = Object.assign({}, ...given);
      for (const [at, { factors: ofValue }] of about.entries()) {
        Object.assign(factors, ofValue[row[at] ?? 0]);
      }
      return constraint.allows(factors);
    },
  );
  return { table, variables: concerned };
}

/** The variables that decide about the factors that `constraint` looks at. */
function concernedBy({ name, over }: Constraint, variables: readonly Variable[]): number[] {
  const concerned = over.map((factor) => {
    const found = variables.findIndex(({ factors }) => factor in (factors[0] ?? {}));
    if (found !== -1) return found;
    throw new RangeError(
      `Cannot apply constraint ${name} as it must be over factors of an edge: ` +
        `current value is ${factor}`,
    );
  });
  return [...new Set(concerned)];
}
