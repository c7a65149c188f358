/**
 * A server at a socket as a target of cases, whatever it is: it must speak JSON-RPC by HTTP POST.
 *
 * @module
 */
import type { NetConnectOpts } from "node:net";
import {
  ERROR,
  METHODS,
  type MethodName,
  RpcDict,
  type RpcValue,
  readJson,
  type Task,
  type Vm,
  writeJson,
} from "../../../src/xenops_interface/mod.ts";
import type { Capability, XenopsBench, XenopsTarget } from "../../facets/xenopsd.ts";
import { ClientConnection } from "./client_connection.ts";

/** What can be asked of a server of which only its socket is known. */
export const WIRE_CAPABILITIES: readonly Capability[] = [
  "active-flag",
  "barriers",
  "cancel",
  "cancel-trigger",
  "consoles",
  "diagnostics",
  "images",
  "metadata-export",
  "pause-visible",
  "updates",
  "vgpu",
  "wire",
];

/** How often to look whether a server is at rest, and for how long. */
const [LOOK_MS, LOOKS_MAX] = [5, 4000];

/** A server that goes on from case to case: before each, what the last one left is removed. */
export function wireBench(at: NetConnectOpts): XenopsBench {
  return {
    name: "server",
    capabilities: new Set(WIRE_CAPABILITIES),
    async open() {
      const target = new WireTarget(at);
      await target.clear();
      return target;
    },
  };
}

export class WireTarget implements XenopsTarget {
  readonly #at: NetConnectOpts;

  constructor(at: NetConnectOpts) {
    this.#at = at;
  }

  async call(method: string, params: object = {}): Promise<unknown> {
    const known = METHODS[method as MethodName];
    const named = known.params.encode({ debug_info: "cases", ...params } as never);
    const request = new RpcDict([
      ["method", method],
      ["params", [named]],
      ["id", 1n],
    ]);
    const reply = readJson(await this.wire(writeJson(request))) as RpcDict;
    const error = reply.get("error") ?? null;
    if (error !== null) throw ERROR.decode(error);
    return known.result.decode(reply.get("result") as RpcValue);
  }

  async settle(): Promise<void> {
    for (let looks = 0; !(await this.#isAtRest()); looks++) {
      if (looks > LOOKS_MAX) throw new Error("Cannot rest as the server goes on");
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Each request has a connection of its own, as others may wait for long. */
  async wire(text: string): Promise<string> {
    const connection = new ClientConnection(this.#at);
    try {
      return (await connection.http("POST", "/", text)).body;
    } finally {
      connection.close();
    }
  }

  /** Ends and removes every VM, and forgets every task. */
  async clear(): Promise<void> {
    for (const [{ id }] of (await this.call("VM.list")) as [Vm][]) {
      await this.call("VM.shutdown", { id });
      await this.settle();
      await this.call("VM.remove", { id });
    }
    for (const { id } of (await this.call("Task.list")) as Task[]) {
      await this.call("Task.destroy", { id });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async #isAtRest(): Promise<boolean> {
    const { queues, workers } = JSON.parse((await this.call("get_diagnostics")) as string) as {
      queues: { works: unknown[] }[];
      workers: { state: string }[];
    };
    const isEmpty = queues.every(({ works }) => works.length === 0);
    return isEmpty && workers.every(({ state }) => !state.startsWith("Processing"));
  }
}
