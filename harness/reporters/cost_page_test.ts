import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { COST_MODULES } from "./cost_page.ts";

test("COST_MODULES names every module of the page once", () => {
  const files = readdirSync(new URL("./cost_page/", import.meta.url));
  const modules = files.filter((file) => file.endsWith(".js")).map((file) => file.slice(0, -3));
  assert.deepEqual([...COST_MODULES].sort(), modules.sort());
});
