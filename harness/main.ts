#!/usr/bin/env node
/**
 * The command `freezethaw`: hands the implementations, formats and reporters there are to the
 * command line. The only file that knows them all.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import {
  codecFor,
  fromJson,
  MeshError,
  parseBlob,
  RELEASE_NAMES,
  toJson,
  type UnknownField,
} from "../src/mesh/mod.ts";
import {
  blobMessage,
  type Declaration,
  diffLines,
  diffReleases,
  explainLines,
  explainMessage,
  type Guid,
  messageNamed,
  messageNames,
  ServicingState,
} from "../src/openhcl_state/mod.ts";
import { existsAt } from "../src/schema/history.ts";
import dmaPool from "../suites/dma_pool.ts";
import guestState from "../suites/guest_state.ts";
import { KNOWN } from "../suites/known/openhcl.ts";
import mana from "../suites/mana.ts";
import nvmeKeepalive from "../suites/nvme_keepalive.ts";
import nvmeWithoutKeepalive from "../suites/nvme_without_keepalive.ts";
import restoreFailures from "../suites/restore_failures.ts";
import saveFailures from "../suites/save_failures.ts";
import servicingBasic from "../suites/servicing_basic.ts";
import stateUnits from "../suites/state_units.ts";
import timeouts from "../suites/timeouts.ts";
import upgradePrinciples from "../suites/upgrade_principles.ts";
import vmbusRelay from "../suites/vmbus_relay.ts";
import type { SavedState } from "./adapter.ts";
import { openhclAdapter } from "./adapters/openhcl/mod.ts";
import { openhclSpace } from "./adapters/openhcl/space.ts";
import { runCommandLine } from "./cli/command_line.ts";
import {
  type Format,
  FormatError,
  type Implementation,
  type Json,
  type Product,
  type Schemas,
} from "./cli/product.ts";
import { processShell } from "./cli/shell.ts";
import { ORACLES } from "./oracles/mod.ts";
import { html } from "./reporters/html.ts";
import { junit } from "./reporters/junit.ts";
import { line } from "./reporters/line.ts";
import { markdown } from "./reporters/markdown.ts";
import { ndjson } from "./reporters/ndjson.ts";
import { terminal, terminalInColour } from "./reporters/terminal.ts";

const openhcl: Implementation = {
  adapter: openhclAdapter,
  space: openhclSpace,
  suites: [
    servicingBasic,
    upgradePrinciples,
    stateUnits,
    dmaPool,
    guestState,
    nvmeKeepalive,
    nvmeWithoutKeepalive,
    mana,
    vmbusRelay,
    saveFailures,
    restoreFailures,
    timeouts,
  ],
  oracles: ORACLES,
  expectations: KNOWN,
  codec: "mesh",
  correlationIdOf,
};

const mesh: Format = {
  releases: RELEASE_NAMES,
  messages: (release) =>
    messageNames().filter((name) => existsAt(declared(name), release, RELEASE_NAMES)),
  decode: (release, message, bytes) =>
    reading(() => {
      const declaration = declared(message);
      const value = codecFor(declaration, release).decode(bytes);
      return toJson(declaration, release, value, blobMessage);
    }),
  encode: (release, message, value) =>
    writing(() => {
      const declaration = declared(message);
      const held = fromJson(declaration, release, value, blobMessage);
      return codecFor(declaration, release).encode(held);
    }),
  recode: (release, message, bytes) =>
    reading(() => {
      const codec = codecFor(declared(message), release);
      return codec.encode(codec.decode(bytes));
    }),
  decodeState: (release, bytes) => reading(() => stateOf(release, bytes)),
};

const schemas: Schemas = {
  releases: RELEASE_NAMES,
  messages: messageNames(),
  diff(from, to) {
    const diff = diffReleases(from, to);
    return { json: plain(diff), lines: diffLines(diff) };
  },
  explain(message) {
    const history = explainMessage(message);
    if (history === undefined) return { json: null, lines: [] };
    return { json: plain(history), lines: explainLines(history) };
  },
};

/** Everything that the command line serves. */
export const product: Product = {
  version: versionOf("../package.json"),
  implementations: { openhcl },
  formats: { mesh },
  schemas,
  reporters: { terminal, line, ndjson, junit, markdown, html },
  terminalInColour,
};

if (import.meta.main) {
  process.exitCode = await runCommandLine(process.argv.slice(2), product, processShell());
}

/** A whole servicing state, its blobs opened; unknown fields also inside of them. */
function stateOf(release: string, bytes: Uint8Array): Json {
  const { value, unknown } = codecFor(ServicingState, release).decodeListing(bytes);
  const listed = unknown.map((field) => unknownJson(field, null));
  const unreadable: Json[] = [];
  for (const { name, state } of value.units) {
    const message = blobMessage(state.type_url, release);
    if (message === undefined) {
      unreadable.push({ unit: name, reason: `no message is known for ${state.type_url}` });
      continue;
    }
    try {
      parseBlob(state, message, release);
      const inner = codecFor(message, release).decodeListing(state.value);
      listed.push(...inner.unknown.map((field) => unknownJson(field, name)));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      unreadable.push({ unit: name, reason: error.reason, offset: error.offset });
    }
  }
  return {
    release,
    message: ServicingState.name,
    value: toJson(ServicingState, release, value, blobMessage),
    unknown: listed,
    unreadable,
  };
}

/** An unknown field; in a unit the offset counts from the start of its blob. */
function unknownJson(
  { path, number, wireType, offset, length }: UnknownField,
  unit: string | null,
) {
  return { unit, path, number, wire_type: wireType, offset, length };
}

function correlationIdOf({ writer, bytes }: SavedState): string | undefined {
  try {
    const { init_state } = codecFor(ServicingState, writer.release).decode(bytes);
    const id = init_state.correlation_id;
    return id === undefined || id === null ? undefined : guidText(id);
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}

function guidText({ data1, data2, data3, data4 }: Guid): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const tail = Array.from(data4, (octet) => hex(octet, 2)).join("");
  const head = `${hex(data1, 8)}-${hex(data2, 4)}-${hex(data3, 4)}`;
  return `${head}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

function declared(message: string): Declaration {
  const declaration = messageNamed(message);
  if (declaration !== undefined) return declaration;
  throw new RangeError(`Cannot find message in any release: current value is ${message}`);
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    throw new FormatError(error.reason, error.offset, error.path);
  }
}

/** JSON that does not fit the message is refused with a TypeError that names the place. */
function writing<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new FormatError(error.message);
    }
    throw error;
  }
}

/** A value as JSON shows it, octets as hexadecimal text. */
function plain(value: unknown): Json {
  const text = JSON.stringify(value, (_, held: unknown) =>
    held instanceof Uint8Array ? Buffer.from(held).toString("hex") : held,
  );
  return JSON.parse(text) as Json;
}

function versionOf(path: string): string {
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
