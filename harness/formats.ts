/**
 * The formats of saved states and their schemas, as the command line asks for them: values as
 * JSON, errors as its own.
 *
 * @module
 */
import {
  codecFor,
  fromJson,
  MeshError,
  parseBlob,
  RELEASE_NAMES,
  toJson,
  type UnknownField,
} from "../src/mesh/mod.ts";
import {
  blobMessage,
  type Declaration,
  diffLines,
  diffReleases,
  explainLines,
  explainMessage,
  messageNamed,
  messageNames,
  ServicingState,
} from "../src/openhcl_state/mod.ts";
import { existsAt } from "../src/schema/history.ts";
import { type Format, FormatError, type Json, type Schemas } from "./cli/product.ts";

export { suspendImage, xenstoreStream } from "./stream_formats.ts";

export const mesh: Format = {
  releases: RELEASE_NAMES,
  messages: (release) =>
    messageNames().filter((name) => existsAt(declared(name), release, RELEASE_NAMES)),
  decode: (release, message, bytes) =>
    reading(() => {
      const declaration = declared(message);
      const value = codecFor(declaration, release).decode(bytes);
      return toJson(declaration, release, value, blobMessage);
    }),
  encode: (release, message, value) =>
    writing(() => {
      const declaration = declared(message);
      const held = fromJson(declaration, release, value, blobMessage);
      return codecFor(declaration, release).encode(held);
    }),
  recode: (release, message, bytes) =>
    reading(() => {
      const codec = codecFor(declared(message), release);
      return codec.encode(codec.decode(bytes));
    }),
  decodeState: (release, bytes) => reading(() => stateOf(release, bytes)),
};

export const schemas: Schemas = {
  releases: RELEASE_NAMES,
  messages: messageNames(),
  diff(from, to) {
    const diff = diffReleases(from, to);
    return { json: plain(diff), lines: diffLines(diff) };
  },
  explain(message) {
    const history = explainMessage(message);
    if (history === undefined) return { json: null, lines: [] };
    return { json: plain(history), lines: explainLines(history) };
  },
};

/** Units that a state may have to be shown; real ones have dozens, hostile ones millions. */
export const UNITS_MAX = 10_000;

/** A whole servicing state, its blobs opened; unknown fields also inside of them. */
function stateOf(release: string, bytes: Uint8Array): Json {
  const { value, unknown } = codecFor(ServicingState, release).decodeListing(bytes);
  if (value.units.length > UNITS_MAX) {
    const reason = `more than ${UNITS_MAX} units`;
    throw new FormatError(reason, bytes.length, `${ServicingState.name}.units`);
  }
  const listed = unknown.map((field) => unknownJson(field, null));
  const unreadable: Json[] = [];
  for (const { name, state } of value.units) {
    const message = blobMessage(state.type_url, release);
    if (message === undefined) {
      unreadable.push({ unit: name, reason: `no message is known for ${state.type_url}` });
      continue;
    }
    try {
      parseBlob(state, message, release);
      const inner = codecFor(message, release).decodeListing(state.value);
      listed.push(...inner.unknown.map((field) => unknownJson(field, name)));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      unreadable.push({ unit: name, reason: error.reason, offset: error.offset });
    }
  }
  return {
    release,
    message: ServicingState.name,
    value: toJson(ServicingState, release, value, blobMessage),
    unknown: listed,
    unreadable,
  };
}

/** An unknown field; in a unit the offset counts from the start of its blob. */
function unknownJson(
  { path, number, wireType, offset, length }: UnknownField,
  unit: string | null,
) {
  return { unit, path, number, wire_type: wireType, offset, length };
}

function declared(message: string): Declaration {
  const declaration = messageNamed(message);
  if (declaration !== undefined) return declaration;
  throw new RangeError(`Cannot find message in any release: current value is ${message}`);
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    throw new FormatError(error.reason, error.offset, error.path);
  }
}

/** JSON that does not fit the message is refused with a TypeError that names the place. */
function writing<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    // The runtimes have no common words for a stack that is full.
    const isRefusal = error.message.startsWith("Cannot ");
    throw new FormatError(
      isRefusal ? error.message : "Cannot encode input as it must be nested less deeply",
    );
  }
}

/** A value as JSON shows it, octets as hexadecimal text. */
function plain(value: unknown): Json {
  const text = JSON.stringify(value, (_, held: unknown) =>
    held instanceof Uint8Array ? Buffer.from(held).toString("hex") : held,
  );
  return JSON.parse(text) as Json;
}
