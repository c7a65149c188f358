import assert from "node:assert/strict";
import { test } from "node:test";
import type { Axis } from "./axis.ts";
import { check } from "./check.ts";
import type { Condition } from "./condition.ts";
import { conditionName } from "./condition_name.ts";
import { keepsCount } from "./counter_claim.ts";
import { counterAdapter, counterSpace, type Ledger, type Misbehaviour } from "./counter_machine.ts";
import type { Edge, Oracle } from "./oracle.ts";
import type { Hop, Path } from "./path.ts";
import { bindOracles, bindScenarios, Programs } from "./program.ts";
import { Prologues } from "./prologue.ts";
import type { ConditionResult } from "./report.ts";
import { runCondition } from "./runner.ts";
import { type Preparation, type Scenario, suite } from "./scenario.ts";
import { Watchdog } from "./watchdog.ts";

const CLAIM = { must: "A claim", source: "counter manual, 1" };

function path(...releases: string[]): Path {
  const hops = releases.map(
    (release): Hop => ({ implementation: "counter", release, inputs: { mode: "up" } }),
  );
  return hops as unknown as Path;
}

interface Setup {
  readonly path?: Path;
  readonly settings?: Record<string, string>;
  readonly scenarios?: readonly Scenario[];
  readonly oracles?: readonly Oracle[];
  readonly misbehaviour?: Misbehaviour;
  readonly deadlineMs?: number;
  readonly ledger?: Ledger;
  readonly seed?: number;
  readonly axes?: readonly Axis[];
}

async function run(setup: Setup = {}): Promise<ConditionResult> {
  const condition: Condition = {
    path: setup.path ?? path("1", "2"),
    settings: { size: "small", fault: "none", ...setup.settings },
  };
  const adapter = counterAdapter(setup.misbehaviour, setup.ledger);
  const { axes = counterSpace.axes } = setup;
  const programs = new Programs(
    adapter,
    axes,
    bindScenarios([suite("counter", setup.scenarios ?? [keepsCount])]),
    bindOracles(setup.oracles ?? []),
  );
  using watchdog = new Watchdog(setup.deadlineMs);
  const seed = setup.seed ?? 1;
  const name = conditionName(condition, axes);
  const program = programs.of(condition);
  const shared = { adapter, axes, seed, watchdog };
  await using prologues = new Prologues(shared);
  return await runCondition(shared, prologues, condition, name, program);
}

function verdicts({ cells }: ConditionResult): string[] {
  return cells.map(({ scenario, verdict, reason = "", edge = "" }) =>
    [scenario, verdict, reason, edge].join("|"),
  );
}

test("runCondition passes a machine that keeps its state, with a full transcript", async () => {
  const result = await run({ path: path("1", "2", "1") });
  assert.deepEqual(result.cells, [{ scenario: "counter/keeps-count", verdict: "passed" }]);
  assert.deepEqual(
    result.transcript.map(({ event, release }) => `${event} ${release}`),
    ["started 1", "saved 1", "restored 2", "saved 2", "restored 1"],
  );
  assert.equal(result.name, "counter@1[up]>2[up]>1[up] size=small");
});

for (const [misbehaviour, reason] of [
  ["lies-when-started", "Planned 1, but 2½ started"],
  ["lies-when-saved", "Planned 1, but 2½ saved"],
  ["lies-about-itself", "Planned counter, but other saved"],
  ["lies-when-restored", "Planned 2, but 2½ restored"],
  ["throws-at-start", "Cannot start 1: TypeError: no such program"],
  ["throws-at-restore", "Cannot restore 2: TypeError: no such program"],
  ["throws-at-dispose", "Cannot dispose of 1: TypeError: cannot be stopped"],
] as const) {
  test(`runCondition makes every cell an error when the adapter ${misbehaviour}`, async () => {
    const oracle: Oracle = { ...CLAIM, name: "silent", needs: [], judge() {} };
    const result = await run({ misbehaviour, oracles: [oracle] });
    assert.deepEqual(verdicts(result), [
      `counter/keeps-count|error|${reason}|`,
      `oracle/silent|error|${reason}|`,
    ]);
    assert.equal(result.adapterFault, reason);
  });
}

test("runCondition calls a hop that never answers hung", { timeout: 10_000 }, async () => {
  const result = await run({ misbehaviour: "never-answers", deadlineMs: 20 });
  assert.deepEqual(verdicts(result), ["counter/keeps-count|hung|no answer within 20 ms|0"]);
});

test("runCondition ends the path at a failed hop, and the outcome is the verdict", async () => {
  const refused = await run({ path: path("2", "1", "3", "2") });
  assert.deepEqual(verdicts(refused), ["counter/keeps-count|refused|count too old|1"]);
  assert.equal(refused.transcript.at(-1)?.event, "not-restored");
});

test("runCondition tells a crash of a save from a clean failure", async () => {
  const wants = (fault: string, extra: object = {}) =>
    ({ ...keepsCount, name: fault, when: { fault }, ...extra }) as Scenario;
  const crash = wants("save-crash", { afterFailedSave() {} });
  const plain = wants("save-fail");
  const asks = wants("save-fail", {
    name: "asks",
    afterFailedSave(machine: { lifecycle: { running(): boolean } }, _: unknown, message: string) {
      check(machine.lifecycle.running() && message === "counter is busy", "not told why");
    },
  });
  const crashed = await run({ settings: { fault: "save-crash" }, scenarios: [crash] });
  assert.deepEqual(verdicts(crashed), ["counter/save-crash|crashed|counter overflowed|0"]);
  const failed = await run({ settings: { fault: "save-fail" }, scenarios: [plain, asks] });
  assert.deepEqual(verdicts(failed), [
    "counter/save-fail|refused|counter is busy|0",
    "counter/asks|passed||",
  ]);
  assert.equal(failed.transcript.at(-1)?.detail, "counter is busy; the machine runs on");
});

test("runCondition gives a first boot that fails to everyone, and oracles an edge", async () => {
  const broken = { ...keepsCount, name: "a", when: { fault: "start-crash" } } as Scenario;
  const edges: Edge[] = [];
  const oracle: Oracle = { ...CLAIM, name: "o", needs: [], judge: (edge) => void edges.push(edge) };
  const result = await run({
    settings: { fault: "start-crash" },
    scenarios: [broken, { ...broken, name: "b", afterFailedSave() {} } as Scenario],
    oracles: [oracle],
  });
  assert.deepEqual(verdicts(result), [
    "counter/a|crashed|counter is broken|0",
    "counter/b|crashed|counter is broken|0",
    "oracle/o|passed||",
  ]);
  assert.equal(result.adapterFault, undefined);
  assert.deepEqual(result.transcript, [
    { event: "not-started", release: "1", detail: "counter is broken" },
  ]);
  assert.deepEqual(
    edges.map(({ save }) => save.kind),
    ["crashed"],
  );
});

test("runCondition asks afterFailedRestore in place of the outcome", async () => {
  const hears = {
    ...keepsCount,
    afterFailedRestore: ({ kind }: { kind: string }) => check(kind === "hung", `heard ${kind}`),
  } as Scenario;
  assert.deepEqual(verdicts(await run({ path: path("1", "3"), scenarios: [hears] })), [
    "counter/keeps-count|failed|heard refused|0",
  ]);
});

test("runCondition runs once per preparation, and oracles judge each run", async () => {
  const prepared: string[] = [];
  const preparation = (name: string): Preparation => ({
    name,
    needs: ["units"],
    apply: () => void prepared.push(name),
  });
  const [first, second] = [preparation("first"), preparation("second")];
  const scenarios = [
    { ...keepsCount, name: "a", preparation: first },
    { ...keepsCount, name: "b", preparation: second },
    { ...keepsCount, name: "c", preparation: first },
  ] as Scenario[];
  let judged = 0;
  const judge = () => check(judged++ !== 1, "second run is odd");
  const always = () => check(false, `run ${judged} of both`);
  const result = await run({
    scenarios,
    oracles: [
      { ...CLAIM, name: "odd", needs: [], judge },
      { ...CLAIM, name: "always", needs: [], judge: always },
    ],
  });
  assert.deepEqual(prepared, ["first", "second"]);
  assert.deepEqual(verdicts(result), [
    "counter/a|passed||",
    "counter/b|passed||",
    "counter/c|passed||",
    "oracle/odd|failed|second run is odd|0",
    "oracle/always|failed|run 1 of both|0",
  ]);
});

test("runCondition calls a preparation that throws an error of its own cells", async () => {
  const broken: Preparation = {
    name: "broken",
    needs: [],
    apply: () => Promise.reject(new RangeError("no disk")),
  };
  const result = await run({
    scenarios: [{ ...keepsCount, name: "a", preparation: broken } as Scenario, keepsCount],
  });
  assert.deepEqual(verdicts(result), [
    "counter/a|error|Cannot prepare broken: RangeError: no disk|",
    "counter/keeps-count|passed||",
  ]);
  assert.equal(result.adapterFault, undefined);
});

test("runCondition names the facet or capability that a hop lacks", async () => {
  const scenarios = [
    { ...keepsCount, name: "facet", needs: ["nvme"] },
    { ...keepsCount, name: "capability", needsCapabilities: ["units.named"] },
  ] as Scenario[];
  const result = await run({ path: path("2", "1"), scenarios });
  assert.deepEqual(verdicts(result), [
    "counter/facet|unsupported|2 lacks nvme|",
    "counter/capability|unsupported|1 lacks units.named|",
  ]);
});

test("runCondition asks only scenarios that speak of a value that is not neutral", async () => {
  const speaks = { ...keepsCount, name: "speaks", when: { fault: "restore-hang" } } as Scenario;
  const settings = { fault: "restore-hang" };
  assert.deepEqual(verdicts(await run({ settings, scenarios: [keepsCount, speaks] })), [
    "counter/speaks|hung|no answer within 5000 ms|0",
  ]);
});

test("runCondition lets a scenario about the first save judge that edge alone", async () => {
  const edges: string[] = [];
  const struck = {
    ...keepsCount,
    name: "struck",
    when: { fault: "late" },
    after: () => void edges.push("after"),
  } as Scenario;
  const always = { ...CLAIM, name: "o", needs: [], judge() {} };
  const late = { values: ["none", "late"], neutral: "none", onlyFirst: true } as const;
  const fault = { name: "fault", per: "path", meaning: "", reserved: true, ...late } as const;
  const axes = [fault];
  // The last hop refuses, which is no matter of what the fault did to the first one.
  const result = await run({
    path: path("2", "1", "3"),
    settings: { fault: "late" },
    scenarios: [struck],
    oracles: [always],
    axes,
  });
  assert.deepEqual(edges, ["after"]);
  assert.deepEqual(verdicts(result), ["counter/struck|passed||", "oracle/o|passed||"]);
});

test("runCondition asks at each save for what is per save", async () => {
  const seen: Record<string, string>[] = [];
  const oracle: Oracle<string> = {
    ...CLAIM,
    name: "watch",
    needs: [],
    before: (_machine, _hop, settings) => JSON.stringify(settings),
    judge({ settings }, before) {
      seen.push(settings);
      check(JSON.stringify(settings) === before, "others before the save");
    },
  };
  const ledger: Ledger = { started: 0, disposed: 0, correlationIds: [], asked: [] };
  const request = { name: "request", per: "save", values: ["none", "keep"], meaning: "" } as const;
  const result = await run({
    path: path("2", "1", "2"),
    settings: { request: "none>keep" },
    oracles: [oracle as Oracle],
    axes: [...counterSpace.axes, request],
    ledger,
  });
  assert.deepEqual(
    seen.map((settings) => settings.request),
    ["none", "keep"],
  );
  assert.deepEqual(
    ledger.asked?.map((settings) => settings.request),
    ["none", "keep"],
  );
  assert.equal(result.name, "counter@2[up]>1[up]>2[up] size=small request=none>keep");
});

test("runCondition shows oracles the writer before each save, and each edge", async () => {
  const edges: Edge[] = [];
  const oracle: Oracle<string> = {
    ...CLAIM,
    name: "watch",
    needs: ["units"],
    before: (_, hop) => hop.release,
    judge(edge, carried) {
      edges.push(edge);
      check(carried === edge.writer.release, `carried ${carried}`);
    },
  };
  const result = await run({ path: path("2", "1", "3"), oracles: [oracle as Oracle] });
  assert.deepEqual(
    edges.map(({ index, restore, machine }) => [index, restore?.kind, machine !== undefined]),
    [
      [0, "done", true],
      [1, "refused", false],
    ],
  );
  assert.equal(result.cells.at(-1)?.verdict, "passed");
});

test("runCondition asks for a correlation id per seed, condition and edge", async () => {
  const ledger: Ledger = { started: 0, disposed: 0, correlationIds: [] };
  await run({ path: path("1", "2", "1"), ledger });
  await run({ path: path("1", "2", "1"), ledger });
  await run({ path: path("1", "2", "1"), ledger, seed: 2 });
  await run({ path: path("2", "1", "2"), ledger });
  const [a, b, again, , other] = ledger.correlationIds;
  assert.equal(a, again);
  assert.notEqual(a, b);
  assert.equal(new Set(ledger.correlationIds).size, 6);
  assert.match(other ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

for (const misbehaviour of ["none", "lies-when-saved", "throws-at-restore"] as const) {
  test(`runCondition disposes of every machine and rig (${misbehaviour})`, async () => {
    const ledger: Ledger = { started: 0, disposed: 0, correlationIds: [] };
    await run({ path: path("2", "1", "3"), misbehaviour, ledger });
    assert.ok(ledger.started >= 2);
    assert.equal(ledger.disposed, ledger.started);
  });
}
