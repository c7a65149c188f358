/**
 * What a house rule says of one line of one file.
 *
 * @module
 */

export interface Finding {
  readonly path: string;
  /** One-based; 1 when the whole file is meant. */
  readonly line: number;
  /** Kebab-case name of the rule. */
  readonly rule: string;
  /** What is wrong, and what is allowed instead. */
  readonly what: string;
}

/** One line that an editor can jump to: `path:line: rule: what`. */
export function findingText({ path, line, rule, what }: Finding): string {
  return `${path}:${line}: ${rule}: ${what}`;
}
