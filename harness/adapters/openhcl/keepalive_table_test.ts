/**
 * The model's boot inputs against the whole table of keepalive modes: the grid only crosses the
 * configurations that the space names, the table also has the switch and the texts of the option.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { boot, Host, releaseNamed } from "../../../src/openhcl/mod.ts";

interface Table {
  readonly rows: readonly {
    readonly releases: readonly string[];
    readonly host: string;
    readonly pool: string;
    readonly disable: boolean;
    readonly commandLine: string;
    readonly mode: string;
    readonly enabled: boolean;
  }[];
  readonly parser: readonly {
    readonly releases: readonly string[];
    readonly text: string;
    readonly mode: string;
  }[];
}

const url = new URL("../../../fixtures/openhcl/keepalive_modes.json", import.meta.url);
const { rows, parser } = JSON.parse(readFileSync(url, "utf8")) as Table;

function booted(release: string, hostKeepalive: boolean, vtl2Pool: boolean, explicit: string) {
  const host = new Host({
    devices: "none",
    lifetime: "Default",
    isolated: false,
    shortensVariable: false,
    seed: 1,
  });
  return boot(releaseNamed(release), host, { hostKeepalive, vtl2Pool, explicit });
}

test("Openhcl makes of its inputs the command line and mode that the table says", () => {
  for (const { releases, host, pool, disable, commandLine, mode, enabled } of rows) {
    const explicit = disable ? "OPENHCL_DISABLE_NVME_KEEP_ALIVE=1" : "";
    for (const release of releases) {
      const openhcl = booted(release, host === "host", pool === "privatepool", explicit);
      const where = `${release}[${host},${pool}] ${explicit}`;
      assert.equal(openhcl.commandLine, `${commandLine}${explicit}`, where);
      assert.equal(openhcl.keepaliveMode("nvme"), mode, where);
      assert.equal(mode === "enabled", enabled, where);
    }
  }
});

test("the table of keepalive modes has every input of every release once", () => {
  const keys = rows.flatMap(({ releases, host, pool, disable }) =>
    releases.map((release) => `${release} ${host} ${pool} ${disable}`),
  );
  assert.equal(new Set(keys).size, keys.length);
  // Four inputs each; three releases know the switch besides.
  assert.equal(keys.length, 5 * 4 + 3 * 4);
});

test("Openhcl parses the texts of the option as the table says", () => {
  for (const { releases, text, mode } of parser) {
    for (const release of releases) {
      const openhcl = booted(release, false, true, `OPENHCL_NVME_KEEP_ALIVE=${text}`);
      assert.equal(openhcl.keepaliveMode("nvme"), mode, `${release} ${text}`);
    }
  }
});
