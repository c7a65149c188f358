/**
 * Versions of xenopsd: a VM that one release has started is the same VM under the next one, and a
 * release that cannot take it says so and leaves nothing behind.
 *
 * Source: xen-api, ocaml/xenopsd/lib/suspend_image.ml and ocaml/xenopsd/xc/xenops_server_xen.ml;
 * doc/content/xenopsd. Method: a guest has written to its memory and has a TPM; what it, its client
 * and its host find is compared, value by value.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

type Seen = Readonly<Record<string, string>>;

const SOURCE = "xen-api, ocaml/xenopsd";

export default suite("xenopsd-versions", [
  scenario({
    name: "guest/finds-itself",
    must: "A guest finds memory, firmware variables, TPM and platform device as it has left them",
    source: `${SOURCE}/lib/suspend_image.ml; xc/xenops_server_xen.ml, VmExtra`,
    needs: ["toolstack"],
    before: ({ toolstack }) => toolstack.guest(),
    after({ toolstack }, was) {
      const is = toolstack.guest();
      // A guest that was booted anew has nothing to compare.
      if (Object.keys(is).length > 0) checkSame(was, is);
    },
  }),

  scenario({
    name: "client/finds-its-configuration",
    must: "What a client has configured is what it finds",
    source: "xen-api, ocaml/xapi-idl/xen/xenops_types.ml, Vm",
    needs: ["toolstack"],
    before: ({ toolstack }) => toolstack.configuration(),
    after: ({ toolstack }, was) => checkSame(was, toolstack.configuration()),
  }),

  scenario({
    name: "devices/are-in-use",
    must: "Each disk and interface is there under its number, with the same backend, and in use",
    source: `${SOURCE}/lib/xenops_server.ml, import_metadata`,
    needs: ["toolstack"],
    before: ({ toolstack }) => toolstack.devices(),
    after: ({ toolstack }, was) => checkSame(was, toolstack.devices()),
  }),

  scenario({
    name: "power/is-told-at-once",
    must: "Whoever takes over a VM tells the power state that it was left in",
    source: `${SOURCE}/xc/xenops_server_xen.ml, get_state`,
    needs: ["toolstack"],
    before: () => undefined,
    after({ toolstack: { left, arrived } }) {
      check(arrived === left, `it was left ${left} and is said to be ${arrived}`);
    },
  }),

  scenario({
    name: "refusal/is-clean",
    must: "Who cannot take a VM says what is at odds, and holds no domain and no disk of it",
    source: `${SOURCE}/lib/xenops_server.ml, trigger_cleanup_after_failure`,
    needs: ["toolstack"],
    before: () => undefined,
    after() {},
    afterFailedRestore({ kind, reason = "" }) {
      check(kind === "refused", reason);
      check(/Cannot \S+ \S+.* (?:as|at) .+/.test(reason), `the refusal says only "${reason}"`);
    },
  }),
]);

/** The first place that has another value, in words. */
function checkSame(was: Seen, is: Seen): void {
  const changed = Object.keys(was).find((place) => was[place] !== is[place]);
  if (changed === undefined) return;
  const now = is[changed] === undefined ? "is gone" : `is ${is[changed]}`;
  check(false, `${changed} was ${was[changed]} and ${now}`);
}
