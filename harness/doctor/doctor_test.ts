import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { examine } from "./doctor.ts";
import { FINDINGS } from "./findings_table.ts";

const isNode = !("Deno" in globalThis || "Bun" in globalThis);
const SICK = fileURLToPath(new URL("./sick.js", import.meta.url));
/** Hundreds of processes of a text that is none of the product. */
const UNCOVERED = { NODE_V8_COVERAGE: "" };
const WORDS = [process.execPath, ...("Deno" in globalThis ? ["run", "-A"] : []), SICK];

/** Nothing healthy waits that long, however busy the machine is. */
const NEVER_MS = 100_000;
/** For those that are waited for in vain. */
const SOON_MS = 4000;

/** Those that only show when an answer does not come. */
const SILENT = new Set([
  "no-newline",
  "no-flush",
  "late-answer",
  "unknown-method-hangs",
  "ignores-end",
  "in-flight-refused",
]);

/** More than one way to be sick of the same; the names of all others are their findings. */
const VARIANTS: Readonly<Record<string, string>> = {
  "hello-shape-facets": "hello-shape",
  "hello-shape-releases": "hello-shape",
  "facet-refused-units": "facet-refused",
  "facet-undeclared-units": "facet-undeclared",
  "role-undeclared-save": "role-undeclared",
  "role-undeclared-codec": "role-undeclared",
  "role-refused-codec": "role-refused",
  "role-refused-restore": "role-refused",
  "unknown-member-hello": "unknown-member",
  "accepts-anything-call": "accepts-anything",
  "wrong-id-text": "wrong-id",
  "wrong-id-of-errors": "wrong-id",
  "unknown-method-hangs": "unknown-method",
  "dies-hello": "no-start",
  "dies-start": "dies",
  "dies-restore": "dies",
  "dies-observe": "dies",
  "dies-stop": "dies",
  "hangs-hello": "hangs",
  "hangs-start": "hangs",
  "hangs-restore": "hangs",
  "hangs-save": "hangs",
  "hangs-observe": "hangs",
  "hangs-stop": "hangs",
};

/** Healthy in an unusual way. */
const HEALTHY = ["", "framing", "half-writer", "half-reader", "volatile", "single", "logs"];

/** What differs by runtime is how a process is started and read; that takes a few. */
const ON_ALL = new Set(["", "framing", "stdout-noise", "no-newline", "dies", "leaves-children"]);

// Which method it hangs at is always said.
const named = Object.keys(FINDINGS).filter((name) => name !== "hangs");
const sicknesses = [...named, ...Object.keys(VARIANTS)];
const rows = [
  ...HEALTHY.map((name) => [name, []] as const),
  ...sicknesses.map((name) => [name, [VARIANTS[name] ?? name]] as const),
].filter(([name]) => isNode || ON_ALL.has(name));

describe("examine() finds what an adapter is sick of, and nothing else", { concurrency: 6 }, () => {
  for (const [name, expected] of rows) {
    it(name || "nothing", { timeout: 120_000 }, async () => {
      const timeoutMs = SILENT.has(name) || name.startsWith("hangs-") ? SOON_MS : NEVER_MS;
      const slowMs = name === "slow-start" ? 1 : NEVER_MS;
      const command = { words: [...WORDS, name], folder: ".", env: UNCOVERED };
      const { chart } = await examine(command, { timeoutMs, slowMs });
      const found = chart.findings.map(({ code, what }) => `${code}: ${what}`);
      assert.deepEqual(
        chart.findings.map(({ code }) => code),
        expected,
        found.join("\n"),
      );
    });
  }
});
