import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../machine/mod.ts";
import { asStr } from "./keepalive.ts";
import { releaseNamed } from "./releases.ts";

function modes(name: string, values: readonly string[]): string[] {
  const { nvmeOption } = releaseNamed(name);
  return values.map((value) => asStr(nvmeOption(value, new Log())));
}

const STRINGS = [
  "host,privatepool",
  "enabled",
  "host,noprivatepool",
  "nohost,privatepool",
  "nohost,noprivatepool",
  "disabled",
  "disabled,host,privatepool",
  "1",
];

test("KeepaliveParser of 1.8 and main follows the table of options.rs", () => {
  const expected = [
    "enabled",
    "enabled",
    "host,noprivatepool",
    "nohost,privatepool",
    "disabled",
    "disabled",
    "disabled",
    "disabled",
  ];
  assert.deepEqual(modes("1.8.2607", STRINGS), expected);
  assert.deepEqual(modes("main", STRINGS), expected);
});

test("KeepaliveParser of 1.7.2511 warns at host,noprivatepool and disables", () => {
  const log = new Log();
  const { nvmeOption, manaOption } = releaseNamed("1.7.2511");
  assert.equal(nvmeOption("host,noprivatepool", log), "Disabled");
  assert.equal(log.lines()[0]?.level, "warn");
  assert.equal(manaOption("host,noprivatepool", log), "Disabled");
  assert.deepEqual(modes("1.7.2511", ["nohost,privatepool", "enabled"]), [
    "nohost,privatepool",
    "enabled",
  ]);
});

test("KeepaliveParser of 2505 is a bool that the later strings do not satisfy", () => {
  assert.deepEqual(modes("2505", ["1", "true", "TRUE", "host,privatepool", "yes"]), [
    "enabled",
    "enabled",
    "enabled",
    "disabled",
    "disabled",
  ]);
});

test("KeepaliveParser knows no option in 2411, and none of MANA in 2505", () => {
  const log = new Log();
  assert.equal(releaseNamed("2411").nvmeOption("1", log), "Disabled");
  assert.equal(releaseNamed("2505").manaOption("1", log), "Disabled");
  assert.deepEqual(log.lines(), []);
});

test("KeepaliveParser disables keepalive without the option", () => {
  for (const name of ["2505", "1.7.2511", "main"]) {
    assert.equal(releaseNamed(name).nvmeOption(undefined, new Log()), "Disabled");
  }
});
