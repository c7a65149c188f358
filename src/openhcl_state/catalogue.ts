/**
 * All messages and enums by name. A name is upstream's `package.Name`; where two layouts share
 * one, the second gets a suffix here, which is no part of its type URL.
 *
 * @module
 */

import { RELEASE_NAMES } from "../mesh/mod.ts";
import { existsAt } from "../schema/history.ts";
import type { Message, Oneof } from "../schema/message.ts";
import * as boot from "./boot.ts";
import * as chipset from "./chipset.ts";
import * as chipset_legacy from "./chipset_legacy.ts";
import * as dma from "./dma.ts";
import * as emuplat from "./emuplat.ts";
import * as firmware from "./firmware.ts";
import * as generic from "./generic.ts";
import * as guid from "./guid.ts";
import * as ide from "./ide.ts";
import * as mana_driver from "./mana_driver.ts";
import * as memory_range from "./memory_range.ts";
import * as netvsp from "./netvsp.ts";
import * as nvme_driver from "./nvme_driver.ts";
import * as partition from "./partition.ts";
import * as pci from "./pci.ts";
import * as save_restore from "./save_restore.ts";
import * as servicing from "./servicing.ts";
import * as state_unit from "./state_unit.ts";
import * as storvsp from "./storvsp.ts";
import * as tpm from "./tpm.ts";
import * as virt from "./virt.ts";
import * as vmbus from "./vmbus.ts";
import * as vmbus_client from "./vmbus_client.ts";
import * as vmbus_relay from "./vmbus_relay.ts";
import * as vmbus_server from "./vmbus_server.ts";
import * as vmgs from "./vmgs.ts";

/** A message or an enum, which on the wire is a message too. */
export type Declaration = Message | Oneof;

const FILES = [
  boot,
  chipset,
  chipset_legacy,
  dma,
  emuplat,
  firmware,
  generic,
  guid,
  ide,
  mana_driver,
  memory_range,
  netvsp,
  nvme_driver,
  partition,
  pci,
  save_restore,
  servicing,
  state_unit,
  storvsp,
  tpm,
  virt,
  vmbus,
  vmbus_client,
  vmbus_relay,
  vmbus_server,
  vmgs,
];

/** Layouts that share the name of another one. */
const SUFFIXES = new Map<Declaration, string>([
  [vmbus_relay.VmbusRelayLegacySavedState, "@legacy"],
  [vmbus_relay.VmbusRelayLegacyChannel, "@legacy"],
  [vmbus_relay.VmbusRelayLegacyState, "@legacy"],
  [partition.Arm64ProcessorSavedState, "@arm64"],
]);

/** Every declaration by its name, in order of names. */
export const MESSAGES: ReadonlyMap<string, Declaration> = new Map(
  FILES.flatMap((file): Declaration[] => Object.values(file))
    .map((declaration) => [catalogueName(declaration), declaration] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);

/** The name of a declaration in {@linkcode MESSAGES}. */
export function catalogueName(declaration: Declaration): string {
  return declaration.name + (SUFFIXES.get(declaration) ?? "");
}

/** The names of all declarations, sorted. */
export function messageNames(): string[] {
  return [...MESSAGES.keys()];
}

/** The declaration called `name`, or `undefined`. */
export function messageNamed(name: string): Declaration | undefined {
  return MESSAGES.get(name);
}

/** Tells an enum from a message. */
export function isOneof(declaration: Declaration): declaration is Oneof {
  return "variants" in declaration;
}

const TYPE_URL = /^(?:https:\/\/)?type\.googleapis\.com\/(.+)$/;

/** The URL under which `message` is put into a blob. */
export function typeUrl(message: Message): string {
  return `type.googleapis.com/${message.name}`;
}

/**
 * The message that a blob holds when `release` has saved it, or `undefined` when its URL names
 * none of ours. The relay's blob has the legacy layout, because that is what leaves the machine;
 * a processor's has that of x64, since its URL does not tell the architecture.
 */
export function blobMessage(url: string, release: string): Message | undefined {
  const name = TYPE_URL.exec(url)?.[1];
  if (name === undefined || name.includes("@")) return undefined;
  for (const candidate of [MESSAGES.get(`${name}@legacy`), MESSAGES.get(name)]) {
    if (candidate === undefined || isOneof(candidate)) continue;
    if (existsAt(candidate, release, RELEASE_NAMES)) return candidate;
  }
  return undefined;
}
