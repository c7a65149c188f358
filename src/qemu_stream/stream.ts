/**
 * A migration stream: what QEMU hands to the QEMU that goes on with the machine.
 *
 * What it does not do: what comes through other channels (multifd, post-copy preemption).
 *
 * Source: QEMU, docs/devel/migration/main.rst; migration/savevm.c.
 *
 * @module
 */
import type { Description } from "./description.ts";
import type { Body } from "./field.ts";
import type { BlockTally, RamItem } from "./ram.ts";

export const MAGIC = "QEVM";
/** The one version since 2007. */
export const VERSION = 3;

/** First octet of each part; QEMU_VM_* of QEMU. */
export const PARTS = {
  EOF: 0x00,
  START: 0x01,
  PART: 0x02,
  END: 0x03,
  FULL: 0x04,
  VMDESCRIPTION: 0x06,
  CONFIGURATION: 0x07,
  COMMAND: 0x08,
} as const;
/** Behind the content of a section. */
export const FOOTER = 0x7e;
/** The one section that comes in pieces on x86. */
export const RAM = "ram";

/** Names of commands; MIG_CMD_* of QEMU. */
export const COMMANDS: readonly string[] = [
  "INVALID",
  "OPEN_RETURN_PATH",
  "PING",
  "POSTCOPY_ADVISE",
  "POSTCOPY_LISTEN",
  "POSTCOPY_RUN",
  "POSTCOPY_RAM_DISCARD",
  "PACKAGED",
  "ENABLE_COLO",
  "POSTCOPY_RESUME",
  "RECV_BITMAP",
  "SWITCHOVER_START",
];
export const PACKAGED = COMMANDS.indexOf("PACKAGED");

/** What is asked of the other side before the first section. */
export interface Configuration {
  readonly offset?: number;
  /** Machine type, such as `pc-q35-5.2`. */
  readonly machine: string;
  readonly subsections: Body["subsections"];
}

/** An order to the other side. */
export interface Command {
  readonly kind: "command";
  readonly offset?: number;
  readonly command: number;
  readonly octets: Uint8Array;
  /** Of a packaged command: how many of the parts behind it are in the package. */
  readonly packaged?: number;
}

export type SectionType = "START" | "PART" | "END" | "FULL";

/** RAM; its items are there when they were kept. */
export interface RamContent {
  readonly kind: "ram";
  readonly items: readonly RamItem[] | undefined;
}

/** Device state by its description. */
export interface FieldsContent extends Body {
  readonly kind: "fields";
}

/** State that has neither description nor rules: what is before the footer. */
export interface OctetsContent {
  readonly kind: "octets";
  readonly octets: Uint8Array;
}

export interface Section {
  readonly kind: "section";
  readonly type: SectionType;
  readonly offset?: number;
  /** Octets with head and footer. */
  readonly length?: number;
  /** Differs between releases and means nothing. */
  readonly sectionId: number;
  /** Who saved it, and which of several: of all pieces, though only the first one says it. */
  readonly idstr: string;
  readonly instanceId: number;
  readonly version: number;
  readonly content: RamContent | FieldsContent | OctetsContent;
  readonly hasFooter: boolean;
}

/** The description at the end. */
export interface Described {
  readonly offset?: number;
  /** Its text, as it came. */
  readonly octets: Uint8Array;
  readonly description: Description;
}

export interface Stream {
  readonly configuration: Configuration | undefined;
  readonly parts: readonly (Section | Command)[];
  readonly described: Described | undefined;
  /** What came of each block of RAM. */
  readonly ram: readonly BlockTally[];
  /** Octets in all. */
  readonly size: number;
}
