import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaseBook, CaseOrder } from "./case_book.ts";
import { runCommandLine } from "./command_line.ts";
import { counterProduct } from "./counter_product.ts";
import { silentShell } from "./silent_shell.ts";

/** A book whose cases end as they are called. */
function bookOf(orders: CaseOrder[]): CaseBook {
  const verdicts = ["passed", "failed", "known", "unlisted", "skipped", "error"];
  return {
    ids: verdicts,
    targets: ["reference", "another"],
    quirks: { late: "it is late" },
    sweeps: {
      crash: {
        meaning: "it crashes",
        *run({ steps, seed }) {
          yield { counts: { runs: 1 }, findings: [] };
          yield { counts: { runs: steps }, findings: seed === 1 ? [] : ["I1: broken\u001b"] };
        },
      },
    },
    async *run(order) {
      orders.push(order);
      for (const id of order.ids) yield { id, must: "It holds", verdict: id, reason: "why\u001b" };
    },
  };
}

async function ranAs(...args: string[]) {
  let written = "";
  let told = "";
  const orders: CaseOrder[] = [];
  const shell = {
    ...silentShell,
    write: (text: string) => {
      written += text;
      return Promise.resolve();
    },
    tell: (text: string) => {
      told += text;
    },
  };
  const book = bookOf(orders);
  const entry = { sweeps: Object.keys(book.sweeps), load: () => Promise.resolve(book) };
  const product = { ...counterProduct(), caseBooks: { book: entry } };
  const code = await runCommandLine(args, product, shell);
  return { code, written, told, orders };
}

const ran = (...args: string[]) => ranAs("cases", "book", ...args);

test("cases prints id, verdict, claim and reason, and counts", async () => {
  const { code, written } = await ran("--case", "passed,skipped");
  assert.equal(code, 0);
  assert.match(written, /^passed {2}passed {4}It holds\n {14}why\u{FFFD}\n/u);
  assert.match(written, /2 cases on reference: 1 passed, 1 skipped\n$/);
});

test("cases ends as the gravest verdict has it", async () => {
  const codes: Record<string, number> = { passed: 0, known: 0, skipped: 0, failed: 1, unlisted: 1 };
  for (const [id, code] of Object.entries(codes))
    assert.equal((await ran("--case", id)).code, code);
  assert.equal((await ran()).code, 4);
});

test("cases hands over target, quirks and seed, and prints JSON", async () => {
  const args = ["--target", "another", "--quirks", "late", "--seed", "7", "--case", "known"];
  const { written, orders } = await ran(...args, "--json");
  const order = { target: "another", ids: ["known"], quirks: ["late"], seed: 7 };
  assert.deepEqual(orders, [order]);
  const shown = JSON.parse(written);
  assert.deepEqual([shown.target, shown.counts], ["another", { known: 1 }]);
  assert.equal(shown.cases[0].must, "It holds");
});

test("cases names what it cannot find", async () => {
  for (const [option, name] of [
    ["--case", "K99"],
    ["--target", "none"],
    ["--quirks", "none"],
  ]) {
    const { code, told } = await ran(option as string, name as string);
    assert.equal(code, 2);
    assert.match(told, new RegExp(`^Cannot find \\w+ "${name}"`));
  }
});

test("sweep prints what was done last, and what is broken", async () => {
  const good = await ranAs("sweep", "book", "--kind", "crash", "--steps", "7");
  assert.deepEqual([good.code, good.written], [0, "7 runs, 0 findings\n"]);
  const bad = await ranAs("sweep", "book", "--kind", "crash", "--seed", "2");
  assert.equal(bad.code, 1);
  assert.match(bad.written, /^I1: broken\u{FFFD}\n1000000 runs, 1 findings\n$/u);
});

test("sweep prints JSON, and names what it cannot find", async () => {
  const { written } = await ranAs("sweep", "book", "--kind", "crash", "--steps", "7", "--json");
  assert.deepEqual(JSON.parse(written).counts, { runs: 7 });
  const { code, told } = await ranAs("sweep", "book", "--kind", "none");
  assert.equal(code, 2);
  assert.match(told, /^Cannot find kind "none"/);
});
