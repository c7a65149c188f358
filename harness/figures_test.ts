import assert from "node:assert/strict";
import { test } from "node:test";
import type { Machine } from "./facets/machine.ts";
import { blackoutFigures, figuresText, guestFigures } from "./figures.ts";

const guest: NonNullable<Machine["guest"]> = {
  tick: () => 2,
  damagedPages: () => [0x1010, 0x1011],
  io: () => ({ issued: 5, done: 3, failed: 1, outstanding: 1, oddities: ["one failed"] }),
  traffic: () => ({ sent: 4, returned: 4, oddities: ["out of order"] }),
  complaints: () => [],
};

test("guestFigures() counts what a guest has seen", () => {
  assert.equal(
    figuresText(guestFigures({ guest }) ?? {}),
    "tick 2, issued 5, done 3, failed 1, outstanding 1, sent 4, returned 4, odd 2, damaged 2",
  );
  assert.equal(guestFigures({}), null);
});

test("blackoutFigures() has the phases of a servicing, and nothing of a fresh boot", () => {
  const servicing = (phases: readonly { readonly phase: string; readonly us: number }[]) => ({
    servicing: {
      correlationId: () => null,
      keepaliveMode: () => "disabled",
      flushLogs: () => null,
      blackoutUs: () => null,
      blackout: () => phases,
    },
  });
  const phases = [
    { phase: "quiesce", us: 2_500 },
    { phase: "first-io", us: 20 },
  ];
  assert.deepEqual(blackoutFigures(servicing(phases)), { quiesce: 2_500, "first-io": 20 });
  assert.equal(blackoutFigures(servicing([])), null);
  assert.equal(blackoutFigures({}), null);
});
