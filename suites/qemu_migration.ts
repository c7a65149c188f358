/**
 * Migration of whole machines: what one monitor has saved, the next one goes on with, nothing of
 * it is lost, and what cannot be taken is declined in words.
 *
 * Method: the stream that a machine came from is compared, field by field, with the stream that it
 * sends right after. Sections of the devices that were asked for are looked for by their place.
 * What differs is held against a control: another machine like the first one, saved by its writer,
 * which was not migrated at all.
 *
 * @module
 */
import type { AddedDevice, Migration } from "../harness/facets/migration.ts";
import { check, type Machine, scenario, suite } from "../harness/mod.ts";
import { type Change, changesOf } from "./qemu_changes.ts";
import { memoryChangeOf } from "./qemu_memory.ts";
import { streamOf } from "./qemu_streams.ts";

const COMPATIBILITY = "QEMU, docs/devel/migration/compatibility.rst";
const SAME = "QEMU, docs/devel/migration/main.rst, VMState";
const MAIN = "QEMU, docs/devel/migration/main.rst";

/** What a reason begins with that says in its own words what is at odds. */
const SAID = /^[a-z-]+(?: of [^:]+(?::[^ ]+)*)?: \S/;

/** What the name of a section of a function on PCI begins with. */
const ON_PCI = /^[0-9a-f]{4}:/;

const common = { needs: ["migration"] } as const;

export default suite("qemu-migration", [
  scenario({
    ...common,
    name: "machine/is-taken-over",
    must: "A machine of one type that a release has saved is taken over by any other as it was",
    source: COMPATIBILITY,
    before: ({ migration }) => migration.status(),
    async after({ migration }, was) {
      const is = await migration.status();
      check(is === was, `guest-dead: the machine was ${was}, and is ${is}`);
    },
  }),

  scenario({
    ...common,
    name: "machine/is-the-same-when-saved-again",
    must: "What every machine of a type has is saved, after a load and before it runs, as it came",
    source: SAME,
    before: bareSections,
    after: ({ migration }, bare) => checkSame(migration, (section) => bare.has(section)),
  }),

  scenario({
    ...common,
    name: "devices/are-the-same-when-saved-again",
    must: "A device that was asked for is saved, after a load and before it runs, as it came",
    source: SAME,
    before: bareSections,
    after: ({ migration }, bare) => checkSame(migration, (section) => !bare.has(section)),
  }),

  scenario({
    ...common,
    name: "memory/is-the-same-when-saved-again",
    must: "Memory is saved, after a load and before the machine runs, page by page as it came",
    source: SAME,
    async after({ migration }) {
      const again = await migration.again();
      check("stream" in again, "reason" in again ? again.reason : "");
      if (migration.given === undefined) return;
      const change = memoryChangeOf(streamOf(migration.given), streamOf(again.stream));
      check(change === undefined, change ?? "");
    },
  }),

  scenario({
    ...common,
    name: "twin/sends-the-same",
    must: "Machines that are started alike and do not run send the same, and nothing left over",
    source: SAME,
    when: { mode: "twin" },
    async after({ migration: { given, control } }) {
      const other = await control?.();
      if (given === undefined || other === undefined) return;
      const [first, ...more] = changesOf(streamOf(given), streamOf(other));
      check(
        first === undefined,
        `field of ${first?.section}: ${first?.text} of another machine, and ${more.length} more`,
      );
      const change = memoryChangeOf(streamOf(given), streamOf(other));
      check(change === undefined, change ?? "");
    },
  }),

  scenario({
    ...common,
    name: "devices/none-is-lost",
    must: "Each device that was asked for has its state in the stream",
    source: `${MAIN}, "the device state is saved"`,
    before: ({ migration }) => migration.added(),
    after({ migration }, { devices, bare }) {
      const sections = migration.given === undefined ? [] : streamOf(migration.given).held;
      const lost = devices.filter((device) => isLost(device, sections, new Set(bare)));
      const names = lost.map(({ type }) => type).join(", ");
      check(lost.length === 0, `lost-state of ${lost[0]?.type}: no section has ${names}`);
    },
  }),

  scenario({
    ...common,
    name: "refusal/is-clean",
    must: "Who cannot save or take a machine says what is at odds; the saved machine stays",
    source: `${MAIN}, "migration failed"`,
    before: ({ migration }) => migration.status(),
    after() {},
    async afterFailedSave({ migration }, was, message) {
      check(SAID.test(message), `the refusal says only "${message}"`);
      const is = await migration.status();
      check(is === was, `guest-dead: the machine was ${was}, and is ${is} after a refusal`);
    },
    afterFailedRestore({ kind, reason = "" }) {
      check(kind === "refused", reason);
      const isSaid = SAID.test(reason) && !reason.startsWith("unclassified");
      check(isSaid, `the refusal says only "${reason}"`);
    },
  }),
]);

async function bareSections({ migration }: Machine<"migration">): Promise<ReadonlySet<string>> {
  return new Set((await migration.added()).bare);
}

/** Fails when a section that `concerns` the claim has changed. */
async function checkSame(
  migration: Migration,
  concerns: (section: string) => boolean,
): Promise<void> {
  const again = await migration.again();
  check("stream" in again, "reason" in again ? again.reason : "");
  if (migration.given === undefined) return;
  const all = changesOf(streamOf(migration.given), streamOf(again.stream));
  const changes = all.filter(({ section }) => concerns(section));
  const steady = changes.length === 0 ? changes : await withoutControl(migration, changes);
  const [first] = steady;
  if (first === undefined) return;
  const more = steady.length === 1 ? "" : `, and ${steady.length - 1} more`;
  check(false, `field of ${first.section}: ${first.text}${more}`);
}

/** `changes` without those in what another machine, not migrated, has otherwise, too. */
async function withoutControl(
  { given, control }: Migration,
  changes: readonly Change[],
): Promise<readonly Change[]> {
  const stream = await control?.();
  if (stream === undefined || given === undefined) return changes;
  const own = changesOf(streamOf(given), streamOf(stream)).map(subjectOf);
  return changes.filter((change) => !own.includes(subjectOf(change)));
}

/** What has changed, without what it was and is: some devices send what nobody has written. */
function subjectOf({ section, text }: Change): string {
  return `${section} ${text.split(" was ", 1)}`;
}

/** True when no section can hold the state of `device`. */
function isLost(
  { address, carried }: AddedDevice,
  sections: readonly string[],
  bare: ReadonlySet<string>,
): boolean {
  if (address !== null) return !sections.some((name) => name.includes(`:${address}/`));
  if (carried) return false;
  // It is somewhere in the machine: some section must be new.
  return sections.every((name) => bare.has(name) || ON_PCI.test(name));
}
