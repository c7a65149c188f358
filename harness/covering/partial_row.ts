/**
 * A row on its way: values come and go, and the rules say at once which ones still fit.
 *
 * @module
 */
import type { Rule } from "./rule.ts";

/** A rule, as one of its dimensions sees it. */
interface Concern {
  readonly rule: number;
  readonly stride: number;
  readonly cells: Uint8Array;
}

export class PartialRow {
  /** By dimension; -1 where there is no value yet. */
  readonly values: number[];
  readonly #concerns: readonly (readonly Concern[])[];
  /** Cell of each rule's table that the values lead to. */
  readonly #at: number[];

  constructor(dimensions: number, rules: readonly Rule[]) {
    this.values = new Array(dimensions).fill(-1);
    this.#at = rules.map(() => 0);
    const concerns: Concern[][] = this.values.map(() => []);
    for (const [rule, { table, dimensions }] of rules.entries()) {
      for (const [index, dimension] of dimensions.entries()) {
        const stride = table.strides[index] ?? 0;
        concerns[dimension]?.push({ rule, stride, cells: table.cells });
      }
    }
    this.#concerns = concerns;
  }

  /** False when no rule-abiding row has `value` beside the values that are there. */
  fits(dimension: number, value: number): boolean {
    for (const { rule, stride, cells } of this.#concerns[dimension] ?? []) {
      if (cells[(this.#at[rule] ?? 0) + stride * (value + 1)] === 0) return false;
    }
    return true;
  }

  /** Gives `dimension`, which has none, a value. */
  set(dimension: number, value: number): void {
    this.values[dimension] = value;
    this.#shift(dimension, value + 1);
  }

  /** Takes the value of `dimension` away, if it has one. */
  clear(dimension: number): void {
    const value = this.values[dimension] ?? -1;
    this.values[dimension] = -1;
    this.#shift(dimension, -(value + 1));
  }

  #shift(dimension: number, steps: number): void {
    for (const { rule, stride } of this.#concerns[dimension] ?? []) {
      this.#at[rule] = (this.#at[rule] ?? 0) + stride * steps;
    }
  }
}
