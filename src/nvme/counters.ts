/**
 * What a controller has seen: resets since power-on, and commands since the last boot of a driver.
 *
 * @module
 */
import { adminOpcodeName, nvmOpcodeName } from "./opcodes.ts";

export class Counters {
  /** Times that CC.EN went to 0. */
  controllerResets = 0;
  functionLevelResets = 0;
  /** When this hop began. */
  hopUs = 0;
  /** I/O commands of this hop that came while some of an earlier one were in flight. */
  overtaking = 0;
  #adminOpcodes: string[] = [];
  #ioOpcodes = new Map<number, number>();

  /** Admin commands of this hop, in the order in which they were fetched. */
  get adminOpcodes(): readonly string[] {
    return this.#adminOpcodes;
  }

  /** I/O commands of this hop by opcode. */
  get ioOpcodes(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#ioOpcodes].map(([opcode, count]) => [nvmOpcodeName(opcode), count]),
    );
  }

  /** A command was fetched. */
  note(sqid: number, opcode: number): void {
    if (sqid === 0) this.#adminOpcodes.push(adminOpcodeName(opcode));
    else this.#ioOpcodes.set(opcode, (this.#ioOpcodes.get(opcode) ?? 0) + 1);
  }

  /** Starts to count the commands of another hop. */
  beginHop(nowUs = 0): void {
    this.hopUs = nowUs;
    this.overtaking = 0;
    this.#adminOpcodes = [];
    this.#ioOpcodes = new Map();
  }

  fork(): Counters {
    const copy = new Counters();
    copy.controllerResets = this.controllerResets;
    copy.functionLevelResets = this.functionLevelResets;
    copy.hopUs = this.hopUs;
    copy.overtaking = this.overtaking;
    copy.#adminOpcodes = [...this.#adminOpcodes];
    copy.#ioOpcodes = new Map(this.#ioOpcodes);
    return copy;
  }
}
