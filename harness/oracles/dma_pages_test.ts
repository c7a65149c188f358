import { test } from "node:test";
import type { Machine } from "../facets/machine.ts";
import { edgeOf, machineOf } from "./handmade_edge.ts";
import { fails, judge } from "./handmade_verdict.ts";

test("one-owner-per-dma-page finds overlaps, holes and strays", () => {
  const pool = (slots: readonly (readonly [bigint, bigint])[]) =>
    edgeOf({
      machine: machineOf({
        dma: {
          strayWrites: () => [],
          pools: () => [
            {
              pool: "private",
              ranges: [{ pfn: 10n, pages: 4n }],
              slots: slots.map(([pfn, pages]) => ({ pfn, pages, state: "free", device: "" })),
            },
          ],
        },
      }),
    });
  judge(
    "one-owner-per-dma-page",
    pool([
      [12n, 2n],
      [10n, 2n],
    ]),
  );
  fails(
    "one-owner-per-dma-page",
    pool([
      [10n, 3n],
      [12n, 2n],
    ]),
    /page 12 is in two slots/,
  );
  fails(
    "one-owner-per-dma-page",
    pool([
      [10n, 1n],
      [12n, 2n],
    ]),
    /page 11 is in no slot/,
  );
  fails(
    "one-owner-per-dma-page",
    pool([
      [10n, 4n],
      [14n, 1n],
    ]),
    /page 14 is outside/,
  );
  fails("one-owner-per-dma-page", pool([[10n, 5n]]), /ends at page 15/);
  fails("one-owner-per-dma-page", pool([]), /page 10 is in no slot/);
});

test("one-owner-per-dma-page wants everything claimed that was kept", () => {
  const name = "one-owner-per-dma-page";
  const slot = (state: "allocated" | "pending" | "leaked") => {
    const slots = [{ pfn: 10n, pages: 4n, state, device: "nvme_1" }];
    const pool = { pool: "private" as const, ranges: [{ pfn: 10n, pages: 4n }], slots };
    const dma = { strayWrites: () => [], pools: () => [pool] };
    return edgeOf({ machine: machineOf({ dma }) });
  };
  judge(name, slot("allocated"));
  fails(name, slot("pending"), /private pool: 4 pages of nvme_1 at 10 are pending/);
  fails(name, slot("leaked"), /are leaked/);
});

test("no-stray-dma finds the first write since the save", () => {
  const name = "no-stray-dma";
  const writes = [
    { device: "nvme_1", pfn: 7, owner: null },
    { device: "nvme_1", pfn: 8, owner: "nic_2" },
  ];
  const dma: Machine["dma"] = { strayWrites: () => writes, pools: () => [] };
  const edge = edgeOf({ machine: machineOf({ dma }) });
  fails(name, edge, /nvme_1 wrote to page 7, which belongs to nobody/, 0);
  fails(name, edge, /nvme_1 wrote to page 8, which belongs to nic_2/, 1);
  judge(name, edge, 2);
  judge(name, edgeOf(), 0);
});
