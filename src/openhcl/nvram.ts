/**
 * UEFI variables: in memory, and in the VMGS file of a machine that has one. The file is read when
 * somebody first asks for a variable, and written whole at every change.
 *
 * Source: vm/devices/firmware/hcl_compat_uefi_nvram_storage/src/lib.rs,
 * vm/devices/firmware/uefi_nvram_storage; openhcl/underhill_core/src/worker.rs (which of the two).
 * Authentication and volatile variables are not modelled.
 *
 * @module
 */
import { refusal } from "../machine/mod.ts";
import type { Guid, InMemoryNvramSavedState } from "../openhcl_state/mod.ts";
import { perState } from "./blob.ts";
import { decodeNvramFile, encodeNvramFile, type Variable } from "./nvram_file.ts";
import { perPair } from "./per_pair.ts";
import type { Vmgs } from "./vmgs.ts";
import { FILE } from "./vmgs_disk.ts";

type VariableName = Pick<Variable, "vendor" | "name">;

export const DATA_OCTETS_MAX = 32 * 1024;
export const FILE_OCTETS_MAX = 128 * 1024;

/** The variables that a saved state tells of; null when it does not, and the file is to be read. */
export function savedVariables(saved: InMemoryNvramSavedState | undefined) {
  return saved?.nvram ?? null;
}

export class Nvram {
  readonly #vmgs: Vmgs | null;
  /** Null until the file has been read. */
  #variables: readonly Variable[] | null;
  /** Length of the file as this run has last read or written it. */
  #fileOctets = 0;

  constructor(vmgs: Vmgs | null) {
    this.#vmgs = vmgs;
    this.#variables = vmgs === null ? [] : null;
  }

  /** What a guest would read now; the file stays unread. One that is corrupt has no variables. */
  get variables(): readonly Variable[] {
    try {
      return this.#variables ?? this.#readFile();
    } catch (error) {
      refusal(error);
      return NOTHING;
    }
  }

  /** Sets a variable. Answers why it is not set, as `NvramStorageError` has it; null when it is. */
  set(variable: Variable): string | null {
    if (variable.data.length > DATA_OCTETS_MAX) return "variable data too long";
    const variables = this.#load();
    if (this.#vmgs !== null && !this.#fits(variables, variable)) return "out of space";
    this.#store(withVariable(variables, variable));
    return null;
  }

  /** Answers whether there was a variable of that name. */
  remove(variable: VariableName): boolean {
    const variables = this.#load();
    const rest = withoutVariable(variables, variable);
    this.#store(rest);
    return rest.length < variables.length;
  }

  /** What is in memory: nothing while nobody has asked for a variable of the file. */
  save(): readonly Variable[] {
    return this.#variables ?? NOTHING;
  }

  restore(saved: readonly Variable[] | null): void {
    if (saved !== null) this.#variables = saved;
  }

  #load(): readonly Variable[] {
    if (this.#variables !== null) return this.#variables;
    const variables = this.#readFile();
    this.#variables = variables;
    this.#fileOctets = fileOf(variables).length;
    return variables;
  }

  #readFile(): readonly Variable[] {
    const file = this.#vmgs?.read(FILE.biosNvram) ?? null;
    return file === null ? NOTHING : variablesOf(file);
  }

  /**
   * Upstream reckons with the length of the file that it has read or written itself, and that is
   * zero after a restore. With unsigned integers of 64 bits a variable that would become shorter
   * then needs more room than there is.
   */
  #fits(variables: readonly Variable[], variable: Variable): boolean {
    const { name, data } = variable;
    const known = variables.find((other) => inOrder(other, variable) === 0);
    const more = known ? data.length - known.data.length : HEADER + name.length + data.length;
    const octets = this.#fileOctets + more;
    const wraps = octets < 0;
    return !wraps && octets <= FILE_OCTETS_MAX;
  }

  #store(variables: readonly Variable[]): void {
    this.#variables = variables;
    if (this.#vmgs === null) return;
    const file = fileOf(variables);
    this.#fileOctets = file.length;
    this.#vmgs.write(FILE.biosNvram, file);
  }
}

const NOTHING: readonly Variable[] = [];

/** Octets of a variable besides its name and its data. */
const HEADER = 48;

const fileOf = perState(encodeNvramFile);
const variablesOf = perState((file: Uint8Array): readonly Variable[] => decodeNvramFile(file));

/** In the order of vendors and names, in which upstream keeps them. */
const withVariable = perPair(
  (variables: readonly Variable[], variable: Variable): readonly Variable[] =>
    [...withoutVariable(variables, variable), variable].sort(inOrder),
);

const withoutVariable = perPair(
  (variables: readonly Variable[], name: VariableName): readonly Variable[] =>
    variables.filter((other) => inOrder(other, name) !== 0),
);

function inOrder(left: VariableName, right: VariableName): number {
  return compareGuids(left.vendor, right.vendor) || compareOctets(left.name, right.name);
}

function compareGuids(left: Guid, right: Guid): number {
  return (
    left.data1 - right.data1 ||
    left.data2 - right.data2 ||
    left.data3 - right.data3 ||
    compareOctets(left.data4, right.data4)
  );
}

function compareOctets(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
