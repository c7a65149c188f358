import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import type { Cost, StoredResult } from "../bench/mod.ts";
import { History } from "./history.ts";

const COST: Cost = {
  ...{ writer: "2505", reader: "main", configuration: "all", keepalive: "kept" },
  ...{ metric: "hop", class: "timed", unit: "ms", count: 3, p50: 1.25, p99: 2, max: 3 },
};
const RESULT: StoredResult = {
  header: {
    ...{ schema: 1, version: "0.1.0", implementation: "openhcl", seed: 1 },
    ...{ selection: ["--paths pairs"], complete: true },
    machine: { id: "0123456789ab", runtime: "node 24.1.0" },
  },
  costs: [COST, { ...COST, keepalive: "not kept" }],
};

async function inHistory(body: (open: () => Promise<History>) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-"));
  try {
    await body(() => History.open(join(folder, "h.sqlite"), "write"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("History keeps measurements of any schema, and gives them back oldest first", () =>
  inHistory(async (open) => {
    {
      using history = await open();
      const later = { ...RESULT, header: { ...RESULT.header, schema: 7 } };
      assertEquals(history.addMeasurement(later, "a"), { id: 1, digest: "a", isNew: true });
      assertEquals(history.addMeasurement(RESULT, "b").id, 2);
    }
    using history = await open();
    const [first, second] = history.measurements();
    assertEquals([first?.id, first?.header.schema], [1, 7]);
    assertEquals({ header: second?.header, costs: second?.costs }, RESULT);
    assertEquals(history.runs(), []);
  }));

test("History keeps a measurement once, and only what it costs over all configurations", () =>
  inHistory(async (open) => {
    using history = await open();
    const own = { ...COST, configuration: "host > host", p50: 9 };
    history.addMeasurement({ ...RESULT, costs: [own, COST] }, "a");
    assertEquals(history.addMeasurement(RESULT, "a"), { id: 1, digest: "a", isNew: false });
    assertEquals(
      history.measurements().map(({ costs }) => costs),
      [[COST]],
    );
  }));
