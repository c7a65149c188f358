/**
 * Rules about the graph of imports as a whole: no cycles, no dead files.
 *
 * @module
 */
import type { Finding } from "./finding.ts";
import { resolve, type Source } from "./source.ts";

/** Two files that are one idea: a type may be a message, and a message has types. */
const ONE_IDEA = ["src/schema/message.ts", "src/schema/type.ts"];

/** No file imports itself by way of others; type-only imports count. */
export function checkCycles(sources: readonly Source[]): Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const findings: Finding[] = [];
  const walk = (source: Source, trail: readonly string[]): void => {
    if (done.has(source.path)) return;
    const path = source.path;
    for (const { name, line } of source.imports) {
      const target = resolve(path, name);
      const next = target === undefined ? undefined : byPath.get(target);
      if (next === undefined) continue;
      if (ONE_IDEA.includes(path) && ONE_IDEA.includes(next.path)) continue;
      const start = [...trail, path].indexOf(next.path);
      if (start < 0) {
        walk(next, [...trail, path]);
      } else {
        const cycle = [...trail.slice(start), path, next.path].join(" > ");
        findings.push({ path, line, rule: "cycle", what: `imports itself: ${cycle}` });
      }
    }
    done.add(path);
  };
  for (const source of sources) walk(source, []);
  return findings;
}

/** Files that are started and not imported: the program, suites, tests, benches and templates. */
const ROOT = /^harness\/(?:main\.ts$|templates\/)|^suites\/|_(?:test|bench)\.ts$/;

/** Every file is reached from a root, or from a script of `package.json`. */
export function checkDead(sources: readonly Source[], packageText: string): Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const queue = sources.filter(({ path }) => ROOT.test(path) || packageText.includes(path));
  for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
    if (reached.has(source.path)) continue;
    reached.add(source.path);
    for (const name of [...source.imports.map((it) => it.name), ...source.references]) {
      const next = byPath.get(resolve(source.path, name) ?? "");
      if (next !== undefined) queue.push(next);
    }
  }
  return sources
    .filter(({ path }) => !reached.has(path))
    .map(({ path }) => ({
      path,
      line: 1,
      rule: "dead-file",
      what: "is reached from no program, suite, test, bench or script",
    }));
}
