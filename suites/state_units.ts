/**
 * State units: the parts of a machine that are saved by name.
 *
 * Method: note a digest of the guest-visible content of every unit before the first save and
 * compare after each restore. Units that only one side knows have nothing to compare.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const GUIDE = "openvmm Guide, reference/architecture/openhcl_servicing.md, State Units";

export default suite("state-units", [
  scenario({
    name: "content/is-kept",
    must: "A unit that both sides know shows the guest the same content after restore",
    source: GUIDE,
    needs: ["units"],
    before: ({ units }) => units.digests(),
    after({ units }, noted) {
      for (const [name, digest] of units.found?.() ?? units.digests()) {
        const was = noted.get(name) ?? digest;
        check(digest === was, `${name} was ${was}, is ${digest}`);
      }
      // What the guest has made of it since then must stay from there on.
      const digests = new Map(noted);
      for (const [name, digest] of units.digests()) digests.set(name, digest);
      return digests;
    },
  }),

  scenario({
    name: "names/none-are-lost",
    must: "Every unit of the machine is there after restore",
    source: `${GUIDE}: Each has a unique name identifier`,
    needs: ["units"],
    before: ({ units }) => [...units.digests().keys()],
    after({ units }, noted) {
      const now = units.digests();
      const lost = noted.find((name) => !now.has(name));
      check(lost === undefined, `unit ${lost} is gone`);
    },
  }),
]);
