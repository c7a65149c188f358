/** What a machine that was loaded is held against, by streams that real QEMUs have sent. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Migration } from "../harness/facets/migration.ts";
import suite from "./qemu_migration.ts";

const FOLDER = new URL("../fixtures/qemu/streams/", import.meta.url);

function captured(name: string): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(new URL(`${name}.mig.gz`, FOLDER))));
}

const GIVEN = captured("i440fx52-e1000_5.2");
const AGAIN = captured("i440fx52-e1000_11.1");

/** Whether all of the machine is as it came, with `control` beside it. */
async function judged(control: Uint8Array | undefined): Promise<void> {
  const found = suite.scenarios.find(({ name }) => name.startsWith("devices/are-the-same"));
  const migration: Migration = {
    given: GIVEN,
    status: () => Promise.resolve("prelaunch"),
    again: () => Promise.resolve({ stream: AGAIN }),
    added: () => Promise.resolve({ devices: [], bare: [] }),
    control: () => Promise.resolve(control),
  };
  await found?.after?.({ migration } as never, new Set() as never);
}

test("a load is blamed for what differs, and not for what differs without one", async () => {
  const all = /field of cpu: env\.hflags2 was 1, and is 257, and 2 more$/;
  await assert.rejects(judged(undefined), all);
  await assert.rejects(judged(GIVEN), all);
  await judged(AGAIN);
});

test("a control excuses the fields in which it differs, and no others", async () => {
  const other = captured("i440fx52-e1000_7.2");
  await assert.rejects(judged(other), /piix4_pm: <piix4_pm\/cpuhp> was not there before/);
});
