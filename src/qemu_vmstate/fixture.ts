/**
 * Dumps for tests, as QEMU writes them, with what a test is about put in.
 *
 * @module
 */
import { readDump } from "./dump_reader.ts";

export type Json = { readonly [name: string]: unknown };

/** A field that is always there. */
export function field(name: string, size: number, more: Json = {}): Json {
  return { field: name, version_id: 0, field_exists: false, size, ...more };
}

/** A structure. */
export function body(name: string, fields: readonly Json[] | undefined, more: Json = {}): Json {
  const described = fields === undefined ? {} : { Fields: fields };
  return { name, version_id: 1, minimum_version_id: 1, ...described, ...more };
}

/** A type of device with its description. */
export function section(type: string, description: Json): Json {
  const { version_id, minimum_version_id } = description;
  return { Name: type, version_id, minimum_version_id, Description: description };
}

/** Octets of a dump of these devices. */
export function text(devices: Readonly<Record<string, unknown>>): Uint8Array {
  const all = { vmschkmachine: { Name: "pc-i440fx-2.1" }, ...devices };
  return new TextEncoder().encode(JSON.stringify(all, null, 2));
}

/** A dump of one device that is described so. */
export function dumpOf(description: Json) {
  return readDump(text({ dev: section("dev", description) }));
}
