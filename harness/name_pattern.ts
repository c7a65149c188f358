/**
 * The one wildcard grammar: `*` stands for any text, everything else for itself, and a pattern
 * matches a whole name. Selection and expectations both use it.
 *
 * @module
 */

/** Returns a predicate that is true for names that `pattern` matches. */
export function namePattern(pattern: string): (name: string) => boolean {
  if (!pattern.includes("*")) return (name) => name === pattern;
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}/]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join("[^]*")}$`);
  return (name) => expression.test(name);
}
