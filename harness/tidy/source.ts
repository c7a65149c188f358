/**
 * What the house rules need to know of a source file: imports (type-only ones too), exports,
 * functions, and the few names that only some folders may use.
 *
 * @module
 */
import { posix } from "node:path";

/** A name or a text, and the line it stands on. */
export interface Located {
  readonly name: string;
  /** One-based. */
  readonly line: number;
}

/** `type` covers interfaces too; `error` is a class that extends an error. */
export interface Export extends Located {
  readonly kind: "value" | "type" | "error" | "default" | "again";
}

export interface FunctionSpan extends Located {
  /** Lines from the first word of its head to its closing brace. */
  readonly lines: number;
}

export interface Source {
  /** Relative to the root of the project, with `/`. */
  readonly path: string;
  readonly lines: readonly string[];
  /** Every specifier of `import`, `export from`, `import()` and `import("...")` types. */
  readonly imports: readonly Located[];
  /** Every other text that looks like a relative path, such as the argument of `new URL`. */
  readonly references: readonly string[];
  readonly exports: readonly Export[];
  readonly functions: readonly FunctionSpan[];
  /** `a.b` of property accesses, `new X` with its number of arguments, and plain identifiers. */
  readonly uses: readonly Located[];
}

/** Packages that are folders of this project. */
const LOCAL_PACKAGES: Readonly<Record<string, string>> = {
  "@std/assert": "compat/std-assert/mod.ts",
};

/** The file that a specifier means, or undefined for a package or a builtin. */
export function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return LOCAL_PACKAGES[specifier];
  return posix.join(posix.dirname(from), specifier);
}
