/**
 * Compares what a writer describes with what a reader describes, one type of device.
 *
 * Versions of sections and subsections are on the wire, names of fields are not. A reader leaves
 * out the fields that are newer than the version that it reads; a structure within is always read
 * as its latest version, so that only its fields count.
 *
 * What it cannot see: structures that are saved as an older version of theirs (`VMS_VSTRUCT`),
 * hooks that change what is saved, and what a device says of the values.
 *
 * Source: QEMU, migration/vmstate.c, vmstate_load_state() and vmstate_subsection_load().
 *
 * @module
 */
import { meetings, type Placed, placedFields } from "./aligner.ts";
import type { Difference, Kind, Opaque, Severity } from "./difference.ts";
import type { Body, Section } from "./dump.ts";
import { gapDifferences } from "./gap.ts";
import { octetsOf } from "./octets.ts";
import { SETTLED } from "./renames_table.ts";

type Versions = Pick<Body, "version" | "minimumVersion">;

export class Comparer {
  readonly #section: string;
  /** What was found so far, also of others. */
  readonly #differences: Difference[];
  readonly #opaque: Opaque[];
  /** Subsections and fields around what is compared, that are there or not. */
  #doubts = 0;
  /** Names of the subsections among them. */
  readonly #subsectionNames: string[] = [];

  constructor(section: string, differences: Difference[], opaque: Opaque[]) {
    this.#section = section;
    this.#differences = differences;
    this.#opaque = opaque;
  }

  compare(writer: Section, reader: Section): void {
    const { body: a } = writer;
    const { body: b } = reader;
    if (a === undefined || b === undefined) {
      if (a !== b) this.#undescribed(a === undefined ? "writer" : "reader", writer.type);
      return;
    }
    if (a.name !== b.name) {
      const reason = `the section is called ${a.name}, the reader knows ${b.name}`;
      this.#tell("description", a.name, "breaks", reason);
      return;
    }
    // The section's own versions are those of its description, unless somebody wrote them by hand.
    if (!this.#versions(writer, reader, a.name) || !this.#versions(a, b, a.name)) return;
    this.#body(a, b, a.name, a.version);
  }

  /** Whether the reader takes the version that is on the wire. */
  #versions(a: Versions, b: Versions, path: string): boolean {
    if (a.version > b.version) {
      const reason = `version ${a.version} is written, the reader has ${b.version}`;
      this.#tell("too-new", path, "breaks", reason);
      return false;
    }
    if (a.version < b.minimumVersion) {
      const reason = `version ${a.version} is written, the reader takes ${b.minimumVersion} on`;
      this.#tell("too-old", path, "breaks", reason);
      return false;
    }
    return true;
  }

  #body(a: Body, b: Body, path: string, version: number): void {
    if (a.fields === undefined && b.fields === undefined) {
      if (a.subsections.length === 0) {
        this.#dark(path, "no field is described: saved by hand, or not at all");
      }
    } else if (a.fields === undefined || b.fields === undefined) {
      this.#undescribed(a.fields === undefined ? "writer" : "reader", path);
      return;
    } else {
      this.#fields(placedFields(a, path), placedFields(b, path, version));
    }
    this.#subsections(a, b, path);
  }

  #undescribed(side: "writer" | "reader", path: string): void {
    const reason = `the ${side} describes no field: it cannot save the device, or does so by hand`;
    // A writer that cannot save it sends nothing that could break.
    this.#tell("undescribed", path, side === "writer" ? "may break" : "breaks", reason);
  }

  #fields(a: readonly Placed[], b: readonly Placed[]): void {
    for (const meeting of meetings(a, b)) {
      if (meeting.kind === "pair") this.#pair(meeting.a, meeting.b, meeting.source);
      else {
        for (const found of gapDifferences(meeting.a, meeting.b)) this.#found(found);
      }
    }
  }

  #pair(a: Placed, b: Placed, source?: string): void {
    const { path, field: from } = a;
    const { field: to } = b;
    if (source !== undefined) {
      const reason = `the reader calls it ${to.name}; ${source}`;
      this.#tell("field-renamed", path, "harmless", reason);
    }
    const settled = settledBy(a);
    if (from.isConditional !== to.isConditional) {
      const side = from.isConditional ? "writer" : "reader";
      const reason = `the ${side} has it or not, as the device decides; the other side always`;
      const more = settled === undefined ? "" : `: ${settled}`;
      this.#doubts++;
      this.#tell(`${side}-decides`, path, more === "" ? "breaks" : "harmless", reason + more);
      this.#doubts--;
    }
    const isDoubtful = settled === undefined && (from.isConditional || to.isConditional);
    this.#doubts += isDoubtful ? 1 : 0;
    if (from.body !== undefined && to.body !== undefined) {
      this.#count(from.count, to.count, path);
      this.#inner(from.body, to.body, path);
    } else if (from.body === undefined && to.body === undefined) {
      this.#size(a, b);
    } else {
      this.#shape(a, b);
    }
    this.#doubts -= isDoubtful ? 1 : 0;
  }

  #inner(a: Body, b: Body, path: string): void {
    const before = this.#differences.length;
    this.#body(a, b, path, b.version);
    if (a.version === b.version || this.#differences.length > before) return;
    const reason = `version ${a.version} here, ${b.version} there, and the same fields`;
    this.#tell("inner-version", path, "harmless", reason);
  }

  #shape({ path, field: from }: Placed, { field: to }: Placed): void {
    const octets = octetsOf(from);
    const isSame = octets !== undefined && octets === octetsOf(to);
    const what = isSame ? "a value of as many octets" : "a value";
    const reason = `a structure on one side, ${what} on the other`;
    this.#tell("shape", path, isSame ? "harmless" : "may break", reason);
  }

  #size({ path, field: from }: Placed, { field: to }: Placed): void {
    if (from.size === 0 || to.size === 0) {
      this.#dark(path, "its size depends on the device");
      return;
    }
    const octets = octetsOf(from);
    if (octets !== undefined && octets === octetsOf(to)) return;
    if (from.size === to.size) {
      this.#count(from.count, to.count, path);
      return;
    }
    const reason = `${from.size} octets are written, the reader takes ${to.size}`;
    this.#tell("size", path, "breaks", reason);
  }

  #count(a: number | undefined, b: number | undefined, path: string): void {
    if (a === undefined || b === undefined || a === b) return;
    this.#tell("count", path, "breaks", `${a} elements are written, the reader takes ${b}`);
  }

  #subsections(a: Body, b: Body, path: string): void {
    // A reader takes the first that has the name.
    const others = new Map(b.subsections.toReversed().map((one) => [one.name, one]));
    const added = new Set(others.keys());
    const seen = new Set<string>();
    this.#doubts++;
    for (const subsection of a.subsections) {
      const where = `${path}/${subsection.name}`;
      this.#subsectionNames.push(subsection.name);
      const other = others.get(subsection.name);
      added.delete(subsection.name);
      if (seen.has(subsection.name)) {
        const reason = "it is another one of the same name, which the reader takes for the first";
        this.#tell("subsection-twice", where, "breaks", reason);
      } else if (other === undefined) {
        const reason = "the reader does not know it: breaks when the writer has to send it";
        this.#tell("subsection-removed", where, "breaks", reason);
      } else if (this.#versions(subsection, other, where)) {
        this.#body(subsection, other, where, subsection.version);
      }
      seen.add(subsection.name);
      this.#subsectionNames.pop();
    }
    for (const name of added) {
      const reason = "the writer does not know it: what is in it stays as it was at the start";
      this.#subsectionNames.push(name);
      this.#tell("subsection-added", `${path}/${name}`, "harmless", reason);
      this.#subsectionNames.pop();
    }
    this.#doubts--;
  }

  #tell(kind: Kind, path: string, severity: Severity, reason: string): void {
    this.#found({ kind, path, severity, reason, whenThere: severity });
  }

  /** What is not always there does not always break. */
  #found(found: Omit<Difference, "section">): void {
    const { severity: asSuch, ...others } = found;
    const severity = asSuch === "breaks" && this.#doubts > 0 ? "may break" : asSuch;
    const subsection = this.#subsectionNames.at(-1);
    const inside = subsection === undefined ? {} : { subsection };
    this.#differences.push({ ...others, ...inside, section: this.#section, severity });
  }

  #dark(path: string, reason: string): void {
    this.#opaque.push({ section: this.#section, path, reason });
  }
}

/** By which source it makes no difference that a field is there under a condition. */
function settledBy({ holder, field }: Placed): string | undefined {
  if (!Object.hasOwn(SETTLED, holder)) return undefined;
  const { fields = [], source } = SETTLED[holder] ?? {};
  return fields.includes(field.name) ? source : undefined;
}
