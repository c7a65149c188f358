import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { type Adapter, CrashedError } from "../adapter.ts";
import { counterAdapter } from "../counter_machine.ts";
import { call } from "./called.ts";
import { counterImplementation, counterProduct, offered } from "./counter_product.ts";
import { EXIT_ADAPTER, EXIT_USAGE } from "./exit.ts";

/** Real processes on a busy machine. */
const SLOW = { timeout: 120_000 };

const WALL = ["--clock", "wall"];

/** Compares releases of the counter machine, which says that its rigs are programs. */
function compare(a: string, b: string, more: readonly string[], change: Partial<Adapter> = {}) {
  const product = counterProduct();
  const adapter = { ...counterAdapter(), rigsAtOnce: 1, ...change };
  const implementations = offered({ counter: { ...counterImplementation(), adapter } });
  const sides = ["--implementation", "counter", "--a", a, "--b", b, "--budget", "1s"];
  return call(["bench", "compare", ...sides, ...more], {
    product: { ...product, implementations },
  });
}

test("bench compare measures releases by their names, in the same conditions", SLOW, async () => {
  const { out, err } = await compare("1", "2", [...WALL, "--json"]);
  const { a, b, exact, timed, only } = JSON.parse(out);
  assertEquals([a, b, err, only], ["1", "2", "", { a: [], b: [] }]);
  const metrics = exact.map(({ metric }: { metric: string }) => metric.split(" ")[0]);
  assertEquals(metrics, ["saved", "fields"]);
  const times = timed.map(({ metric }: { metric: string }) => metric);
  assertEquals(times, ["save", "restore", "hop"]);
});

test("bench compare says in one line which release it cannot compare, and why", SLOW, async () => {
  const crashes: Partial<Adapter> = {
    rig: async (...given) => {
      const rig = await counterAdapter().rig(...given);
      rig.restore = () => Promise.reject(new CrashedError("it is gone"));
      return rig;
    },
  };
  const absent = { absent: (release: string) => (release === "2" ? "no program" : undefined) };
  for (const [b, words, code, more, change] of [
    ["9", /^Cannot find release "9"/, EXIT_USAGE, WALL, {}],
    ["2", /^Cannot compare as there must be both: no program\n$/, EXIT_USAGE, WALL, absent],
    ["2", /^Cannot compare as side a is crashed: .*it is gone\n$/, EXIT_ADAPTER, WALL, crashes],
    ["2", /^Cannot compare as somebody .*: --clock wall\n$/, EXIT_ADAPTER, [], {}],
  ] as const) {
    const answer = await compare("1", b, more, change);
    assertEquals(answer.code, code, answer.err);
    assertMatch(answer.err, words);
  }
});
