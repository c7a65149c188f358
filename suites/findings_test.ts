import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { xenstore } from "../harness/adapters/xenstore/mod.ts";
import { REAL } from "../harness/adapters/xenstored/real.ts";
import { call } from "../harness/cli/called.ts";
import type { Expectation } from "../harness/expectation.ts";
import { inOrder } from "../harness/in_order.ts";
import { product } from "../harness/product.ts";
import { cellOfToken } from "../harness/replay_token.ts";
import { plain } from "../harness/reporters/markdown_text.ts";
import { KNOWN as KNOWN_QEMU } from "./known/qemu.ts";
import { KNOWN } from "./known/xenstored.ts";
import { KNOWN_GROWTHS } from "./known/xenstored_growth.ts";

const AGAIN = "make FINDINGS.md again, as it says in its first lines";

/** Sections of a page by their titles. */
function sectionsOf(file: string): ReadonlyMap<string, string> {
  const page = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  const texts = page.split(/^## /m).slice(1);
  return new Map(texts.map((text) => [text.slice(0, text.indexOf("\n")), text]));
}

const sections = sectionsOf("FINDINGS.md");

function tokenIn(name: string): string {
  return /--replay (\S+)`$/m.exec(sections.get(name) ?? "")?.[1] ?? "";
}

/** A token of a path on which a real daemon is updated into the model. */
const FROM_REAL_TO_MODEL = /[@~](?:c|oxenstored)-[\d.]+~reference-/;

test("FINDINGS.md has every known break and growth of xenstored, and nothing else", () => {
  const names = [...KNOWN, ...KNOWN_GROWTHS].map(({ name }) => name);
  assert.deepEqual([...sections.keys()], names, AGAIN);
});

function checkSaid(text: string, { name, note, link, verdict, reason }: Expectation): void {
  for (const part of [`\n${plain(note)}\n`, `: <${link}>\n`, `${verdict}: ${plain(reason)}\n`]) {
    assert.ok(text.includes(part), `${name} lacks ${part.trim()}; ${AGAIN}`);
  }
}

test("FINDINGS_QEMU.md has every known break of real QEMUs, as it is now", () => {
  const found = sectionsOf("FINDINGS_QEMU.md");
  const names = KNOWN_QEMU.map(({ name }) => name);
  for (const name of found.keys()) assert.ok(names.includes(name), `${name}; ${AGAIN}`);
  for (const known of KNOWN_QEMU) {
    const text = found.get(known.name);
    // What breaks now and then need not have done so.
    if (text === undefined && known.mayPass === true) continue;
    checkSaid(text ?? "", known);
    const token = /--replay (\S+)`$/m.exec(text ?? "")?.[1] ?? "";
    assert.match(cellOfToken(token).condition, /^qemu@/, known.name);
  }
});

test("FINDINGS.md gives each finding the reason, source and command that it has now", () => {
  for (const known of KNOWN) {
    const { name } = known;
    checkSaid(sections.get(name) ?? "", known);
    assert.match(cellOfToken(tokenIn(name)).condition, /^xenstored@/, name);
  }
  for (const { name, note, releases } of KNOWN_GROWTHS) {
    const text = sections.get(name) ?? "";
    assert.ok(text.includes(`\n${plain(note)}\n`), AGAIN);
    for (const release of releases) assert.ok(text.includes(`soak xenstored --release ${release}`));
  }
});

test(
  "FINDINGS.md has a command for each finding that shows it, with its messages",
  REAL,
  async () => {
    const lanes = Array.from({ length: 8 }, (_, lane) => lane);
    const replayed = inOrder(lanes, KNOWN, async (_lane, { name, verdict }) => {
      const { out } = await call(["run", "--replay", tokenIn(name), "--json"], { product });
      return { name, verdict, result: JSON.parse(out) };
    });
    for await (const { name, verdict, result } of replayed) {
      const { cell, transcript, exitCode } = result;
      if (xenstore.whyNotInherit !== undefined && FROM_REAL_TO_MODEL.test(tokenIn(name))) {
        assert.equal(cell.verdict, "unsupported", name);
        assert.ok(cell.reason.includes(xenstore.whyNotInherit), cell.reason);
        continue;
      }
      assert.deepEqual([cell.expected, cell.verdict, exitCode], [name, verdict, 0], AGAIN);
      const wire = transcript.filter(({ event }: { event: string }) => event === "wire");
      assert.ok(wire.length > 3, `${name} shows ${wire.length} messages`);
    }
  },
);
