import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import { releaseNamed } from "./releases.ts";
import { type SavedVmgs, saveVmgs } from "./vmgs.ts";
import { VmgsDisk } from "./vmgs_disk.ts";

const SINCE_2511 = ["1.7.2511", "1.8.2607", "main"];

function saved(): SavedVmgs {
  return saveVmgs(releaseNamed("main").openVmgs("Default", new VmgsDisk(), null), false);
}

test("VmgsOpener takes the saved store, and the disk when there is none", () => {
  for (const name of ["2411", "2505", ...SINCE_2511]) {
    const { openVmgs } = releaseNamed(name);
    assert.equal(openVmgs("Default", new VmgsDisk(), null)?.source, "disk");
    assert.equal(openVmgs("Default", new VmgsDisk(), saved())?.source, "saved");
  }
});

test("VmgsOpener of 1.7 and later has no store for ephemeral state, even if one was saved", () => {
  for (const name of SINCE_2511) {
    const { openVmgs } = releaseNamed(name);
    assert.equal(openVmgs("Ephemeral", new VmgsDisk(), null), null);
    assert.equal(openVmgs("Ephemeral", new VmgsDisk(), saved()), null);
  }
});

test("VmgsOpener of 2505 panics at ephemeral state", () => {
  assert.throws(
    () => releaseNamed("2505").openVmgs("Ephemeral", new VmgsDisk(), null),
    (error: Error) =>
      error instanceof Panic &&
      error.message === "not yet implemented: OpenHCL ephemeral guest state",
  );
});

test("VmgsOpener of 2411 knows no lifetime", () => {
  const vmgs = releaseNamed("2411").openVmgs("Ephemeral", new VmgsDisk(), null);
  assert.equal(vmgs?.source, "disk");
});

test("VmgsOpener takes the marker of a reset from the file, or from what was saved", () => {
  const { openVmgs } = releaseNamed("main");
  const store = openVmgs("Default", new VmgsDisk(), null);
  assert.equal(store?.state.reprovisioned, true);
  const lost = { ...store?.state, reprovisioned: false };
  const metadata = store?.metadata;
  const reopened = openVmgs("Default", new VmgsDisk(), [lost, metadata] as SavedVmgs);
  assert.equal(reopened?.state.reprovisioned, false);
});

test("VmgsOpener of 1.7 and later takes the lifetime from the command line, if it is there", () => {
  for (const name of ["1.7.2511", "1.8.2607", "main"]) {
    const { openVmgs } = releaseNamed(name);
    assert.equal(openVmgs("Default", new VmgsDisk(), saved(), "EPHEMERAL"), null);
    assert.equal(openVmgs("Ephemeral", new VmgsDisk(), null, "REPROVISION")?.source, "disk");
    assert.equal(openVmgs("Ephemeral", new VmgsDisk(), null, "LASTING"), null);
  }
  assert.notEqual(
    releaseNamed("2411").openVmgs("Default", new VmgsDisk(), null, "EPHEMERAL"),
    null,
  );
});
