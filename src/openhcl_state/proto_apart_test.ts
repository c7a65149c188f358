/**
 * Where mesh's dialect and protobuf part: the same bytes, read by our codec and by protobufjs.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import protobuf from "protobufjs";
import { fromHex } from "../bytes/hex.ts";
import { codecFor, MeshError, RELEASE_NAMES } from "../mesh/mod.ts";
import { protoFiles, protoName } from "../schema/proto_text.ts";
import { MESSAGES, messageNamed } from "./catalogue.ts";

/** Bytes that the two read apart: `[message, bytes, what ours makes of it, what theirs does]`. */
const APART: readonly (readonly [string, string, string, string])[] = [
  ["underhill.Firmware", "", "missing enum variant", "{}"],
  ["openvmm.pagepool.SlotSavedState", "0801", "missing enum variant", '{"base_pfn":"1"}'],
  ["vmgs.SavedVmgsEncryptionKey", "", "missing required field", "{}"],
  ["pci.cfg_space_emu.SavedState", "120101", "wrong packed array length", '{"base_addresses":[1]}'],
  ["t.N", "08ac02", '{"u8_":44,"u16_":0,"b":false,"nz":null}', '{"u8_":300}'],
  ["t.N", "2000", "value must be non-zero", '{"nz":0}'],
  ["t.S32", "2201ff", "wrong buffer size for u128", '{"d":[255]}'],
  ["vmbus.client.PendingMessage", "0a01010a0102", '{"data":[1,2]}', '{"data":[2]}'],
];

for (const [name, hex, ours, theirs] of APART) {
  test(`${name} of ${hex || "nothing"} is read apart by mesh and by protobuf`, () => {
    const declaration = messageNamed(name);
    assert.ok(declaration);
    const bytes = fromHex(hex);
    assert.equal(
      outcome(() => codecFor(declaration, "main").decode(bytes)),
      ours,
    );
    const type = rootOfMain().lookupType(protoName(name));
    assert.equal(
      outcome(() => type.toObject(type.decode(bytes), { longs: BigInt, bytes: Array })),
      theirs,
    );
  });
}

/** A value as JSON, or mesh's reason. */
function outcome(decode: () => unknown): string {
  try {
    return JSON.stringify(decode(), (_, item) => {
      if (item instanceof Uint8Array) return [...item];
      return typeof item === "bigint" ? String(item) : item;
    });
  } catch (error) {
    if (error instanceof MeshError) return error.reason;
    throw error;
  }
}

function rootOfMain(): protobuf.Root {
  const root = new protobuf.Root();
  for (const { text } of protoFiles(MESSAGES, { release: "main", releases: RELEASE_NAMES })) {
    protobuf.parse(text, root, { keepCase: true });
  }
  return root;
}
