/**
 * The model's NVMe controller against QEMU's, register by register: the same is done to both, and
 * what they show differently is listed, with the specification's word on it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { installed } from "./installation.ts";
import { ADMIN_LOOKS } from "./nvme_admin_looks.ts";
import { NVME_DIFFERENCES } from "./nvme_differences_table.ts";
import { NvmeHost } from "./nvme_host.ts";
import type { Look, Seen } from "./nvme_look.ts";
import { modelPort, qemuPort } from "./nvme_port.ts";
import { QUEUE_LOOKS } from "./nvme_queue_looks.ts";
import { REPORT_LOOKS } from "./nvme_report_looks.ts";
import { real } from "./real.ts";
import { RELEASES, type Release } from "./releases.ts";

const LOOKS = [...ADMIN_LOOKS, ...REPORT_LOOKS, ...QUEUE_LOOKS];

async function modelSeen(look: Look): Promise<Seen> {
  await using port = modelPort();
  return await look.take(new NvmeHost(port));
}

async function qemuSeen(release: Release, look: Look): Promise<Seen> {
  const program = installed(release);
  if (typeof program === "string") throw new Error(program);
  await using port = await qemuPort(program);
  return await look.take(new NvmeHost(port));
}

/** What differs, and what is listed to differ, in the same words. */
function differences(look: Look, model: Seen, qemu: Seen): string[] {
  const names = [...new Set([...Object.keys(model), ...Object.keys(qemu)])];
  return names
    .filter((name) => model[name] !== qemu[name])
    .map((name) => `${look.name}, ${name}: ${model[name]} in the model, ${qemu[name]} in QEMU`)
    .sort();
}

function listed(look: Look, release: Release): string[] {
  return NVME_DIFFERENCES.filter(
    ({ look: name, only }) => name === look.name && (only?.includes(release.name) ?? true),
  )
    .map(({ what, model, qemu }) => `${look.name}, ${what}: ${model} in the model, ${qemu} in QEMU`)
    .sort();
}

test("differences of NVMe controllers are of looks that there are, each with its reason", () => {
  assert.equal(new Set(LOOKS.map(({ name }) => name)).size, LOOKS.length);
  for (const { look, what, why } of NVME_DIFFERENCES) {
    assert.ok(
      LOOKS.some(({ name }) => name === look),
      `${look}, ${what}`,
    );
    assert.match(why, /^[BN] \d/);
  }
});

test("the model shows the same at every look", { timeout: 60_000 }, async () => {
  for (const look of LOOKS) {
    assert.deepEqual(await modelSeen(look), await modelSeen(look), look.name);
  }
});

for (const release of RELEASES) {
  test(
    `NVMe of ${release.name} is as the model's but for what is listed`,
    real(release),
    async () => {
      const [found, expected]: [string[], string[]] = [[], []];
      for (const look of LOOKS) {
        found.push(...differences(look, await modelSeen(look), await qemuSeen(release, look)));
        expected.push(...listed(look, release));
      }
      assert.deepEqual(found, expected);
    },
  );
}
