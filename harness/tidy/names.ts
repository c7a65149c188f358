/**
 * Rules about the names of folders, files and exports.
 *
 * @module
 */
import type { Finding } from "./finding.ts";
import type { Source } from "./source.ts";

/** Names that say nothing about what is inside. */
const BANNED_PATHS = new Set(["utils", "util", "helpers", "helper", "common", "types", "misc"]);
BANNED_PATHS.add("core");

const BANNED_WORDS = /(?:^|[a-z])(?:[Hh]elpers?|[Uu]tils?|[Mm]isc|[Mm]anagers?)(?![a-z])/;
/** Upstream's own terms. */
const UPSTREAM_NAMES = /DmaManager|NvmeManager|dmaManager|nvmeManager/g;

/** Folders, files and exports are called by what they are. */
export function checkNames({ path, exports, imports }: Source): Finding[] {
  const findings: Finding[] = [];
  const found = (line: number, rule: string, what: string) =>
    findings.push({ path, line, rule, what });
  const parts = path.replace(/\.ts$/, "").split("/");
  for (const part of parts) {
    if (BANNED_PATHS.has(part)) found(1, "path-name", `nothing is called "${part}"`);
  }
  const stem = parts.at(-1) ?? "";
  if (!/^[a-z0-9]+(?:_[a-z0-9]+)*$/.test(stem)) {
    found(1, "path-name", `a file name is snake_case: current value is "${stem}"`);
  }
  if (imports.some(({ name }) => name === "node:test") !== stem.endsWith("_test")) {
    found(1, "test-name", "a file with tests, and no other, is called NAME_test.ts");
  }
  for (const { name, line } of exports) {
    const word = name.replace(UPSTREAM_NAMES, "").match(BANNED_WORDS)?.[0];
    if (word !== undefined) found(line, "export-name", `"${name}" must not contain "${word}"`);
  }
  return findings;
}
