/**
 * What the reader makes of the writer's fields is what the table of changes says: fields dropped,
 * fields with a default, fields taken for others. By schema once per pair of releases, by value
 * on every edge.
 *
 * @module
 */
import { ServicingState } from "../../src/openhcl_state/mod.ts";
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { comparisonOf } from "./field_values.ts";
import { firstDisagreement } from "./schema_changes.ts";

/** By what was read, which is one object for every reader of a release. */
const wrongs = new WeakMap<ServicingState, { readonly words: string | undefined }>();

export const fieldEvolution: Oracle = {
  name: "field-evolution",
  must: "Fields are dropped, defaulted and taken for others exactly as the table of changes says",
  source: "fixtures/openhcl/evolution.json",
  needs: [],
  judge(edge) {
    const { writer, reader } = edge;
    if (writer.release === reader.release) return;
    const disagreement = firstDisagreement(writer.release, reader.release);
    check(disagreement === undefined, disagreement ?? "");
    const state = decoded(edge);
    if (state?.read === undefined) return;
    const { init, units, read } = state;
    let wrong = wrongs.get(read);
    if (wrong === undefined) {
      const compare = comparisonOf(ServicingState, writer.release, reader.release);
      wrong = { words: compare?.({ init_state: init, units }, read) };
      wrongs.set(read, wrong);
    }
    check(wrong.words === undefined, wrong.words ?? "");
  },
};
