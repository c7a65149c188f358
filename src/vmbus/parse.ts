/**
 * Which message some octets are, under the version that was negotiated.
 *
 * Source: vm/devices/vmbus/vmbus_core/src/protocol/macros.rs (`Message::parse`).
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { ChainError } from "../machine/mod.ts";
import { HEADER_LENGTH, type Layout } from "./layout.ts";
import { conditionOf, MESSAGE, type MessageName } from "./messages.ts";
import type { VersionInfo } from "./protocol.ts";

interface Form {
  readonly name: MessageName;
  readonly length: number;
  readonly since: number;
  readonly features: number;
  readonly tellsByLength: boolean;
}

/** Forms by message type, in the order in which they are tried. */
const FORMS: Form[][] = [];
for (const [name, { type, length }] of Object.entries<Layout<unknown>>(MESSAGE)) {
  const form = { name: name as MessageName, length, ...conditionOf(name as MessageName) };
  FORMS[type] ??= [];
  FORMS[type].push(form);
}

/**
 * The name of the message in `octets`. Without a `version`, only what is understood without a
 * connection is known.
 */
export function parse(octets: Uint8Array, version: VersionInfo | null): MessageName {
  if (octets.length < HEADER_LENGTH) throw new ChainError("message too small: None");
  const type = u32At(octets, 0);
  for (const form of FORMS[type] ?? []) {
    if (!isUnderstood(form, version)) continue;
    if (octets.length >= form.length) return form.name;
    if (form.tellsByLength) continue;
    throw new ChainError(`message too small: Some(${nameOf(type)})`);
  }
  throw new ChainError(`unexpected or unsupported message type: ${nameOf(type)}`);
}

function isUnderstood({ since, features }: Form, version: VersionInfo | null): boolean {
  if (since === 0) return true;
  if (version === null || version.version < since) return false;
  return features === 0 || (version.featureFlags & features) !== 0;
}

/** The name of a type, as in GPADL_HEADER. */
function nameOf(type: number): string {
  const name = FORMS[type]?.at(-1)?.name;
  return name?.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() ?? `${type}`;
}
