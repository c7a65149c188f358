/**
 * Capabilities of a migration, which both ends must have: what both list carries a machine, and
 * what one of them lacks it refuses by name, before anything is sent.
 *
 * Method: each capability is turned on at both ends, whatever they list; then those that both list
 * of some that go together.
 *
 * @module
 */
import type { Agreeing } from "../harness/facets/agreeing.ts";
import { check, type Scenario, scenario, suite } from "../harness/mod.ts";

const SOURCE = "QEMU, qapi/migration.json, MigrationCapability";
const AGREED = "agreed";

/** Turned on alone. */
const CAPABILITIES = [
  ...["xbzrle", "multifd", "postcopy-ram", "mapped-ram", "return-path"],
  ...["zero-blocks", "validate-uuid"],
];
/** Turned on together, as far as both ends have them. */
const WANTED = ["xbzrle", "return-path", "validate-uuid", "switchover-ack"];

/** What a machine is at that was started to wait, or was stopped. */
const STILL = ["prelaunch", "paused"];

const common = { needs: ["agreeing"], source: SOURCE } as const;

export default suite("qemu-capabilities", [
  scenario({
    ...common,
    name: `${AGREED}/carries-with-all-that-both-have`,
    when: { mode: AGREED },
    must: "What both ends list of some capabilities can be on together, and the machine comes over",
    before: ({ agreeing }) => stateOf(agreeing),
    async after({ agreeing }, { offers, status }) {
      const both = WANTED.filter((name) => offers.has(name) && agreeing.offers.has(name));
      check(agreeing.used.join() === both.join(), `it came with ${agreeing.used}, not ${both}`);
      checkStatus(status, await agreeing.status());
    },
  }),
  ...CAPABILITIES.flatMap(scenariosOf),
  scenario({
    ...common,
    name: "postcopy/carries-memory-behind-the-machine",
    source: "QEMU, docs/devel/migration/postcopy.rst",
    when: { mode: "postcopy" },
    must: "A machine that stands still and goes ahead of its memory stands still where it comes to",
    after: async ({ agreeing }) => {
      check(agreeing.behind === true, "the memory was there before the machine");
      const is = await agreeing.status();
      check(STILL.includes(is), `guest-dead: the machine stood still, and is ${is}`);
    },
  }),
]);

function scenariosOf(name: string): readonly Scenario[] {
  return [
    scenario({
      ...common,
      name: `${name}/carries`,
      when: { mode: name },
      must: `A machine is carried with ${name} on at both ends, and is in the state that it left`,
      before: ({ agreeing }) => stateOf(agreeing),
      async after({ agreeing }, { offers, status }) {
        const isListed = offers.has(name) && agreeing.offers.has(name);
        check(isListed, `${name} was on, and is not in what both ends list`);
        checkStatus(status, await agreeing.status());
      },
    }),
    scenario({
      ...common,
      name: `${name}/refusal-names-it`,
      when: { mode: name },
      must: `An end that does not list ${name} refuses it by name; one that lists it does not`,
      before: ({ agreeing }) => stateOf(agreeing),
      after() {},
      async afterFailedSave({ agreeing }, { offers, status }, message) {
        check(!offers.has(name), `${name} is listed, and refused: ${message}`);
        checkNamed(name, message);
        checkStatus(status, await agreeing.status());
      },
      afterFailedRestore({ kind, reason = "" }) {
        check(kind === "refused", reason);
        checkNamed(name, reason);
      },
    }),
  ];
}

interface Before {
  readonly offers: ReadonlySet<string>;
  readonly status: string;
}

async function stateOf(agreeing: Agreeing): Promise<Before> {
  return { offers: agreeing.offers, status: await agreeing.status() };
}

/** What else is at odds is said by others. */
function checkNamed(name: string, reason: string): void {
  const isSaid =
    !/^(?:absent of|unclassified)/.test(reason) || reason.startsWith(`absent of ${name}: `);
  check(isSaid, `the refusal does not name it: ${reason}`);
}

function checkStatus(was: string, is: string): void {
  check(is === was, `guest-dead: the machine was ${was}, and is ${is}`);
}
