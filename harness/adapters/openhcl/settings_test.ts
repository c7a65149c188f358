import assert from "node:assert/strict";
import { test } from "node:test";
import { inputsOf } from "./settings.ts";

const NICS = { devices: "nvme+mana" };

function explicitOf(mana: string | undefined, settings: Readonly<Record<string, string>>) {
  const inputs = { host: "nohost", pool: "privatepool", ...(mana === undefined ? {} : { mana }) };
  return inputsOf({ implementation: "openhcl", release: "main", inputs }, settings).explicit;
}

test("inputsOf() gives the option of MANA to machines with such devices, and no others", () => {
  assert.equal(explicitOf(undefined, NICS), "OPENHCL_MANA_KEEP_ALIVE=nohost,privatepool");
  assert.equal(explicitOf("mana-as-nvme", NICS), explicitOf(undefined, NICS));
  assert.equal(explicitOf("mana-on", NICS), "OPENHCL_MANA_KEEP_ALIVE=enabled");
  assert.equal(explicitOf("mana-off", NICS), "");
  assert.equal(explicitOf("mana-on", { devices: "nvme" }), "");
});

test("inputsOf() refuses an option that it does not know", () => {
  assert.throws(() => explicitOf("mana-maybe", NICS), /mana must be one of mana-as-nvme, mana-off/);
});
