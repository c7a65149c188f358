/**
 * What the model declares as data, against the tables that are written from sources of upstream.
 *
 * @module
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RELEASES, type Release } from "../../../src/openhcl/mod.ts";

interface Row {
  readonly releases: readonly string[];
}

interface SaveRow extends Row {
  readonly steps: readonly { readonly step: string }[];
  readonly fixup: boolean;
}

interface LayoutRow extends Row {
  readonly submissionPages: number;
  readonly completionPages: number;
  readonly dataPages: number;
  readonly pages: number;
  readonly memLen: number;
  readonly entriesMax: number;
  readonly completionPage: number;
}

function table(name: string): Record<string, readonly Row[]> {
  const url = new URL(`../../../fixtures/openhcl/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}

/** The row of `rows` for each release that has one. */
function* rowsOf<R extends Row>(rows: readonly Row[] = []): Generator<readonly [Release, R]> {
  for (const release of RELEASES) {
    const row = rows.find(({ releases }) => releases.includes(release.name));
    if (row !== undefined) yield [release, row as R];
  }
}

test("Release saves in the order of the table, and fixes up where the table says so", () => {
  const rows = [...rowsOf<SaveRow>(table("save_order").saves)];
  assert.equal(rows.length, RELEASES.length);
  for (const [{ name, saveSteps, relay }, { steps, fixup }] of rows) {
    const [actual, expected] = [saveSteps.map((step) => step.name), steps.map(({ step }) => step)];
    assert.deepEqual(actual, expected, name);
    assert.equal(relay.clientApart, fixup, name);
  }
});

test("Release cuts queue memory as the table says", () => {
  const rows = [...rowsOf<LayoutRow>(table("queue_layout").layouts)];
  assert.equal(rows.length, RELEASES.length - 1);
  for (const [{ name, nvme }, row] of rows) {
    const { sqPages, cqPages, dataPages, sqEntriesMax } = nvme.layout;
    const { submissionPages, completionPages, pages, memLen, completionPage, entriesMax } = row;
    assert.deepEqual(
      [sqPages, cqPages, dataPages],
      [submissionPages, completionPages, row.dataPages],
    );
    assert.deepEqual([sqPages + cqPages + dataPages, sqPages], [pages, completionPage], name);
    assert.equal(pages * 4096, memLen, name);
    assert.equal(sqEntriesMax, entriesMax, name);
  }
});
