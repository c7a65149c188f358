/**
 * Connections to a server of HTTP, which has none that mean something: a header tells them apart,
 * so that two runs never share a rig. Who has not asked for long is gone, and so are its machines.
 *
 * @module
 */
import type { Served } from "./served.ts";
import { AdapterServer } from "./server.ts";

/** Who has not asked between so many sweeps is not taken to ask again. */
const IDLE_SWEEPS = 10;
/** So many are served at once; the one that has waited longest makes room. */
const CONNECTIONS_MAX = 256;

interface Connection {
  readonly server: AdapterServer;
  /** The sweep after which it has last asked. */
  readonly asked: number;
}

export class Connections {
  readonly #served: Served;
  /** The one that has waited longest is first. */
  readonly #all = new Map<string, Connection>();
  #sweeps = 0;

  constructor(served: Served) {
    this.#served = served;
  }

  /** Who answers what comes on the connection `name` now. */
  at(name: string): AdapterServer {
    const server = this.#all.get(name)?.server ?? new AdapterServer(this.#served, false);
    this.#all.delete(name);
    this.#all.set(name, { server, asked: this.#sweeps });
    return server;
  }

  /** Ends those that have been idle for too long, and those that are too many. */
  async sweep(): Promise<void> {
    this.#sweeps++;
    for (const [name, { server, asked }] of this.#all) {
      if (this.#sweeps - asked < IDLE_SWEEPS && this.#all.size <= CONNECTIONS_MAX) break;
      this.#all.delete(name);
      await server.close();
    }
  }

  async close(): Promise<void> {
    for (const { server } of this.#all.values()) await server.close();
    this.#all.clear();
  }
}
