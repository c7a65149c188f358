/**
 * Connections to an adapter that are taken on lease, one by each rig, and given back. One that is
 * lost is replaced, so that nobody gets what somebody else has broken.
 *
 * @module
 */

import { ProtocolError } from "./answer.ts";
import type { Open } from "./channel.ts";
import { Link, type LinkOptions } from "./link.ts";
import { type Hello, PROTOCOL_MAX, PROTOCOL_MIN } from "./messages.ts";

export interface PoolOptions extends LinkOptions {
  readonly open: Open;
  readonly harness: string;
  /** Each connection has one user. */
  readonly fresh?: boolean;
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #idle: Link[] = [];
  readonly #all = new Set<Link>();
  #hello: Hello | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** What the adapter says of itself; the first connection is made for it. */
  async hello(): Promise<Hello> {
    if (this.#hello === undefined) this.giveBack(await this.#connect());
    return this.#hello as Hello;
  }

  /** A connection for one user. */
  async take(): Promise<Link> {
    const link = this.#idle.pop();
    if (link === undefined) return await this.#connect();
    if (!link.isUsable) {
      this.#forget(link);
      return await this.take();
    }
    link.lease();
    return link;
  }

  giveBack(link: Link): void {
    if (link.isUsable && !this.#options.fresh) this.#idle.push(link);
    else this.#forget(link);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((link) => link.close()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  #forget(link: Link): void {
    link.end();
    this.#all.delete(link);
  }

  async #connect(): Promise<Link> {
    const { open, harness } = this.#options;
    const link = new Link(open, this.#options);
    this.#all.add(link);
    try {
      const hello = await link.ask("hello", {
        protocol: { min: PROTOCOL_MIN, max: PROTOCOL_MAX },
        harness,
        frames: link.canFrame,
      });
      this.#demandSame(hello);
      if (hello.frames === true && link.canFrame) link.agreeOnFrames();
      link.lease();
      return link;
    } catch (error) {
      this.#forget(link);
      throw error;
    }
  }

  /** Every process of an adapter is the same adapter. */
  #demandSame(hello: Hello): void {
    const { protocol } = hello;
    if (protocol < PROTOCOL_MIN || protocol > PROTOCOL_MAX) {
      throw new ProtocolError(
        `it picked protocol ${protocol}, which must be ${PROTOCOL_MIN} to ${PROTOCOL_MAX}`,
      );
    }
    const first = this.#hello;
    if (first !== undefined && JSON.stringify(first) !== JSON.stringify(hello)) {
      throw new ProtocolError("it says something else of itself than when it was first started");
    }
    this.#hello = hello;
  }
}
