import assert from "node:assert/strict";
import { test } from "node:test";
import type { GpaState } from "../chipset/mod.ts";
import { Log } from "../machine/mod.ts";
import { GpaRanges } from "./gpa_ranges.ts";
import { HostGpaRanges } from "./host_gpa_ranges.ts";

function all(state: GpaState): GpaState[] {
  return new Array(13).fill(state);
}

function laid({ ranges }: HostGpaRanges) {
  return ranges.filter((range) => range !== null);
}

/** The range that lies over the BIOS area from `start` on. */
function over(host: HostGpaRanges, start: number) {
  return laid(host).find((range) => range.start === start);
}

test("GpaRanges.follow() lays ROM over the area, but for the resident part of the VGA BIOS", () => {
  const host = new HostGpaRanges();
  const ranges = new GpaRanges(host, new Log(), null);
  ranges.follow(all("Mmio"));
  assert.equal(ranges.count, 12);
  assert.equal(over(host, 0xc_8000), undefined);
  assert.deepEqual(over(host, 0xf_0000), {
    start: 0xf_0000,
    length: 0x1_0000,
    gpaOffset: 0xffff_0000,
    isRom: true,
  });
  assert.equal(over(host, 0xd_0000)?.gpaOffset, 0xd_0000);
});

test("GpaRanges.follow() leaves the top of the system BIOS writable", () => {
  const host = new HostGpaRanges();
  new GpaRanges(host, new Log(), null).follow(all("WriteProtected"));
  assert.equal(over(host, 0xf_0000)?.length, 0xe000);
  assert.equal(over(host, 0xe_0000)?.length, 0x4000);
  assert.equal(over(host, 0xc_8000)?.isRom, true);
});

test("GpaRanges.follow() lays nothing over memory, but for the VGA BIOS", () => {
  const host = new HostGpaRanges();
  const ranges = new GpaRanges(host, new Log(), null);
  ranges.follow(all("Writable"));
  assert.deepEqual(
    laid(host).map(({ start }) => start),
    [0xc_0000, 0xc_4000, 0xc_8000],
  );
  assert.ok(laid(host).every(({ isRom }) => !isRom));
  // A range that is only to be written to stays as it is.
  ranges.follow(all("WriteOnly"));
  assert.equal(ranges.count, 3);
});

test("GpaRanges with saved handles asks the host for nothing when nothing changes", () => {
  const host = new HostGpaRanges();
  const before = new GpaRanges(host, new Log(), null);
  before.follow(all("Mmio"));
  const { requests } = host;
  const after = new GpaRanges(host, new Log(), before.save());
  after.follow(all("Mmio"));
  assert.equal(host.requests, requests);
  after.follow(all("WriteProtected"));
  assert.equal(over(host, 0xf_0000)?.gpaOffset, 0xf_0000);
});

test("GpaRanges without its handles cannot change a range any more, and says so", () => {
  const host = new HostGpaRanges();
  new GpaRanges(host, new Log(), null).follow(all("Mmio"));
  const log = new Log();
  const lost = new GpaRanges(host, log, null);
  lost.follow(all("WriteProtected"));
  assert.equal(over(host, 0xf_0000)?.gpaOffset, 0xffff_0000);
  assert.ok(log.lines().some(({ level }) => level === "warn"));
});

test("GpaRanges.astray() tells the first range that is not as it should be", () => {
  const host = new HostGpaRanges();
  const ranges = new GpaRanges(host, new Log(), null);
  ranges.follow(all("Mmio"));
  assert.equal(ranges.astray(all("Mmio")), null);
  assert.equal(ranges.astray(all("WriteOnly")), null);
  assert.equal(ranges.astray(all("Writable")), 3);
  assert.equal(ranges.astray(all("Mmio").with(12, "WriteProtected")), 15);
});

test("HostGpaRanges.fork() goes on apart", () => {
  const host = new HostGpaRanges();
  const ranges = new GpaRanges(host, new Log(), null);
  ranges.follow(all("Mmio"));
  const copy = host.fork();
  ranges.follow(all("Writable"));
  assert.equal(laid(copy).length, 12);
  assert.equal(laid(host).length, 3);
});
