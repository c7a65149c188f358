import { test } from "node:test";
import { assertEquals } from "@std/assert";
import type { SlotRecord } from "../facets/dma.ts";
import type { Machine } from "../facets/machine.ts";
import type { ControllerRecord } from "../facets/nvme.ts";
import { figuresOf, NO_FIGURES, pagesOf } from "./machine_figures.ts";

function machine(slots: readonly SlotRecord[], restored: readonly boolean[]): Machine {
  const controllers = restored.map(
    (each) => ({ resets: 2, adminOpcodes: ["IDENTIFY", "GET_LOG_PAGE"], restored: each }) as const,
  ) as unknown as readonly ControllerRecord[];
  return {
    dma: { pools: () => [{ pool: "private", ranges: [], slots }], strayWrites: () => [] },
    nvme: { controllers: () => controllers },
  };
}

test("figuresOf() counts what is allocated and what controllers saw", () => {
  const slot = { pfn: 8n, pages: 2n, state: "allocated", device: "nvme" } as const;
  const slots = [slot, { ...slot, pfn: 10n, state: "free" } as const];
  assertEquals(figuresOf(machine(slots, [true, false])), {
    allocated: [[8n, 10n]],
    commands: 4,
    resets: 4,
    keepalive: "some kept",
  });
});

test("figuresOf() says what became of controllers", () => {
  const of = (...restored: readonly boolean[]) => figuresOf(machine([], restored)).keepalive;
  assertEquals([of(true, true), of(false), of()], ["kept", "not kept", "no device"]);
});

test("figuresOf() knows nothing of a machine that does not tell", () => {
  assertEquals(figuresOf({}), NO_FIGURES);
});

test("pagesOf() counts pages held, and those that were held before", () => {
  const before = [
    [8n, 10n],
    [20n, 24n],
  ] as const;
  assertEquals(
    pagesOf(before, [
      [9n, 12n],
      [22n, 23n],
    ]),
    { held: 4, kept: 2 },
  );
  assertEquals(pagesOf(null, [[9n, 12n]]), { held: 3, kept: 0 });
});
