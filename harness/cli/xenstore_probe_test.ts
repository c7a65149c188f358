import assert from "node:assert/strict";
import { test } from "node:test";
import { PROBED } from "../adapters/xenstored/probed.ts";
import { REAL } from "../adapters/xenstored/real.ts";
import { product } from "../product.ts";
import { call } from "./called.ts";

const REQUESTS = 3000;

for (const { name: daemon } of PROBED) {
  test(`${daemon} answers ${REQUESTS} random requests as the model does`, REAL, async () => {
    const args = ["probe", "xenstore", "--daemon", daemon, "--requests", String(REQUESTS)];
    const { code, out } = await call([...args, "--json"], { product });
    const [{ shown, stale, requests }] = JSON.parse(out);
    const unknown = shown.filter(({ known }: { known: string | null }) => known === null);
    assert.deepEqual(unknown, []);
    assert.deepEqual(stale, []);
    assert.ok(requests >= REQUESTS);
    assert.equal(code, 0);
  });
}
