/**
 * Mutations: defects put into codec and model on purpose, each of which must turn the cell red
 * that speaks of it. They test the grid, as the grid tests an implementation.
 *
 * @module
 */

/** One defect, as data. */
export interface Mutation {
  /** Kebab-case; says what is broken. */
  readonly name: string;
  /** The file that is broken, from the root of the project. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The claim that must not hold any more: `suite/scenario`. */
  readonly scenario: string;
  /** Full name of the condition under which it does not hold. */
  readonly condition: string;
}

/** `text` of the mutation's file with the defect in it. Throws when the mutation is stale. */
export function mutate({ name, file, find, replace }: Mutation, text: string): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new RangeError(
    `Cannot apply mutation ${name} as its text must occur once in ${file}: ` +
      `current value is ${parts.length - 1} times`,
  );
}
