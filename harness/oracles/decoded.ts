/**
 * The saved state of an edge as its writer means it and as its reader understands it, decoded
 * once by each release for all oracles. Formats only: what a model makes of the state plays no
 * part.
 *
 * @module
 */
import { codecFor, MeshError } from "../../src/mesh/mod.ts";
import {
  type SavedStateUnit,
  type ServicingInitState,
  ServicingState,
} from "../../src/openhcl_state/mod.ts";
import { check } from "../check.ts";
import type { Edge } from "../oracle.ts";

export interface Decoded {
  /** As the writer means it. */
  readonly init: ServicingInitState;
  readonly units: readonly SavedStateUnit[];
  /** As the reader understands it; absent when it cannot decode it. */
  readonly read?: ServicingState;
  /** mesh's words, when the reader cannot decode it. */
  readonly refusal?: string;
}

/** Decodes what was saved on `edge`; undefined when the save failed. */
export function decoded({ saved, writer, reader }: Edge): Decoded | undefined {
  if (saved === undefined) return undefined;
  const { state, refusal } = attempt(saved.bytes, writer.release);
  check(state !== undefined, `${writer.release} cannot decode its own state: ${refusal}`);
  const { init_state: init, units } = state;
  const understood = attempt(saved.bytes, reader.release);
  return {
    init,
    units,
    ...(understood.state === undefined ? {} : { read: understood.state }),
    ...(understood.refusal === undefined ? {} : { refusal: understood.refusal }),
  };
}

interface Attempt {
  readonly state?: ServicingState;
  readonly refusal?: string;
}

/** By the saved bytes, which are a new object for every save, and by who decodes them. */
const attempts = new WeakMap<Uint8Array, Map<string, Attempt>>();

function attempt(bytes: Uint8Array, release: string): Attempt {
  const ofReleases = attempts.get(bytes);
  const known = ofReleases?.get(release);
  if (known !== undefined) return known;
  const made = tried(bytes, release);
  if (ofReleases === undefined) attempts.set(bytes, new Map([[release, made]]));
  else ofReleases.set(release, made);
  return made;
}

function tried(bytes: Uint8Array, release: string): Attempt {
  try {
    return { state: codecFor(ServicingState, release).decode(bytes) };
  } catch (error) {
    if (error instanceof MeshError) return { refusal: error.reason };
    throw error;
  }
}
