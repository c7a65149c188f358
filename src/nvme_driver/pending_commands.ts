/**
 * Commands that have been sent and not completed. The low ten bits of an identifier are a key into
 * the table, the others a sequence number. Source: microsoft/openvmm, nvme_driver queue_pair.rs.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import {
  COMMAND_SIZE,
  type Command,
  type Completion,
  cidOf,
  decodeCommand,
  encodeCommand,
} from "../nvme/mod.ts";
import type { PendingCommandsSavedState } from "../openhcl_state/mod.ts";

/** Bits of an identifier that are the key; saved, and ignored by every restore. */
const CID_KEY_BITS = 10;
/** Commands that can be pending at once. */
export const PENDING_MAX = 1 << CID_KEY_BITS;

const CID_KEY_MASK = PENDING_MAX - 1;

/** Called with the completion of a command. */
export type Respond = (completion: Completion) => void;

/** One command of the table. */
export interface PendingCommand {
  readonly cid: number;
  readonly command: Command;
  /** Null when nobody waits, as for every command that was sent before the last save. */
  readonly respond: Respond | null;
  /** The entry as it came out of saved state; null when it was sent since. */
  readonly restored: Uint8Array | null;
}

/** Table of one queue pair. */
export class PendingCommands {
  readonly #qid: number;
  readonly #byKey: (PendingCommand | undefined)[] = [];
  /** Keys given back, the last one first to be used again. */
  readonly #freeKeys: number[] = [];
  #size = 0;
  #nextCidHighBits = 0;

  constructor(qid: number) {
    this.#qid = qid;
  }

  static restore(saved: PendingCommandsSavedState, qid: number): PendingCommands {
    const { commands, next_cid_high_bits, cid_key_bits: _ignored, ...rest } = saved;
    rest satisfies Record<string, never>;
    const table = new PendingCommands(qid);
    table.#nextCidHighBits = next_cid_high_bits;
    for (const { command: restored } of commands) {
      const cid = cidOf(restored);
      const command = decodeCommand(restored);
      if (table.#byKey[cid & CID_KEY_MASK] === undefined) table.#size += 1;
      table.#byKey[cid & CID_KEY_MASK] = { cid, command, respond: null, restored };
    }
    for (let key = table.#byKey.length - 1; key >= 0; key--) {
      if (table.#byKey[key] === undefined) table.#freeKeys.push(key);
    }
    return table;
  }

  get size(): number {
    return this.#size;
  }

  get full(): boolean {
    return this.#size >= PENDING_MAX;
  }

  /** Commands by key, which is the order in which they are saved. */
  values(): PendingCommand[] {
    return this.#byKey.filter((entry) => entry !== undefined);
  }

  /** Gives `command` an identifier. */
  insert(command: Command, respond: Respond | null): number {
    const key = this.#freeKeys.pop() ?? this.#byKey.length;
    const cid = key | this.#nextCidHighBits;
    this.#nextCidHighBits = (this.#nextCidHighBits + PENDING_MAX) & 0xffff;
    this.#byKey[key] = { cid, command, respond, restored: null };
    this.#size += 1;
    return cid;
  }

  /** Takes the command that has completed. */
  remove(cid: number): PendingCommand {
    const key = cid & CID_KEY_MASK;
    const entry = this.#byKey[key];
    if (entry === undefined) {
      throw new Panic(`completion for unknown cid: qid=${this.#qid}, cid=${cid}`);
    }
    if (entry.cid !== cid) {
      throw new Panic(
        `assertion \`left == right\` failed: cid sequence number mismatch: qid=${this.#qid}, ` +
          `command_opcode=0x${entry.command.opcode.toString(16)}`,
      );
    }
    this.#byKey[key] = undefined;
    this.#freeKeys.push(key);
    this.#size -= 1;
    return entry;
  }

  save(): PendingCommandsSavedState {
    const commands = this.values().map((entry) => ({ command: entryOf(entry) }));
    return {
      commands,
      next_cid_high_bits: this.#nextCidHighBits,
      cid_key_bits: CID_KEY_BITS,
    };
  }
}

/** The octets of a command: those that were restored, or as they were written to the queue. */
function entryOf({ cid, command, restored }: PendingCommand): Uint8Array {
  if (restored !== null) return restored;
  const octets = new Uint8Array(COMMAND_SIZE);
  encodeCommand(command, cid, octets);
  return octets;
}
