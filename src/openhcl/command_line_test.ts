import assert from "node:assert/strict";
import { test } from "node:test";
import { environment } from "./command_line.ts";
import { RELEASES, releaseNamed } from "./releases.ts";

/** What the boot shim appends: openhcl/openhcl_boot/src/main.rs of each release. */
const APPENDED = {
  "2411": ["", "", "", ""],
  "2505": ["OPENHCL_NVME_KEEP_ALIVE=1 ", "", "", ""],
  "1.7.2511": [
    "OPENHCL_NVME_KEEP_ALIVE=host,privatepool ",
    "OPENHCL_NVME_KEEP_ALIVE=host,noprivatepool ",
    "OPENHCL_NVME_KEEP_ALIVE=nohost,privatepool ",
    "OPENHCL_NVME_KEEP_ALIVE=nohost,noprivatepool ",
  ],
};

const INPUTS = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
] as const;

function appended(name: string): readonly string[] {
  const { shim } = releaseNamed(name);
  return INPUTS.map(([hostKeepalive, vtl2Pool]) => shim({ hostKeepalive, vtl2Pool, explicit: "" }));
}

test("BootShim appends what each release derives from host bit and pool", () => {
  for (const [name, expected] of Object.entries(APPENDED))
    assert.deepEqual(appended(name), expected);
  assert.deepEqual(appended("1.8.2607"), APPENDED["1.7.2511"]);
  assert.deepEqual(appended("main"), APPENDED["1.7.2511"]);
});

test("BootShim of 1.7 and later puts disabled first, unless the switch is 0", () => {
  const { shim } = releaseNamed("main");
  const off = "OPENHCL_DISABLE_NVME_KEEP_ALIVE";
  const text = (value: string) =>
    shim({ hostKeepalive: true, vtl2Pool: true, explicit: `${off}=${value}` });
  assert.ok(text("1").startsWith("OPENHCL_NVME_KEEP_ALIVE=disabled,host,privatepool "));
  assert.ok(text("0").startsWith("OPENHCL_NVME_KEEP_ALIVE=host,privatepool "));
});

test("BootShim never derives the option of MANA", () => {
  for (const { shim } of RELEASES) {
    const line = shim({ hostKeepalive: true, vtl2Pool: true, explicit: "" });
    assert.ok(!environment(line).has("OPENHCL_MANA_KEEP_ALIVE"));
  }
});

test("environment() takes the last of several values and skips other words", () => {
  assert.deepEqual(
    [...environment("quiet A=1 B= A=2,x")],
    [
      ["A", "2,x"],
      ["B", ""],
    ],
  );
});
