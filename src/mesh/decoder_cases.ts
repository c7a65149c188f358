/**
 * Generates the text that reads one record of each type: part of `decoder_source.ts`.
 *
 * @module
 */
import type { Message, Oneof } from "../schema/message.ts";
import type { Type } from "../schema/type.ts";
import { REASON } from "./error.ts";
import { isSequence, packedForm, scalarForm, unboxed } from "./form.ts";
import type { Release } from "./release.ts";

/** What to do with a record of some wire types; the value goes to a place chosen by the caller. */
export interface Case {
  readonly wireTypes: readonly number[];
  readonly code: string;
}

/** The names of the functions that read what is a message of its own. */
export interface Functions {
  message(message: Message): string;
  oneof(oneof: Oneof): string;
  tuple(type: object, of: readonly Type[]): string;
  wrapper(type: Type): string;
  duration(type: Type): string;
}

/**
 * Writes cases. In their code `r` is the reader, `tag` the tag, `end` the end of the message, and
 * `start`, in the traced variant, the first byte of the record.
 */
export class CaseScribe {
  readonly #release: Release;
  readonly #traced: boolean;
  readonly #functions: Functions;

  constructor(release: Release, traced: boolean, functions: Functions) {
    this.#release = release;
    this.#traced = traced;
    this.#functions = functions;
  }

  /** `code`, in the traced variant with `name`, an expression, on the path. */
  at(name: string, code: string): string {
    if (!this.#traced || name === '""') return code;
    return `r.enter(${name}); ${code} r.leave();`;
  }

  /** How to read a message into `slot` with the function `read`, which may add to what is there. */
  nested(slot: string, read: string): Case {
    const back = this.#traced ? " r.record = start;" : "";
    const code = `${slot} = ${read}(r, r.messageEnd(tag, end), ${slot});${back}`;
    return { wireTypes: [2, 6], code };
  }

  /** How to read each accepted wire type of `type` into `slot`. */
  cases(type: Type, slot: string, inSequence: boolean): Case[] {
    const bare = unboxed(type);
    if (inSequence && isSequence(bare)) return [this.nested(slot, this.#functions.wrapper(bare))];
    const form = scalarForm(bare, this.#release);
    if (form !== undefined) {
      return [{ wireTypes: [form.wireType], code: `${slot} = ${readAt(form.read, "end")};` }];
    }
    switch (bare.kind) {
      case "bytes":
        return [{ wireTypes: [2], code: `${slot} = r.octets(r.end(end), ${slot});` }];
      case "rawMessage":
        return [
          { wireTypes: [2, 6], code: `${slot} = r.octets(r.messageEnd(tag, end), ${slot});` },
        ];
      case "octets":
        return [exactly(slot, bare.length, REASON.packedArrayLength)];
      case "zeroCopy":
        return [exactly(slot, bare.length, REASON.structSize)];
      case "ipv6":
        return [exactly(slot, 16, REASON.ipv6)];
      case "message":
        return [this.nested(slot, this.#functions.message(bare.message))];
      case "oneof":
        return [this.nested(slot, this.#functions.oneof(bare.oneof))];
      case "tuple":
        return [this.nested(slot, this.#functions.tuple(bare, bare.of))];
      case "duration": {
        const { wireTypes, code } = this.nested(slot, this.#functions.duration(bare));
        return [{ wireTypes, code: `${code} r.checkDuration(${slot});` }];
      }
      case "option":
        return this.#option(bare.of, slot);
      case "vec":
        return this.#vec(bare.of, slot);
      case "array":
        return [this.#array(bare, slot)];
      case "map": {
        const entry = this.#functions.tuple(bare, [bare.key, bare.value]);
        const { wireTypes, code } = this.nested("entry", entry);
        return [{ wireTypes, code: `let entry; ${code} ${slot}.set(entry[0], entry[1]);` }];
      }
      default:
        return [];
    }
  }

  #option(of: Type, slot: string): Case[] {
    if (unboxed(of).kind !== "option") return this.cases(of, slot, true);
    return this.cases(of, "inner", true).map(({ wireTypes, code }) => ({
      wireTypes,
      code: `let inner = ${slot} ? ${slot}.some : undefined; ${code} ${slot} = { some: inner };`,
    }));
  }

  #vec(of: Type, slot: string): Case[] {
    const packed = packedForm(of, this.#release);
    if (packed !== undefined) {
      const one = `${slot}.push(${readAt(packed.read, "end")});`;
      const each = `while (r.pos < stop) ${slot}.push(${readAt(packed.read, "stop")});`;
      return [
        { wireTypes: [2], code: `const stop = r.end(end); ${each}` },
        { wireTypes: [packed.wireType], code: one },
      ];
    }
    return this.cases(of, "item", true).map(({ wireTypes, code }) => ({
      wireTypes,
      code: `let item; ${this.at(`\`[\${${slot}.length}]\``, code)} ${slot}.push(item);`,
    }));
  }

  #array(type: { readonly of: Type; readonly length: number }, slot: string): Case {
    const { of, length } = type;
    const packed = packedForm(of, this.#release);
    if (packed === undefined) {
      const list: Type = { kind: "vec", of };
      const { wireTypes, code } = this.nested("list", this.#functions.wrapper(list));
      const check = `if (list.length !== ${length}) r.fail("${REASON.arrayLength}");`;
      return { wireTypes, code: `let list; ${code} ${check} ${slot} = list;` };
    }
    const code = `const stop = r.end(end); const list = [];
        while (r.pos < stop) list.push(${readAt(packed.read, "stop")});
        if (list.length !== ${length}) r.fail("${REASON.packedArrayLength}");
        ${slot} = list;`;
    return { wireTypes: [2], code };
  }
}

function readAt(read: string, end: string): string {
  return read.replaceAll("END", end);
}

function exactly(slot: string, length: number, reason: string): Case {
  return { wireTypes: [2], code: `${slot} = r.exactly(${length}, end, "${reason}");` };
}
