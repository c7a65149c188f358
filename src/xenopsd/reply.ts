/** What `UPDATES.get` answers, and what may happen to the record of changes. */
import type { DynamicId } from "../xenops_interface/mod.ts";

export interface Reply {
  readonly barriers: readonly (readonly [number, readonly DynamicId[]])[];
  readonly ids: readonly DynamicId[];
  readonly token: number;
}

export type UpdateChange = "add" | "remove" | "filter" | "inject" | "remove_barrier";
