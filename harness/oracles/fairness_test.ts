import assert from "node:assert/strict";
import { test } from "node:test";
import type { Edge, Outcome } from "../oracle.ts";
import { unlessKilled, whenSame } from "./excused.ts";
import { disturbanceOf, isQuiet } from "./fairness.ts";
import { edgeOf, hop } from "./handmade_edge.ts";
import { fails, judge } from "./handmade_verdict.ts";

const NAME = "fair-outcome";

const CLAIM = { name: "sample", must: "hold", source: "a test", needs: [] };

interface Case {
  readonly save?: Outcome;
  readonly restore?: Outcome;
  readonly struck?: boolean;
  readonly index?: number;
}

function under(fault: string, { save, restore, struck = true, index = 0 }: Case = {}): Edge {
  const lie = {
    settings: { fault },
    ...(save === undefined ? {} : { save }),
    ...(restore === undefined ? {} : { restore }),
  };
  const { restore: restored, ...edge } = edgeOf(lie);
  const both =
    restored === undefined || (save && save.kind !== "done") ? {} : { restore: restored };
  return { ...edge, ...both, struck, index };
}

const refused: Outcome = { kind: "refused", reason: "why" };
const crashed: Outcome = { kind: "crashed", reason: "panic" };
const killed: Outcome = { kind: "crashed", reason: "killed", killed: true };

test("disturbanceOf() is the fault of the first edge", () => {
  assert.equal(disturbanceOf(under("none")), undefined);
  assert.equal(disturbanceOf(under("pool:moved:between"))?.place, "pool");
  assert.equal(disturbanceOf(under("pool:moved:between", { index: 1 })), undefined);
});

test("isQuiet() holds without a fault, and where nothing may come of it", () => {
  assert.ok(isQuiet(under("none")));
  assert.ok(isQuiet(under("state:unknown-fields:between")));
  assert.ok(isQuiet(under("state:stale:between", { struck: false })));
  assert.ok(!isQuiet(under("state:stale:between")));
  assert.ok(isQuiet(under("units:crash-in:restore")));
  assert.ok(!isQuiet(under("units:crash-in:restore", { restore: refused })));
});

test("fair-outcome takes the outcomes that are fair, and no other", () => {
  judge(NAME, under("none", { restore: crashed }));
  judge(NAME, under("state:truncated:between", { restore: refused }));
  fails(NAME, under("state:truncated:between"), /restore done, fair is refused/);
  fails(NAME, under("state:truncated:between", { restore: crashed }), /crashed \(panic\), fair is/);
  judge(NAME, under("state:foreign:between", { restore: crashed }));
  judge(NAME, under("host:rejects:save", { save: crashed }));
  fails(NAME, under("host:rejects:save", { save: { kind: "hung" } }), /save hung, fair is/);
});

test("fair-outcome tells a process that was killed from one that died", () => {
  judge(NAME, under("units:crash-in:save", { save: killed }));
  fails(NAME, under("units:crash-in:save", { save: crashed }), /save crashed \(panic\)/);
  fails(NAME, under("units:crash-in:save"), /save done, fair is crashed/);
});

test("fair-outcome wants a quiet run where the fault has not struck", () => {
  judge(NAME, under("units:crash-in:save", { struck: false }));
  const lost = { struck: false, restore: refused };
  fails(NAME, under("state:stale:between", lost), /restore refused \(why\), fair is done/);
});

test("fair-outcome takes what the tables foretell without the fault", () => {
  const save: Outcome = { kind: "crashed", reason: "not yet: OpenHCL ephemeral guest state" };
  const settings = { fault: "logs:late:save", lifetime: "Ephemeral" };
  const { restore: _, ...edge } = edgeOf({ writer: hop("2505"), settings, save });
  judge(NAME, edge);
  fails(NAME, { ...edge, save: crashed }, /save crashed \(panic\), fair is done/);
});

test("oracles of quiet runs do not judge what is disturbed", () => {
  const restore: Outcome = { kind: "refused", reason: "why" };
  judge("keepalive-mismatch", under("state:stale:between", { restore }));
  const quiet = under("state:unknown-fields:between", { restore });
  fails("keepalive-mismatch", quiet, /restore refused/);
});

test("unlessKilled() keeps an oracle from edges on which a process dies", () => {
  let judged = 0;
  const oracle = unlessKilled({ ...CLAIM, judge: () => void judged++ });
  oracle.judge(under("units:crash-in:restore"), undefined);
  assert.equal(judged, 0);
  oracle.judge(under("units:slow:save"), undefined);
  assert.equal(judged, 1);
});

test("whenSame() keeps an oracle from machines that the host has changed", () => {
  let judged = 0;
  const oracle = whenSame({ ...CLAIM, judge: () => void judged++ });
  oracle.judge(under("controller:new:between"), undefined);
  assert.equal(judged, 0);
  oracle.judge(under("state:unknown-fields:between"), undefined);
  assert.equal(judged, 1);
});
