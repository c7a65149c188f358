/**
 * What becomes of a saved state in the hands of a bad host: octets in, octets out. The format is
 * of no matter, but for fields that nobody knows, which are those of protobuf and its dialects.
 *
 * Source: openvmm Guide, dev_guide/contrib/save-state.md; protobuf.dev, Encoding.
 *
 * @module
 */

/** Kinds of the faults of the place `state` that need nothing but the state. */
export type Spoiling = "truncated" | "torn" | "doubled" | "flipped" | "unknown-fields";

/** A copy of `state` as it is found again; `draw` is any number, and decides where. */
export function spoilt(kind: Spoiling, state: Uint8Array, draw: number): Uint8Array {
  const half = state.length >> 1;
  switch (kind) {
    case "truncated":
      // A message that ends between two fields is a whole one, and lacks what came later.
      return state.slice(0, endsField(state, half) ? half - 1 : half);
    case "torn":
      return state.slice().fill(0, half);
    case "doubled":
      return joined([state, state]);
    case "flipped":
      return flipped(state, draw);
    case "unknown-fields":
      return withUnknownFields(state);
  }
}

function flipped(state: Uint8Array, draw: number): Uint8Array {
  const copy = state.slice();
  const at = draw % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (draw >>> 29));
  return copy;
}

/** Numbers of fields beyond all that a release has: a number, and some text. */
const UNKNOWN = Uint8Array.of(0xf8, 0xff, 0x3f, 42, 0xfa, 0xff, 0x3f, 3, 0x6e, 0x65, 0x77);

const LENGTH_DELIMITED = 2;
const VARINT = 0;

/** Fields that nobody knows, behind a message whose parts are messages, and behind each of them. */
function withUnknownFields(message: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at);
    const wireType = tag.value & 7;
    if (wireType === VARINT) {
      const { end } = varint(message, tag.end);
      parts.push(message.subarray(at, end));
      at = end;
    } else if (wireType === LENGTH_DELIMITED) {
      const length = varint(message, tag.end);
      const end = length.end + length.value;
      const inner = joined([message.subarray(length.end, end), UNKNOWN]);
      parts.push(message.subarray(at, tag.end), octetsOf(inner.length), inner);
      at = end;
    } else {
      throw new RangeError(
        `Cannot add fields as wire types must be 0 or 2: current value is ${wireType}`,
      );
    }
  }
  return joined([...parts, UNKNOWN]);
}

/** True when a field of `message` ends at `place`. */
function endsField(message: Uint8Array, place: number): boolean {
  let at = 0;
  while (at < place) {
    const tag = varint(message, at);
    const wireType = tag.value & 7;
    if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) return false;
    const { value, end } = varint(message, tag.end);
    at = wireType === VARINT ? end : end + value;
  }
  return place > 0 && at === place;
}

function varint(octets: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = at, factor = 1; ; index++, factor *= 128) {
    const octet = octets[index] ?? 0;
    value += (octet & 0x7f) * factor;
    if (octet < 128) return { value, end: index + 1 };
  }
}

function octetsOf(value: number): Uint8Array {
  const octets: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) octets.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...octets, rest);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
