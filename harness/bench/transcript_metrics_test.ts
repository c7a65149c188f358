import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { transcriptMetrics } from "./transcript_metrics.ts";

test("transcriptMetrics() adds up what was saved, and blackouts by phase", () => {
  const release = "2505";
  const hop = { implementation: "openhcl", release, inputs: {} };
  const blackout = { event: "blackout", release, detail: "" } as const;
  const metrics = transcriptMetrics({
    type: "condition",
    name: "a>b",
    condition: { path: [hop, hop], settings: {} },
    cells: [],
    transcript: [
      { event: "started", release, detail: "900 bytes of nothing" },
      { event: "saved", release, detail: "40 bytes, correlation x" },
      { ...blackout, figures: { quiesce: 5, serialise: 7 } },
      { event: "saved", release, detail: "2 bytes, correlation y" },
      { ...blackout, figures: { quiesce: 1 } },
    ],
  });
  assertEquals(
    metrics.map(({ metric, unit, value }) => `${metric}: ${value} ${unit}`),
    [
      "saved a>b: 42 B",
      "blackout a>b: 13 µs",
      "blackout/quiesce a>b: 6 µs",
      "blackout/serialise a>b: 7 µs",
    ],
  );
});
