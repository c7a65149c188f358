import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import type { SavedState } from "../adapter.ts";
import { decoderOf } from "./bench_decoder.ts";
import { counterProduct } from "./counter_product.ts";
import { FormatError, type MachineFormat, type StreamFormat } from "./product.ts";
import { Session } from "./session.ts";
import { silentShell } from "./silent_shell.ts";

const state = (codec: string, ...bytes: readonly number[]): SavedState => ({
  writer: { implementation: "counter", release: "1" },
  codec,
  bytes: Uint8Array.from(bytes),
});

function decoder() {
  const stream = {
    inspect: (bytes: Uint8Array) => {
      if (bytes[0] === 0) throw new FormatError("no record begins so");
      return { records: [...bytes] };
    },
  } as unknown as StreamFormat;
  const machine = {
    reader: () => ({ push() {}, end: () => ({ json: () => ['{"ram":', "[1,2]}"] }) }),
  } as unknown as MachineFormat;
  const product = { ...counterProduct(), streams: { s: stream }, machines: { m: machine } };
  return decoderOf(new Session(product, silentShell));
}

test("decoderOf() decodes states of formats, streams and machines", () => {
  const decode = decoder();
  assertEquals(decode(state("s", 7, 8)), [7, 8]);
  assertEquals(decode(state("m")), { ram: [1, 2] });
  assert(decode(state("nobody's")) === undefined);
});

test("decoderOf() answers nothing for what cannot be decoded, which is for others to judge", () => {
  assertEquals(decoder()(state("s", 0)), undefined);
});
