/**
 * Commands that have been sent and not completed. The low ten bits of an identifier are a key
 * into the table, the others a sequence number. Source: microsoft/openvmm, nvme_driver
 * queue_pair.rs; facts/openhcl/semantics.md, NVMe driver save/restore.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import type { PendingCommandsSavedState } from "../openhcl_state/mod.ts";
import { type Command, cidOf, encodeCommand, opcodeOf } from "./command.ts";

/** Bits of an identifier that are the key; saved, and ignored by every restore. */
const CID_KEY_BITS = 10;
/** Commands that can be pending at once. */
export const PENDING_MAX = 1 << CID_KEY_BITS;

const CID_KEY_MASK = PENDING_MAX - 1;

/** One command of the table. */
export interface PendingCommand {
  readonly cid: number;
  readonly opcode: number;
  /** True when it was sent before the last save. */
  readonly restored: boolean;
  /** The entry, already encoded when it came out of saved state. */
  readonly command: Command | Uint8Array;
}

/** Table of one queue pair. */
export class PendingCommands {
  readonly #qid: number;
  readonly #byKey = new Map<number, PendingCommand>();
  /** Keys given back, the last one first to be used again. */
  readonly #freeKeys: number[] = [];
  #keysUsed = 0;
  #nextCidHighBits = 0;

  constructor(qid: number) {
    this.#qid = qid;
  }

  static restore(saved: PendingCommandsSavedState, qid: number): PendingCommands {
    const { commands, next_cid_high_bits, cid_key_bits: _ignored, ...rest } = saved;
    rest satisfies Record<string, never>;
    const table = new PendingCommands(qid);
    table.#nextCidHighBits = next_cid_high_bits;
    for (const { command } of commands) {
      const cid = cidOf(command);
      const key = cid & CID_KEY_MASK;
      table.#byKey.set(key, { cid, opcode: opcodeOf(command), restored: true, command });
      table.#keysUsed = Math.max(table.#keysUsed, key + 1);
    }
    for (let key = table.#keysUsed - 1; key >= 0; key--) {
      if (!table.#byKey.has(key)) table.#freeKeys.push(key);
    }
    return table;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get full(): boolean {
    return this.#byKey.size >= PENDING_MAX;
  }

  /** Commands by key, which is the order in which they are saved. */
  values(): PendingCommand[] {
    const key = ({ cid }: PendingCommand) => cid & CID_KEY_MASK;
    return [...this.#byKey.values()].sort((left, right) => key(left) - key(right));
  }

  /** Gives `command` an identifier. */
  insert(command: Command): number {
    const key = this.#freeKeys.pop() ?? this.#keysUsed++;
    const cid = key | this.#nextCidHighBits;
    this.#nextCidHighBits = (this.#nextCidHighBits + PENDING_MAX) & 0xffff;
    this.#byKey.set(key, { cid, opcode: command.opcode, restored: false, command });
    return cid;
  }

  /** Takes the command that has completed. */
  remove(cid: number): PendingCommand {
    const key = cid & CID_KEY_MASK;
    const entry = this.#byKey.get(key);
    if (entry === undefined) {
      throw new Panic(`completion for unknown cid: qid=${this.#qid}, cid=${cid}`);
    }
    if (entry.cid !== cid) {
      throw new Panic(
        `assertion \`left == right\` failed: cid sequence number mismatch: qid=${this.#qid}, ` +
          `command_opcode=0x${entry.opcode.toString(16)}`,
      );
    }
    this.#byKey.delete(key);
    this.#freeKeys.push(key);
    return entry;
  }

  save(): PendingCommandsSavedState {
    const commands = this.values().map(({ cid, command }) => ({
      command: command instanceof Uint8Array ? command : encodeCommand(command, cid),
    }));
    return {
      commands,
      next_cid_high_bits: this.#nextCidHighBits,
      cid_key_bits: CID_KEY_BITS,
    };
  }
}
