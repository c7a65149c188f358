import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Axis } from "../axis.ts";
import { call, inDirectory } from "./called.ts";
import { counterImplementation, counterProduct, offered, TOO_OLD } from "./counter_product.ts";

test("run writes reports and exits 0 when everything is as expected", async () => {
  await inDirectory(async (directory) => {
    const { code, out, err } = await call(["run", "--out", directory]);
    assert.equal(err, "");
    assert.equal(code, 0);
    const files = ["run.ndjson", "junit.xml", "report.md", "report.html"];
    for (const file of files) assert.ok(readFileSync(join(directory, file)).length > 0);
    assert.match(out, /^\d+ planned, 0 surprises\nReports: .*run\.ndjson, .*report\.html\n$/);
  });
});

test("run exits 1 on a surprise and on a stale expectation", async () => {
  await inDirectory(async (directory) => {
    const surprised = await call(["run", "--out", directory], { product: counterProduct([]) });
    assert.equal(surprised.code, 1);
    const stale = { ...TOO_OLD, name: "never", factors: { writer: "3", reader: "1" } };
    const product = counterProduct([TOO_OLD, stale]);
    const run = await call(["run", "--json", "--out", directory], { product });
    assert.equal(run.code, 1);
    const summary = JSON.parse(run.out);
    assert.deepEqual(summary.end.stale, ["never"]);
    assert.ok(summary.end.surprises > 0, "what was expected to fail has passed");
  });
});

test("run exits 4 when the adapter lies about a release or breaks", async () => {
  await inDirectory(async (directory) => {
    const product = counterProduct([], "lies-when-restored");
    assert.equal((await call(["run", "--out", directory], { product })).code, 4);
    const mute = counterProduct([], "throws-when-asked");
    const { code, err } = await call(["run", "--out", directory], { product: mute });
    assert.equal(code, 4);
    assert.match(err, /^The adapter broke: Cannot ask what 1\[up\] can do: TypeError: no such/);
  });
});

test("run gives the same bytes for the same seed", async () => {
  await inDirectory(async (directory) => {
    const [a, b, c] = ["a", "b", "c"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    await call(["run", "--out", a]);
    await call(["run", "--out", b]);
    await call(["run", "--out", c, "--seed", "2"]);
    const text = (out: string) => readFileSync(join(out, "run.ndjson"), "utf8");
    assert.equal(text(a), text(b));
    assert.notEqual(text(a), text(c));
  });
});

test("run says in one line what it cannot find, with the nearest names, and exits 2", async () => {
  for (const [args, expected] of [
    [["run", "--where", "writer=4"], 'Cannot find value of writer "4": valid are 1, 2, 3'],
    [["run", "--where", "wrter=1"], 'Cannot find factor "wrter": nearest are writer'],
    [
      ["run", "--where", "writer"],
      "Cannot select as --where must be factor=value: current value is writer",
    ],
    [["run", "--paths", "pair"], 'Cannot find paths "pair": nearest are pairs'],
    [["run", "--reporter", "htm"], 'Cannot find reporter "htm": nearest are html'],
    [["run", "--implementation", "qemu"], 'Cannot find implementation "qemu": valid are counter'],
    [
      ["run", "--seed", "x"],
      "Cannot run as --seed must be an integer from 0 to 4294967295: current value is x",
    ],
    [
      ["run", "--strength", "5"],
      "Cannot run as --strength must be an integer from 1 to 4: current value is 5",
    ],
    [
      ["run", "--conditions", "0"],
      "Cannot run as --conditions must be an integer from 1 to 1000000000: current value is 0",
    ],
    [["runn"], 'Cannot find command "runn": nearest are run'],
    [["run", "--sed", "1"], 'Cannot find option "--sed": nearest are --seed'],
    [["list", "axis"], 'Cannot find list "axis": nearest are axes'],
    [
      ["decode", "mesh"],
      "Cannot run the command: required option '--release <release>' not specified",
    ],
    [["decode", "mesh", "--release", "1"], 'Cannot find format "mesh": valid are text'],
    [["decode", "text", "--release", "11"], 'Cannot find release "11": valid are 1, 2'],
    [
      ["decode", "text", "--release", "1", "--message", "Counter"],
      'Cannot find message "Counter": valid are Count',
    ],
    [["diff", "--from", "1", "--to", "9"], 'Cannot find release "9": valid are 1, 2'],
    [["explain", "Coun"], 'Cannot find message "Coun": valid are Count, Counter'],
    [["report", "--from", "no-such-file"], "Cannot read no-such-file: ENOENT"],
  ] as const) {
    const { code, out, err } = await call(args);
    assert.equal(err.split("\n").length, 2, "one line");
    assert.equal(err.slice(0, expected.length), expected);
    assert.equal(code, 2, args.join(" "));
    assert.equal(out, "");
  }
});

test("run exits 2 when nothing matches, with the nearest scenarios", async () => {
  const { code, err } = await call(["run", "counter/keep-count"]);
  assert.equal(code, 2);
  assert.equal(
    err,
    "Cannot run anything as nothing matches counter/keep-count; scenarios: nearest are " +
      "counter/keeps-count, counter/names/are-kept, counter/save-failure/is-told\n",
  );
});

test("run says before it starts that reports cannot be written", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const { code, out, err } = await call(["run", "--out", file]);
    assert.equal(code, 2);
    assert.match(err, /^Cannot write reports to .*: (EEXIST|ENOTDIR)\n$/);
    assert.equal(out, "");
  });
});

test("run --where and patterns choose conditions and cells", async () => {
  await inDirectory(async (directory) => {
    const where = ["--where", "writer=1", "--where", "reader=2,3", "--paths", "pairs"];
    const args = ["run", "counter/*", ...where, "--json", "--out", directory];
    const { planned, end, selection } = JSON.parse((await call(args)).out);
    // Two readers, the same mode on both sides, two sizes.
    assert.equal(planned, 8);
    assert.equal(end.cells, 16);
    assert.deepEqual(selection, [
      "counter/*",
      "--where writer=1",
      "--where reader=2,3",
      "--paths pairs",
    ]);
  });
});

test("run --only-failed runs the conditions that surprised again", async () => {
  await inDirectory(async (directory) => {
    const product = counterProduct([]);
    const first = JSON.parse((await call(["run", "--json", "--out", directory], { product })).out);
    const again = ["run", "--only-failed", "--json", "--out", directory];
    const second = JSON.parse((await call(again, { product })).out);
    assert.ok(second.planned > 0 && second.planned < first.planned);
    assert.equal(second.end.surprises, first.end.surprises);
    const drawn = ["--paths", "swarm", "--seed", "3", "--out", directory];
    await call(["run", ...drawn], { product });
    const redrawn = JSON.parse((await call([...again, "--seed", "3"], { product })).out);
    assert.ok(redrawn.planned > 20);
    assert.ok(redrawn.end.surprises >= redrawn.planned, "each of them surprises again");
    await call(["run", "--json", "--out", directory], { product });
    const third = await call(again);
    assert.equal(third.code, 0);
    const { code, err } = await call(again);
    assert.equal(code, 2);
    assert.match(err, /^Cannot run only what failed as nothing in .* did\n$/);
  });
});

test("run can be interrupted and resumed to the same bytes", async () => {
  await inDirectory(async (directory) => {
    const whole = join(directory, "whole");
    const part = join(directory, "part");
    await call(["run", "--out", whole]);
    const stopped = await call(["run", "--out", part], { interrupt: true });
    assert.equal(stopped.code, 130);
    assert.match(stopped.err, /^Interrupted after 1 of \d+ conditions, .*--resume/);
    const path = join(part, "run.ndjson");
    appendFileSync(path, '{"type":"condition","name":"torn');
    const resumed = await call(["run", "--resume", "--out", part]);
    assert.equal(resumed.err, "");
    assert.equal(resumed.code, 0);
    assert.equal(readFileSync(path, "utf8"), readFileSync(join(whole, "run.ndjson"), "utf8"));
  });
});

test("run --resume refuses another seed, another plan and a complete run", async () => {
  await inDirectory(async (out) => {
    const refused = async (...args: string[]) => {
      const { code, err } = await call(["run", "--resume", "--out", out, ...args]);
      assert.equal(code, 2);
      return err.replaceAll(out, "OUT");
    };
    await call(["run", "--out", out], { interrupt: true });
    const path = join("OUT", "run.ndjson");
    const start = `Cannot resume the run in ${path} as its`;
    assert.equal(
      await refused("--seed", "2"),
      `${start} seed must be the same: it was 1 and is 2\n`,
    );
    assert.match(await refused("--paths", "pairs"), /as its planned must be the same\n$/);
    await call(["run", "--out", out]);
    assert.match(await refused(), /as it must be interrupted: it is complete\n$/);
    assert.match(await refused("--only-failed"), /--only-failed and --resume exclude each other/);
  });
});

test("run --file puts a captured state on the first hop", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "state.bin");
    writeFileSync(file, "41");
    const args = ["run", "--file", file, "--file-release", "2", "--json", "--out", directory];
    const { end, known, surprises } = JSON.parse((await call(args)).out);
    // Nothing that looks at the writer is asked.
    assert.deepEqual({ known, surprises }, { known: [], surprises: [] });
    assert.ok(end.cells > 0);
    const text = readFileSync(join(directory, "run.ndjson"), "utf8");
    assert.match(text, /"saved","release":"2","detail":"2 bytes/);
    assert.doesNotMatch(text, /"scenario":"counter\/keeps-count"/);
    const alone = await call(["run", "--file", file]);
    assert.equal(alone.code, 2);
    assert.match(alone.err, /--file and --file-release go together/);
  });
});

test("list prints releases, axes, scenarios and conditions", async () => {
  assert.equal((await call(["list", "releases"])).out, "1\n2\n3\n");
  assert.equal((await call(["list", "formats"])).out, "text: releases 1, 2\n");
  assert.equal((await call(["list", "implementations"])).out, "counter\n");
  assert.match((await call(["list", "reporters"])).out, /^terminal\njunit\n/);
  assert.equal((await call(["list", "messages", "--json"])).out, '[\n"Count",\n"Counter"\n]\n');
  assert.match((await call(["list", "expectations"])).out, /^too-old: refused, .* forgotten/);
  assert.match((await call(["list", "axes"])).out, /^mode \(per hop\): up, down\. Direction/);
  assert.equal(
    (await call(["list", "parts"])).out,
    "pairs\nfaults\ncover\nping-pong\ntriples\nswarm (only when asked for)\n",
  );
  const scenarios = JSON.parse((await call(["list", "scenarios", "--json"])).out);
  assert.deepEqual(
    scenarios.map(({ id }: { id: string }) => id),
    [
      "counter/keeps-count",
      "counter/save-failure/is-told",
      "counter/names/are-kept",
      "oracle/transcript-complete",
    ],
  );
  const { out } = await call(["list", "conditions", "counter@1[up]>2[up] *", "--paths", "pairs"]);
  assert.equal(out, "counter@1[up]>2[up] size=small\ncounter@1[up]>2[up] size=large\n");
});

test("list axes tells what is special about an axis", async () => {
  const product = counterProduct();
  const counter = counterImplementation();
  const axis: Axis = {
    name: "fault",
    per: "path",
    values: ["none", "disk:drop", "disk:delay"],
    neutral: "none",
    reserved: true,
    onlyFirst: true,
    onDemand: true,
    parts: ["place", "kind"],
    edition: 2,
    editions: { "disk:delay": 3 },
    meaning: "What goes wrong",
  };
  const space = { ...counter.space, axes: [axis], configurations: [{}], constraints: [] };
  const implementations = offered({ counter: { ...counter, space } });
  const { out } = await call(["list", "axes"], { product: { ...product, implementations } });
  assert.equal(
    out,
    "fault (per path; only at the first save; neutral none; others reserved; others on demand; " +
      "parts place:kind; edition 2): none, disk:drop, disk:delay (edition 3). What goes wrong\n",
  );
  const json = await call(["list", "axes", "--json"], { product: { ...product, implementations } });
  assert.deepEqual(JSON.parse(json.out), [axis]);
});

test("run --paths swarm draws as many conditions as it is told, by the seed", async () => {
  const list = async (...args: string[]) => (await call(["list", "conditions", ...args])).out;
  const drawn = await list("--paths", "swarm", "--conditions", "30");
  assert.equal(drawn.trimEnd().split("\n").length, 30);
  assert.equal(await list("--paths", "swarm", "--conditions", "30", "--seed", "1"), drawn);
  assert.notEqual(await list("--paths", "swarm", "--conditions", "30", "--seed", "2"), drawn);
  const usual = await list();
  assert.ok((await list("--paths", "all,swarm")).startsWith(usual.trimEnd()));
});

test("run --strength makes covering rows of it, and says what was covered", async () => {
  await inDirectory(async (directory) => {
    const covered = async (strength: string) => {
      const args = ["run", "--paths", "cover", "--strength", strength, "--json"];
      const { end, selection } = JSON.parse((await call([...args, "--out", directory])).out);
      const { tuples, unseen } = end.coverage;
      assert.deepEqual(unseen, []);
      return { tuples, selection };
    };
    const two = await covered("2");
    assert.equal(two.tuples[0].covered, two.tuples[0].possible);
    assert.ok(two.tuples[1].covered < two.tuples[1].possible);
    assert.deepEqual(two.selection, ["--paths cover"]);
    const three = await covered("3");
    assert.equal(three.tuples[1].covered, three.tuples[1].possible);
    assert.deepEqual(three.selection, ["--paths cover", "--strength 3"]);
  });
});

test("decode prints JSON, and a failure with its offset exits 1", async () => {
  const message = ["decode", "text", "--release", "2", "--message", "Count"];
  assert.equal((await call([...message, "--json"], { input: "12" })).out, '{"count":12}\n');
  assert.equal((await call(message, { input: "12" })).out, '{\n  "count": 12\n}\n');
  const state = await call(["decode", "text", "--release", "2", "--json"], { input: "12" });
  assert.equal(state.out, '{"release":"2","value":{"count":12},"unknown":[]}\n');
  const bad = await call([...message, "--json"], { input: "1x" });
  assert.equal(bad.code, 1);
  assert.equal(bad.err, "Cannot decode input at offset 1 in Count: expected a digit\n");
  assert.deepEqual(JSON.parse(bad.out), {
    ok: false,
    reason: "expected a digit",
    offset: 1,
    path: "Count",
  });
});

test("decode refuses input beyond its limit", { timeout: 20_000 }, async () => {
  const chunk = new Uint8Array(1024 * 1024);
  const decodeMiB = (count: number) =>
    call(["decode", "text", "--release", "1"], { input: new Array(count).fill(chunk) });
  assert.equal((await decodeMiB(16)).code, 1);
  const { code, err } = await decodeMiB(17);
  assert.equal(code, 2);
  assert.equal(
    err,
    "Cannot read standard input as it must be at most 16777216 octets: it is larger\n",
  );
});

test("encode writes bytes or hexadecimal text, and exits 1 for what it cannot take", async () => {
  const encode = ["encode", "text", "--release", "2", "--message", "Count"];
  assert.equal((await call(encode, { input: '{"count":7}' })).out, "7");
  assert.equal((await call([...encode, "--json"], { input: '{"count":7}' })).out, '{"hex":"37"}\n');
  const bad = await call(encode, { input: "{}" });
  assert.deepEqual([bad.code, bad.err], [1, "count must be a number\n"]);
  assert.equal((await call(encode, { input: "{" })).code, 1);
});

test("recode answers every row in order, whatever its neighbours are", async () => {
  const rows = [
    { release: "1", message: "Count", hex: "30373" },
    { release: "1", message: "Count", hex: "303738" },
    { release: "1", message: "Count", hex: "3778" },
    { release: "1", message: "Counter", hex: "" },
    { release: "3", message: "Count", hex: "" },
    { release: "1", message: "Count" },
  ].map((row) => JSON.stringify(row));
  // Rows are cut in the middle by chunks, and the last one has no end.
  const octets = Buffer.from(["", ...rows, "{"].join("\n"));
  const input = Array.from({ length: octets.length }, (_, at) => octets.subarray(at, at + 1));
  const { code, out } = await call(["recode", "text"], { input });
  assert.equal(code, 2);
  assert.deepEqual(
    out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    [
      { ok: false, reason: "Cannot read the row as hex must be pairs of hexadecimal digits" },
      { ok: true, hex: "3738" },
      { ok: false, reason: "expected a digit", offset: 1 },
      { ok: false, reason: 'Cannot find message "Counter" in 1: valid are Count' },
      { ok: false, reason: 'Cannot find release "3": valid are 1, 2' },
      { ok: false, reason: "Cannot read the row as release, message and hex must be text" },
      { ok: false, reason: "Cannot read the row as it must be JSON" },
    ],
  );
});

test("recode exits 0 when every row had an answer of the format", async () => {
  const row = JSON.stringify({ release: "1", message: "Count", hex: "78" });
  assert.equal((await call(["recode", "text"], { input: `${row}\n${row}\n` })).code, 0);
});

test("diff and explain print text or JSON", async () => {
  assert.equal((await call(["diff", "--from", "1", "--to", "2"])).out, "2 reads what 1 wrote\n");
  const json = await call(["diff", "--from", "1", "--to", "2", "--json"]);
  assert.equal(json.out, '{"from":"1","to":"2"}\n');
  assert.equal((await call(["explain", "Count"])).out, "Count\n1 count\n");
  assert.equal((await call(["explain", "Count", "--json"])).out, '{"message":"Count"}\n');
});

test("report renders an earlier run, interrupted or not, and refuses other files", async () => {
  await inDirectory(async (out) => {
    await call(["run", "--out", out], { interrupt: true });
    const path = join(out, "run.ndjson");
    const { code, out: text } = await call(["report", "--from", path]);
    assert.equal(code, 0);
    assert.match(text, /^\d+ planned, unknown surprises\n$/);
    const same = await call(["report", "--from", path, "--reporter", "ndjson", "--out", out]);
    assert.equal(same.code, 2);
    assert.match(same.err, /must not be overwritten while it is read\n$/);
    writeFileSync(path, '{"type":"run","schema":9}\n');
    const other = await call(["report", "--from", path]);
    assert.equal(other.code, 2);
    assert.match(
      other.err,
      /as the schema of the report must be 1: current value is 9; a newer freezethaw wrote it\n$/,
    );
    writeFileSync(path, "\u0000\u0001");
    assert.match((await call(["report", "--from", path])).err, /must begin with a line of type/);
  });
});

test("--version and --help print and exit 0", async () => {
  assert.deepEqual(await call(["--version"]), { code: 0, out: "1.2.3\n", err: "" });
  const { code, out } = await call(["run", "--help"]);
  assert.equal(code, 0);
  assert.match(out, /--only-failed/);
});

test("a defect of the harness exits 3", async () => {
  const product = counterProduct();
  const broken = { ...product, schemas: { ...product.schemas, diff: () => assert.fail("broken") } };
  const { code, err } = await call(["diff", "--from", "1", "--to", "2"], { product: broken });
  assert.equal(code, 3);
  assert.match(err, /^The harness broke: .*broken/);
});
