import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { findingText } from "./tidy/finding.ts";
import { readSources } from "./tidy/parse.ts";
import { checkAll } from "./tidy/rules.ts";

test("every source file follows the house rules", { timeout: 120_000 }, async () => {
  const texts = new Map<string, string>();
  for (const path of globSync("{src,harness,suites,compat}/**/*.ts")) {
    texts.set(path.replaceAll("\\", "/"), readFileSync(path, "utf8"));
  }
  const findings = checkAll(await readSources(texts), readFileSync("package.json", "utf8"));
  assert.ok(findings.length === 0, `\n${findings.map(findingText).join("\n")}`);
});
