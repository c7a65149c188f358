/**
 * Values of the interface of xenopsd before they are typed: what JSON and XML-RPC bodies carry.
 *
 * Source: ocaml-rpc, `Rpc.t`. Whole numbers are `bigint`, so that 64 bits survive; a `number` is a
 * float, whatever its value. Keys keep their order and may come twice.
 *
 * @module
 */

export type RpcValue = null | boolean | string | bigint | number | readonly RpcValue[] | RpcDict;

export type RpcEntry = readonly [key: string, value: RpcValue];

export class RpcDict {
  readonly entries: readonly RpcEntry[];

  constructor(entries: readonly RpcEntry[]) {
    this.entries = entries;
  }

  /** The first value with exactly this key. */
  get(key: string): RpcValue | undefined {
    return this.entries.find(([name]) => name === key)?.[1];
  }
}

/** Whole numbers of the interface have 64 bits and a sign. */
export const INT64_MIN = -(1n << 63n);
export const INT64_MAX = (1n << 63n) - 1n;
