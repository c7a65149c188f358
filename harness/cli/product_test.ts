import assert from "node:assert/strict";
import { test } from "node:test";
import { product } from "../product.ts";

test("an implementation has the name of its space, by which tokens call it", async () => {
  for (const [name, load] of Object.entries(product.implementations)) {
    const { space, soak } = await load();
    assert.equal(space.implementation, name);
    assert.equal(product.soaked.includes(name), soak !== undefined, name);
  }
});

test("a book of cases is offered with the sweeps that it has", async () => {
  for (const { sweeps, load } of Object.values(product.caseBooks)) {
    assert.deepEqual(sweeps, Object.keys((await load()).sweeps));
  }
});
