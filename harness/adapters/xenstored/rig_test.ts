import assert from "node:assert/strict";
import { test } from "node:test";
import { TYPE } from "../../../src/xenstore/mod.ts";
import { write } from "../../facets/xenstore_requests.ts";
import { xenstoredAdapter } from "./adapter.ts";
import { REAL } from "./real.ts";
import { STREAM_FAULTS } from "./stream_faults.ts";
import { Trace } from "./trace.ts";

test("Trace tells of each message in one line that can be read", () => {
  const told: string[] = [];
  const trace = new Trace("dom5", (message) => told.push(message));
  trace.asks("WRITE", "/a\0\x01é\n", 0);
  trace.asks("READ", "/a\0", 3);
  trace.sends("\x02\0\0");
  trace.came({ type: TYPE.ERROR, reqId: 1, txId: 0, body: "ENOENT\0" });
  trace.came({ type: 99, reqId: 1, txId: 0, body: "x".repeat(150) });
  assert.deepEqual(told, [
    "dom5 > WRITE /a|\\x01\\xe9\\x0a",
    "dom5 > READ in transaction 3 /a|",
    "dom5 > 3 octets \\x02||",
    "dom5 < ERROR ENOENT|",
    `dom5 < 99 ${"x".repeat(100)}... and 50 octets`,
  ]);
});

test("Rig.listen() hears every message, under the release that it is for", REAL, async () => {
  const settings = { forced: "no" };
  await using rig = await xenstoredAdapter().rig(settings, 1);
  const heard: string[] = [];
  rig.listen?.((release, message) => heard.push(`${release} ${message}`));
  const hop = (release: string) => ({ implementation: "xenstored", release, inputs: {} });
  const old = await rig.start(hop("c-4.17"));
  await rig.restore(hop("c-4.20"), await old.save({ correlationId: "", settings }));
  assert.deepEqual(
    heard.map((line) => line.replace(/(-f\|).*/, "$1PARK")),
    [
      "c-4.17 onlooker > READ /|",
      "c-4.17 onlooker < READ ",
      "c-4.17 control > CONTROL live-update|-f|PARK",
      "c-4.17 control < CONTROL OK|",
      "c-4.17 control > CONTROL live-update|-s|-t|2|",
      "c-4.20 control < CONTROL OK|",
      "c-4.20 onlooker > READ /|",
      "c-4.20 onlooker < READ ",
    ],
  );
});

test(
  "Rig.struck() tells of every fault of a stream, and of none where there is none",
  REAL,
  async () => {
    const faults = STREAM_FAULTS.c.map((fault) => ["c-4.20", fault]);
    const all = [...faults, ...STREAM_FAULTS.ocaml.map((fault) => ["oxenstored-4.20", fault])];
    await Promise.all(
      [...all, ["c-4.20", "none"]].map(async ([release = "", fault = ""]) => {
        const settings = { forced: "no", fault };
        await using rig = await xenstoredAdapter().rig(settings, 1);
        const hop = { implementation: "xenstored", release, inputs: {} };
        const machine = await rig.start(hop);
        await machine.xenstore?.socket("client").ask(write("/a", "value"));
        const saved = await machine.save({ correlationId: "", settings });
        assert.equal(rig.struck?.(), null, fault);
        // Whether the daemon can live with it is not the question here.
        await rig.restore(hop, saved).catch(() => {});
        const words = rig.struck?.()?.words ?? "none";
        assert.match(
          words,
          fault === "none" ? /^none$/ : new RegExp(`^${fault} makes \\d+ octets`),
        );
      }),
    );
  },
);
