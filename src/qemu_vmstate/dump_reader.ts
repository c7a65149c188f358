/**
 * Reads a dump. Every member that is used is checked; others are ignored, as later releases may
 * add some.
 *
 * @module
 */
import type { Body, Dump, Field, Section } from "./dump.ts";
import { DumpError } from "./error.ts";
import { faultAt, tooDeepAt } from "./json_fault.ts";
import { BRACKETS_MAX, DEPTH_MAX, DUMP_SIZE_MAX, FIELDS_MAX, NAME_LENGTH_MAX } from "./limits.ts";
import { shown } from "./shown.ts";

type Members = { readonly [name: string]: unknown };

/** The entry that is no device. */
const MACHINE = "vmschkmachine";

/** Reads the text of a dump; what is none is a {@linkcode DumpError}. */
export function readDump(octets: Uint8Array): Dump {
  const size = octets.length;
  if (size > DUMP_SIZE_MAX) {
    throw new DumpError(`must have at most ${DUMP_SIZE_MAX} octets: it has ${size}`, "dump");
  }
  const deep = tooDeepAt(octets);
  if (deep !== undefined) {
    throw new DumpError(`brackets must be at most ${BRACKETS_MAX} deep`, "dump", deep);
  }
  const text = new TextDecoder().decode(octets);
  // A release that tells the length of any array tells that of all.
  return new Reader(text.includes('"num":')).dump(parsed(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = faultAt(text);
    const offset = new TextEncoder().encode(text.slice(0, at)).length;
    const reason = at === text.length ? "must be JSON: it ends too early" : "must be JSON";
    throw new DumpError(reason, "dump", offset);
  }
}

class Reader {
  /** Names down to what is being read. */
  readonly #trail: (string | number)[] = [];
  readonly #tellsCounts: boolean;
  #fields = 0;

  constructor(tellsCounts: boolean) {
    this.#tellsCounts = tellsCounts;
  }

  dump(json: unknown): Dump {
    let machine: string | undefined;
    const sections = new Map<string, Section>();
    for (const [name, value] of Object.entries(this.#members(json))) {
      this.#within(name, () => {
        if (name === MACHINE) machine = this.#text(this.#members(value), "Name");
        else sections.set(name, this.#section(name, this.#members(value)));
      });
    }
    if (machine === undefined) throw new DumpError("must be there", MACHINE);
    return { machine, sections };
  }

  #section(type: string, section: Members): Section {
    this.#count(type);
    return {
      type,
      ...this.#versions(section),
      body: this.#bodyAt(section, "Description", 0),
    };
  }

  #bodyAt(holder: Members, name: string, depth: number): Body | undefined {
    const value = holder[name];
    if (value === undefined) return undefined;
    return this.#within(name, () => this.#body(this.#members(value), depth));
  }

  #body(body: Members, depth: number): Body {
    if (depth > DEPTH_MAX) throw this.#error(`structures must be at most ${DEPTH_MAX} deep`);
    const { Fields: fields } = body;
    return {
      name: this.#text(body, "name"),
      ...this.#versions(body),
      fields:
        fields === undefined
          ? undefined
          : this.#list(body, "Fields", (field) => this.#field(this.#members(field), depth)),
      subsections: this.#list(body, "Subsections", (subsection) =>
        this.#body(this.#members(subsection), depth + 1),
      ),
    };
  }

  #field(field: Members, depth: number): Field {
    const name = this.#text(field, "field");
    this.#count(name);
    return {
      name,
      version: this.#number(field, "version_id"),
      isConditional: this.#flag(field, "field_exists"),
      size: this.#number(field, "size"),
      count: field.num === undefined ? this.#untold : this.#number(field, "num"),
      body: this.#bodyAt(field, "Description", depth + 1),
    };
  }

  /** Elements of a field that says nothing of them. */
  get #untold(): number | undefined {
    return this.#tellsCounts ? 1 : undefined;
  }

  #versions(holder: Members): { readonly version: number; readonly minimumVersion: number } {
    return {
      version: this.#number(holder, "version_id"),
      minimumVersion: this.#number(holder, "minimum_version_id"),
    };
  }

  #list<T>(holder: Members, name: string, read: (value: unknown) => T): readonly T[] {
    const value = holder[name] ?? [];
    return this.#within(name, () => {
      if (!Array.isArray(value)) throw this.#error("must be an array");
      return value.map((element, index) => this.#within(index, () => read(element)));
    });
  }

  #members(value: unknown): Members {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Members;
    }
    throw this.#error("must be an object");
  }

  #text(holder: Members, name: string): string {
    const value = holder[name];
    if (typeof value === "string" && value.length <= NAME_LENGTH_MAX) return value;
    throw this.#error(`must be text of at most ${NAME_LENGTH_MAX} characters`, name);
  }

  #number(holder: Members, name: string): number {
    const value = holder[name];
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw this.#error("must be a whole number from 0 on", name);
  }

  #flag(holder: Members, name: string): boolean {
    const value = holder[name];
    if (typeof value === "boolean") return value;
    throw this.#error("must be true or false", name);
  }

  #count(name: string): void {
    this.#fields++;
    if (name.length > NAME_LENGTH_MAX) {
      throw this.#error(`names must have at most ${NAME_LENGTH_MAX} characters`);
    }
    if (this.#fields > FIELDS_MAX) throw this.#error(`at most ${FIELDS_MAX} fields may come`);
  }

  #within<T>(name: string | number, read: () => T): T {
    this.#trail.push(name);
    const value = read();
    this.#trail.pop();
    return value;
  }

  #error(reason: string, name?: string): DumpError {
    const trail = name === undefined ? this.#trail : [...this.#trail, name];
    const path = trail.reduce<string>((text, step) => {
      if (typeof step === "number") return `${text}[${step}]`;
      return text === "" ? shown(step) : `${text}.${shown(step)}`;
    }, "");
    return new DumpError(reason, path === "" ? "dump" : path);
  }
}
