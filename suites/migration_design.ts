/**
 * What a migration owes to the guest, whatever carries it: nothing that it sees of its devices is
 * lost, or somebody says so; and who cannot take a machine says what is at odds.
 *
 * Source: QEMU wiki, Features/Migration/Next, which asks for a design that can hold this in both
 * directions. Method: a guest has put its device to work; what it finds there is compared, value by
 * value.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const SOURCE = "QEMU, Features/Migration/Next";

type Seen = Readonly<Record<string, string>>;

const common = {
  needs: ["board"],
  before: ({ board }: { board: { seen(): Seen | Promise<Seen> } }) => board.seen(),
} as const;

export default suite("migration-design", [
  scenario({
    ...common,
    name: "devices/are-as-they-were",
    must: "A guest finds its devices as it has left them",
    source: SOURCE,
    async after({ board }, was) {
      const [first, ...more] = lostOf(was, await board.seen());
      const others = more.length === 0 ? "" : `, and ${more.length} more`;
      check(first === undefined, `${first} is not what it was${others}`);
    },
  }),

  scenario({
    ...common,
    name: "devices/nothing-is-lost-in-silence",
    must: "Whatever a release has no place for is told when the machine is carried there",
    source: `${SOURCE}, Device Model Transformation`,
    async after({ board }, was) {
      const silent = lostOf(was, await board.seen()).find((place) => !isTold(place, board.lost));
      check(silent === undefined, `${silent} is lost without a word`);
    },
  }),

  scenario({
    ...common,
    name: "ports/stay-connected",
    must: "A port that a guest has open stays open",
    source: `${SOURCE}, visit_type_u32(v, "guest_connected", ...)`,
    async after({ board }, was) {
      const is = await board.seen();
      const closed = Object.keys(was).find(
        (place) => place.endsWith(".guest_connected") && is[place] !== was[place],
      );
      check(closed === undefined, `${closed} has changed`);
    },
  }),

  scenario({
    ...common,
    name: "refusal/is-clean",
    must: "Who cannot save or take a machine says what is at odds; a refused save costs nothing",
    source: SOURCE,
    after() {},
    async afterFailedSave({ board }, was, message) {
      check(/^Cannot visit \S+ as .+/.test(message), `the refusal says only "${message}"`);
      check(lostOf(was, await board.seen()).length === 0, "the refused machine is not what it was");
    },
    afterFailedRestore({ kind, reason = "" }) {
      check(kind === "refused", reason);
      check(/^Cannot \S+ \S+.* as .+/.test(reason), `the refusal says only "${reason}"`);
    },
  }),
]);

/** Places at which a guest finds something else. */
function lostOf(was: Seen, is: Seen): readonly string[] {
  return Object.keys(was).filter((place) => is[place] !== was[place]);
}

/** `place` is `serial: recv_fifo.num`; what is told may be a subsection or a field above it. */
function isTold(place: string, lost: readonly string[]): boolean {
  return lost.some((told) => place === told || place.startsWith(`${told}.`));
}
