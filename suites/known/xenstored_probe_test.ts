import assert from "node:assert/strict";
import { test } from "node:test";
import { KNOWN } from "./xenstored_probe.ts";

test("KNOWN names each difference once, in kebab-case with versions", () => {
  const names = KNOWN.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z0-9]+(?:[-.][a-z0-9]+)+$/);
});

test("KNOWN says of each difference on whom, how it shows, where it comes from, and why", () => {
  for (const { name, daemons, sequence, theirs, link, note } of KNOWN) {
    assert.ok(daemons.length > 0, name);
    assert.ok(sequence.length > 0, name);
    assert.ok(theirs.length > 0, name);
    assert.match(link, /^https:\/\/xenbits\.xen\.org\/\S+$/, name);
    assert.match(note, /^[A-Z0-9-].*\.$/, name);
  }
});

test("KNOWN leaves out no more than it shows", () => {
  for (const { name, sequence, leavesOut } of KNOWN) {
    if (leavesOut === undefined) continue;
    assert.ok(
      sequence.some((line) => leavesOut.test(line)),
      name,
    );
    // A flag would make it remember where it was.
    assert.equal(leavesOut.flags, "", name);
    for (const line of ['c0 READ "/a\\0"', 'dom5 WRITE @t1 "/a\\0v"', 'c0 RM "/\\0"']) {
      assert.equal(leavesOut.test(line), false, `${name}: ${line}`);
    }
  }
});
