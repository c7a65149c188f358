/**
 * Decodes saved states of any codec, to count what they hold.
 *
 * @module
 */
import type { SavedState } from "../adapter.ts";
import { FormatError } from "./product.ts";
import type { Session } from "./session.ts";

/** Answers undefined for what nobody here can decode. */
export function decoderOf({ product }: Session): (state: SavedState) => unknown {
  const { formats, streams, machines } = product;
  return ({ codec, writer, bytes }) => {
    try {
      const format = formats[codec];
      if (format !== undefined) return format.decodeState(writer.release, bytes);
      const stream = streams[codec];
      if (stream !== undefined) return [...stream.inspect(bytes, {}).records];
      const machine = machines[codec];
      if (machine === undefined) return undefined;
      const reader = machine.reader();
      reader.push(bytes);
      return JSON.parse([...reader.end().json()].join(""));
    } catch (error) {
      // What its writer has saved is for others to judge.
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  };
}
