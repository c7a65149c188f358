import assert from "node:assert/strict";
import { test } from "node:test";
import { PROTOCOL_STEPS, type ProtocolStep } from "../guest/mod.ts";
import { hostWith, inputsOf, REQUEST, service } from "./rehearsal.ts";
import { RELEASES } from "./releases.ts";

const ALL = RELEASES.map(({ name }) => name);

/** No disk is kept alive: that has limits of its own. */
const PLAIN = inputsOf("nohost,noprivatepool");

/** Steps at which messages wait for a guest that is stopped or does not take them. */
const WAITING: Readonly<Record<string, readonly ProtocolStep[]>> = {
  nvme: ["offers-requested", "message-pending"],
  relay: ["offers-requested", "gpadl-offered", "message-pending"],
};

for (const devices of ["nvme", "relay"]) {
  for (const guestStep of PROTOCOL_STEPS) {
    test(`a guest of ${devices} saved at ${guestStep} goes on under every release`, () => {
      for (const writer of ALL) {
        for (const reader of ALL) {
          const host = hostWith({ devices, guestStep });
          const openhcl = service(host, [writer, reader], REQUEST, [PLAIN, PLAIN]);
          const hop = `${writer} -> ${reader}`;
          // 2411 neither saves nor restores messages that wait, so that its guests wait for ever.
          const loses = [writer, reader].includes("2411");
          const waits = loses && WAITING[devices]?.includes(guestStep) === true;
          // Main is the first that takes a buffer that has crossed a rescind.
          const refuses = guestStep === "rescind-crossed" && reader !== "main";
          assert.equal(openhcl.endGuest().length > 0, waits || refuses, hop);
          const complaints = refuses ? 1 : 0;
          assert.equal(openhcl.guest.complaints().length, complaints, hop);
          const { sent, returned, oddities } = openhcl.guest.traffic();
          assert.deepEqual([returned, oddities], [sent, []], hop);
        }
      }
    });
  }
}
