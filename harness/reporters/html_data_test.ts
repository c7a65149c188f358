/**
 * The data block of the HTML page, read back by the module that the page itself uses.
 *
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresText } from "../figures.ts";
import { tokenOf as replayToken } from "../replay_token.ts";
import type { CellResult, ConditionResult, Report, TranscriptLine } from "../report.ts";
import { dataOf, PageConditions } from "./html_data.ts";
import type { PageData } from "./html_format.ts";
import { scriptJson } from "./script_json.ts";
import { syntheticReport } from "./synthetic_report.ts";

/** What the tests use of `html_page/decode.js` and `html_page/names.js`. */
interface Model {
  readonly cells: Uint32Array;
  readonly scenarios: number;
  readonly kinds: readonly string[];
  readonly faults: ReadonlyMap<number, string>;
  readonly outcomes: readonly {
    readonly verdict: number;
    readonly reason: string;
    readonly edge: number;
    readonly expected: string;
    readonly surprise: string;
  }[];
}

interface Decoder {
  decode(data: PageData): Model;
  transcriptOf(model: Model, condition: number): readonly TranscriptLine[];
}

interface Names {
  conditionName(model: Model, condition: number): string;
}

interface Tokens {
  tokenOf(model: Model, condition: number, scenario: number): string;
}

interface Factors {
  factorsOf(model: Model): readonly { readonly name: string; readonly values: readonly string[] }[];
}

// The page is JavaScript for browsers, outside of the types of this project.
const page = (name: string): string => new URL(`./html_page/${name}`, import.meta.url).href;
const { decode, transcriptOf } = (await import(page("decode.js"))) as Decoder;
const { conditionName } = (await import(page("names.js"))) as Names;
const { factorsOf } = (await import(page("factors.js"))) as Factors;
const { tokenOf } = (await import(page("tokens.js"))) as Tokens;

/** A page of at most so many conditions, besides those that surprise. */
function upTo(most: number) {
  return (report: Report) => new PageConditions(report, most);
}

function dataFrom(report: Report): PageData {
  return JSON.parse([...dataOf(report)].join(""));
}

function cellsOf(model: Model, data: PageData, condition: number): CellResult[] {
  return data.scenarios.flatMap(({ id }, scenario) => {
    const outcome = model.outcomes[(model.cells[condition * model.scenarios + scenario] ?? 0) - 1];
    if (outcome === undefined) return [];
    const { verdict, reason, edge, expected, surprise } = outcome;
    return {
      scenario: id,
      verdict: model.kinds[verdict] as CellResult["verdict"],
      ...(reason === "" ? {} : { reason }),
      ...(edge < 0 ? {} : { edge }),
      ...(expected === "" ? {} : { expected }),
      ...(surprise === "" ? {} : { surprise }),
    };
  });
}

test("dataOf keeps every condition, cell and transcript", { timeout: 20_000 }, () => {
  const report = syntheticReport({ conditions: 700, surpriseEvery: 3 });
  const data = dataFrom(report);
  const model = decode(data);
  let count = 0;
  for (const [index, result] of [...report.conditions()].entries()) {
    assert.equal(conditionName(model, index), result.name);
    assert.deepEqual(cellsOf(model, data, index), result.cells);
    const told = result.transcript.map(({ event, release, detail, figures }) => {
      return { event, release, detail: figures === undefined ? detail : figuresText(figures) };
    });
    assert.deepEqual(transcriptOf(model, index), told);
    const { seed } = data.run;
    const { id: scenario = "" } = data.scenarios[count % data.scenarios.length] ?? {};
    assert.equal(
      tokenOf(model, index, count % data.scenarios.length),
      replayToken({ scenario, condition: result.name, seed }),
    );
    count += 1;
  }
  assert.equal(count, 700);
});

test("dataOf leaves out what is too much, except surprises", () => {
  const report = syntheticReport({ conditions: 100, surpriseEvery: 7 });
  const surprising = (results: Iterable<ConditionResult>) =>
    [...results].filter(({ cells }) => cells.some(({ surprise }) => surprise !== undefined));
  const whole = JSON.parse([...dataOf(report, upTo(100))].join("")) as PageData;
  assert.deepEqual([whole.leftOut, whole.conditions.length / 4], [0, 100]);
  const part = JSON.parse([...dataOf(report, upTo(40))].join("")) as PageData;
  const late = surprising([...report.conditions()].slice(40)).length;
  assert.ok(late > 5);
  assert.deepEqual([part.leftOut, part.conditions.length / 4], [60 - late, 40 + late]);
  const model = decode(part);
  const names = new Set(Array.from({ length: 40 + late }, (_, at) => conditionName(model, at)));
  for (const { name } of surprising(report.conditions())) assert.ok(names.has(name), name);
});

test("the page filters by what varies: parts of values, and requests that change", () => {
  const report = syntheticReport({
    conditions: 6,
    change: (result, index) => {
      const { path, settings } = result.condition;
      const request = index < 3 ? "nvme" : "nvme>none";
      const fault = index < 2 ? "none" : "disk:drop";
      const condition = { path, settings: { ...settings, request, fault, lifetime: "Default" } };
      return { ...result, condition };
    },
  });
  const { axes } = report.header;
  const parted = axes.map((axis) =>
    axis.name === "fault" ? { ...axis, parts: ["at", "do"] } : axis,
  );
  const model = decode(dataFrom({ ...report, header: { ...report.header, axes: parted } }));
  const factors = new Map(factorsOf(model).map(({ name, values }) => [name, values]));
  assert.deepEqual(factors.get("request"), ["nvme", "changes"]);
  assert.deepEqual(factors.get("fault"), ["none", "disk:drop"]);
  assert.deepEqual(factors.get("fault.at"), ["none", "disk"]);
  assert.deepEqual(factors.get("fault.do"), ["none", "drop"]);
  assert.equal(factors.has("lifetime"), false);
});

test("dataOf keeps conditions that lack cells or have unlisted scenarios", () => {
  const extra: CellResult = { scenario: "new/claim", verdict: "error", reason: "no such claim" };
  const report = syntheticReport({
    conditions: 3,
    change: (result, index) => ({
      ...result,
      cells: index === 1 ? [] : [...result.cells.slice(4, 9), extra],
    }),
  });
  const data = dataFrom(report);
  const model = decode(data);
  for (const [index, { cells }] of [...report.conditions()].entries()) {
    assert.deepEqual(cellsOf(model, data, index), cells);
  }
  assert.deepEqual(data.scenarios.at(-1), { id: "new/claim", must: "", source: "" });
});

test("dataOf keeps what an adapter did wrong", () => {
  const report = syntheticReport({
    conditions: 3,
    change: (result, index) => (index === 2 ? { ...result, adapterFault: "lied" } : result),
  });
  assert.deepEqual([...decode(dataFrom(report)).faults], [[2, "lied"]]);
});

test("dataOf says that a run was interrupted", () => {
  assert.equal(dataFrom(syntheticReport({ conditions: 2, interrupted: true })).end, null);
  assert.equal(dataFrom(syntheticReport({ conditions: 2 })).end?.conditions, 2);
});

test("dataOf is JSON without conditions", () => {
  assert.deepEqual(dataFrom(syntheticReport({ conditions: 0 })).conditions, []);
});

test("scriptJson leaves nothing that ends or splits a script element", () => {
  const hostile = "</script><!-- \u2028\u2029 \u0000 \ud800";
  const text = scriptJson(hostile);
  assert.doesNotMatch(text, /[<\u2028\u2029]/);
  assert.equal(JSON.parse(text), hostile);
});
