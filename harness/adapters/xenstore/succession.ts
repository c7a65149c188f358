/**
 * What a daemon leaves when another program is to go on with its clients.
 *
 * @module
 */
import type { Server, Socket } from "node:net";
import { type Daemon, type Profile, save, type Update } from "../../../src/xenstore/mod.ts";
import { descriptorOf } from "./descriptors.ts";
import { portOf } from "./rings.ts";

export interface Succession {
  readonly update: Update;
  /** Names descriptors of this process. */
  readonly state: Uint8Array;
  /** Those descriptors, which the successor must have by the same numbers. */
  readonly descriptors: readonly number[];
  /** The successor has them: they are closed here, and nothing else happens to them. */
  letGo(): void;
  /** The model goes on in this process after all, from `state`; throws when it refuses it. */
  goOn(profile: Profile, state: Uint8Array): void;
}

/** What is left, as the model sees it. */
export type Left = Pick<Succession, "update" | "state" | "descriptors">;

/** Saves `daemon` with its clients; `events` is the descriptor of the events of domains, or -1. */
export function leftBy(
  daemon: Daemon,
  update: Update,
  {
    server,
    events,
    sockets,
  }: {
    readonly server: Server | undefined;
    readonly events: number | undefined;
    readonly sockets: Iterable<Socket>;
  },
): Left {
  const listener = server === undefined ? -1 : (descriptorOf(server) ?? -1);
  const version = update.version === 2 ? 2 : 1;
  const rings = events === undefined ? {} : { events, portOf };
  const state = save(daemon, { version, update, listener, ...rings });
  const clients = [...sockets].map((socket) => descriptorOf(socket) ?? -1);
  const descriptors = [...clients, listener, events ?? -1].filter((fd) => fd >= 0);
  return { update, state, descriptors };
}
