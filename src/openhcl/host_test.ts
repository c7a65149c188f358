import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "./host.ts";
import { boot, type Openhcl, restore } from "./openhcl.ts";
import { hostWith, KEPT, REQUEST } from "./rehearsal.ts";
import { RELEASES, releaseNamed } from "./releases.ts";

const DEVICES = ["none", "nvme", "nvme+mana", "relay"];

/** Whatever a host and its guest have to show after a restore. */
function shownBy(openhcl: Openhcl, { memory, nics, guest, ram, blackout }: Host) {
  openhcl.goOn();
  return {
    bytes: Buffer.from(openhcl.save(REQUEST)).toString("hex"),
    nvme: openhcl.nvme(),
    nics: nics.map(({ resets, established }) => ({ resets, established })),
    strays: memory.owners.strayWrites,
    complaints: guest.complaints,
    traffic: guest.traffic,
    io: openhcl.guest.io(),
    tick: ram.tick,
    blackout: blackout.phases,
    log: openhcl.log(),
  };
}

test("Host.fork() goes on as the original does, whatever has run on either", () => {
  for (const { name } of RELEASES) {
    for (const devices of DEVICES) {
      const host = hostWith({ devices });
      const bytes = boot(releaseNamed(name), host, KEPT).save(REQUEST);
      const [first, second] = [host.fork(), host.fork()];
      const shown = [first, host, second].map((one) =>
        shownBy(restore(releaseNamed(name), one, KEPT, bytes), one),
      );
      const [ofFirst, original, ofSecond] = shown;
      assert.deepEqual(ofFirst, original, `${name} ${devices}`);
      assert.deepEqual(ofSecond, original, `${name} ${devices}`);
    }
  }
});
