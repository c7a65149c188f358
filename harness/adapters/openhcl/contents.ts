/**
 * What is in a servicing state, as the newest release knows it: that has all that any release
 * writes, so that nothing is lost on the way back.
 *
 * @module
 */
import { codecFor, fromJson, MeshError, RELEASE_NAMES, toJson } from "../../../src/mesh/mod.ts";
import { blobMessage, ServicingState } from "../../../src/openhcl_state/mod.ts";
import { RefusedError } from "../../adapter.ts";
import type { Contents } from "../../facets/codec.ts";

const NEWEST = RELEASE_NAMES[RELEASE_NAMES.length - 1] ?? "";

export const openhclContents: Contents = {
  decode: (state) =>
    orRefused(() => {
      const value = codecFor(ServicingState, NEWEST).decode(state);
      return toJson(ServicingState, NEWEST, value, blobMessage);
    }),
  encode: (value) =>
    orRefused(() => {
      const held = fromJson(ServicingState, NEWEST, value, blobMessage);
      return codecFor(ServicingState, NEWEST).encode(held);
    }),
};

function orRefused<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MeshError) {
      const { reason, path, offset } = error;
      throw new RefusedError(`${path === "" ? "" : `${path}: `}${reason} (offset ${offset})`);
    }
    // A value that is no state; deep nesting fills the stack.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new RefusedError(error.message);
  }
}
