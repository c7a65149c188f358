import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Adapter, CrashedError, type Rig } from "../adapter.ts";
import { keepsCount } from "../counter_claim.ts";
import { counterAdapter, counterSpace } from "../counter_machine.ts";
import { makePlan } from "../plan.ts";
import { bindScenarios } from "../program.ts";
import { Run } from "../run.ts";
import { suite } from "../scenario.ts";
import { Selection, STRENGTH } from "../selection.ts";
import { ClockError } from "./clock_error.ts";
import { Grid, type GridInput } from "./grid.ts";
import { costsOf, failuresOf } from "./grid_result.ts";

function inputOf(change: Partial<GridInput> = {}): GridInput {
  const scenarios = bindScenarios([suite("counter", [keepsCount])]);
  const bound = { space: counterSpace, scenarios, oracles: [], seed: 1 };
  const choice = { strength: STRENGTH, conditions: 1, where: {}, patterns: [], parts: ["pairs"] };
  const plan = makePlan(bound, new Selection(choice));
  let clock = 0;
  return {
    adapter: counterAdapter(),
    axes: counterSpace.axes,
    async *run(adapter, planned) {
      await using walk = new Run({ ...bound, adapter, expectations: [], plan }).walk();
      yield* walk.along(planned);
    },
    planned: [...plan.conditions()].slice(0, 4),
    warmUp: [],
    passes: 2,
    clocks: { now: () => ++clock, own: () => clock / 2 },
    isOver: () => false,
    decode: () => ({ a: 1, b: [2, 3] }),
    ...change,
  };
}

async function measured(input: GridInput): Promise<Grid> {
  const grid = new Grid(input);
  for await (const _ of grid.measure());
  return grid;
}

test("Grid measures each hop once a pass, and keeps exact values once", async () => {
  const { rows, failures } = await measured(inputOf());
  // Release 3 refuses what release 1 has counted.
  assertEquals(
    failures.map(({ verdict, edge }) => [verdict, edge]),
    [["refused", 0]],
  );
  assertEquals(rows.length, 3);
  for (const { values } of rows) {
    assertEquals(values.get("fields"), [3]);
    assertEquals(values.get("saved")?.length, 1);
    assertEquals(values.get("save"), [1, 1]);
    assertEquals(values.get("restore"), [1, 1]);
    assertEquals(values.get("hop"), [2, 2]);
  }
});

test("Grid says how far it is, and ends when its time is up", async () => {
  const told: string[] = [];
  for await (const { passes, conditions } of new Grid(inputOf({ passes: 1 })).measure()) {
    told.push(`${passes} ${conditions}`);
  }
  assertEquals(told, ["0 1", "0 2", "0 3", "0 4", "1 4"]);
  let calls = 0;
  const { rows } = await measured(inputOf({ isOver: () => ++calls > 2 }));
  assert(rows.length < 4, `${rows.length}`);
});

test("Grid counts the harness beside the hops, and its own processor time in them", async () => {
  const { rows } = await measured(inputOf({ passes: 1 }));
  const [row] = rows;
  assertEquals(row?.values.get("this process"), [1]);
  assert((row?.values.get("around")?.[0] ?? 0) > 0);
});

test("Grid counts what programs compute, and nothing of those that have ended", async () => {
  let looks = 0;
  // One has computed for long before, one ends meanwhile, and one is new.
  const programs = (): ReadonlyMap<string, number> =>
    looks++ % 2 === 0 ? times({ old: 90, ends: 50 }) : times({ old: 91, new: 2 });
  const times = (all: Record<string, number>) => new Map(Object.entries(all));
  let clock = 0;
  const clocks = { now: () => ++clock, own: () => clock, programs };
  const { rows } = await measured(inputOf({ clocks, passes: 1 }));
  assertEquals(rows[0]?.values.get("processor of save"), [3]);
  assertEquals(rows[0]?.values.get("processor of restore"), [3]);
  const { rows: without } = await measured(inputOf({ passes: 1 }));
  assertEquals(without[0]?.values.has("processor of save"), false);
});

test("Grid tells hops that do not come up from those that cost something", async () => {
  const { rows, failures } = await measured(inputOf({ adapter: crashing(counterAdapter()) }));
  assertEquals(rows, []);
  assertEquals(failures.length, 4);
  assertEquals(failures[0]?.verdict, "crashed", failures[0]?.reason);
  assertEquals(
    failuresOf(failures).reduce((sum, { count }) => sum + count, 0),
    4,
  );
});

test("Grid calls a metric exact only where it is the same at each pass", async () => {
  let count = 0;
  const changing = inputOf({ decode: () => new Array(++count).fill(0) });
  const { rows } = await measured(changing);
  const classOf = (metric: string) => costsOf(rows).find((each) => each.metric === metric)?.class;
  assertEquals([classOf("fields"), classOf("saved"), classOf("save")], ["timed", "exact", "timed"]);
});

test("Grid refuses a clock that goes back, in one line", async () => {
  let clock = 100;
  const clocks = { now: () => --clock, own: () => 0 };
  await assertRejects(() => measured(inputOf({ clocks })), ClockError, "clocks must not go back");
});

test("costsOf() sums up all configurations, and each by itself", async () => {
  const { rows } = await measured(inputOf());
  const places = costsOf(rows).filter(({ metric }) => metric === "saved");
  const all = places.filter(({ configuration }) => configuration === "all");
  const each = places.filter(({ configuration }) => configuration !== "all");
  const total = (some: typeof all) => some.reduce((sum, { count }) => sum + count, 0);
  const [together, apart] = [all.slice(0, 1), all.slice(1)];
  assertEquals([together[0]?.writer, together[0]?.reader], ["all", "all"]);
  assertEquals([total(together), total(apart), total(each)], [3, 3, 3]);
  assert(each.every(({ configuration }) => configuration.includes(" > ")));
});

test("Grid believes a save that was made before it was asked for", async () => {
  const adapter = counterAdapter();
  let timed = 0;
  adapter.timeWith = (timer) => {
    timed++;
    assertEquals(typeof timer, "function");
  };
  const took = { ms: 70, ownMs: 7 };
  const rig = async (...given: Parameters<Adapter["rig"]>): Promise<Rig> => {
    const own = await counterAdapter().rig(...given);
    const { start } = own;
    own.start = async (...hop) => {
      const machine = await start.apply(own, hop);
      const { save } = machine;
      machine.save = async (request) => ({ ...(await save.call(machine, request)), took });
      return machine;
    };
    return own;
  };
  const { rows } = await measured(inputOf({ adapter: { ...adapter, rig }, passes: 1 }));
  assertEquals([timed, rows[0]?.values.get("save")], [1, [70]]);
  assertEquals(rows[0]?.values.get("this process"), [7.5]);
});

/** An adapter none of whose machines comes back. */
function crashing(adapter: Adapter): Adapter {
  const rig = async (...given: Parameters<Adapter["rig"]>): Promise<Rig> => {
    const own = await adapter.rig(...given);
    own.restore = () => Promise.reject(new CrashedError("it is gone"));
    return own;
  };
  return new Proxy(adapter, {
    get: (target, name) => (name === "rig" ? rig : Reflect.get(target, name, target)),
  });
}
