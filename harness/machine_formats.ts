/**
 * The formats of whole machines, as the command line asks for them: text and JSON in pieces,
 * errors as its own.
 *
 * @module
 */
import {
  differenceJson,
  differenceLines,
  diffStreams,
  headJson,
  isSame,
  partJson,
  type Section,
  type Stream,
  StreamError,
  StreamReader,
  summaryLines,
  treeLines,
} from "../src/qemu_stream/mod.ts";
import { FormatError, type MachineFormat, type MachineStream } from "./cli/product.ts";

/** A stream of QEMU, and the way back from how it is shown. */
class Shown implements MachineStream {
  readonly stream: Stream;

  constructor(stream: Stream) {
    this.stream = stream;
  }

  get sections(): readonly string[] {
    const names = this.stream.parts.flatMap((part) => (part.kind === "section" ? part.idstr : []));
    return [...new Set(names)];
  }

  summary(): Iterable<string> {
    return summaryLines(this.stream);
  }

  *tree(section?: string): Generator<string> {
    for (const part of this.#parts(section)) yield* treeLines(part);
  }

  *json(section?: string): Generator<string> {
    yield `${JSON.stringify(headJson(this.stream)).slice(0, -1)},"sections":[`;
    let separator = "";
    for (const part of this.#parts(section)) {
      yield separator + JSON.stringify(partJson(part));
      separator = ",";
    }
    yield "]}\n";
  }

  #parts(section: string | undefined): Stream["parts"] {
    const { parts } = this.stream;
    if (section === undefined) return parts;
    return parts.filter((part): part is Section => {
      return part.kind === "section" && part.idstr === section;
    });
  }
}

export const qemuStream: MachineFormat = {
  reader(keepsMemory = false) {
    const reader = new StreamReader({ keepsRam: keepsMemory });
    return {
      push: (octets) => reading(() => reader.push(octets)),
      end: () => new Shown(reading(() => reader.end())),
    };
  },
  diff(a, b) {
    const difference = diffStreams((a as Shown).stream, (b as Shown).stream);
    return {
      isSame: isSame(difference),
      json: differenceJson(difference),
      lines: () => differenceLines(difference),
    };
  },
};

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    throw new FormatError(error.reason, error.offset, error.path);
  }
}
