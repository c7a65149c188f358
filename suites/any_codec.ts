/**
 * What whoever can read and write saved states owes to them: nothing is lost between the two.
 *
 * Method: the state that a machine was restored from is decoded and encoded again.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

export default suite("any-codec", [
  scenario({
    name: "state/comes-back-whole",
    must: "A state that is decoded and encoded again is what it was, octet for octet",
    source: "freezethaw, adapter protocol, decode and encode",
    needs: ["codec"],
    async after({ codec }) {
      const { given } = codec;
      check(given !== undefined, "there is no state that the machine was restored from");
      const again = await codec.encode(await codec.decode(given));
      const at = given.findIndex((octet, index) => octet !== again[index]);
      const differs = at === -1 ? Math.min(given.length, again.length) : at;
      const same = at === -1 && given.length === again.length;
      const sizes = `${given.length} octets came back as ${again.length}`;
      check(same, `${sizes}, which differ from octet ${differs} on`);
    },
  }),
]);
