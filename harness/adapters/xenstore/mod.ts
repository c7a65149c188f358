/**
 * The model of XenStore for the outside: as a daemon on a socket.
 *
 * @module
 */
import { PROFILES } from "../../../src/xenstore/mod.ts";
import { SocketServer } from "./socket_server.ts";

export interface ServeOptions {
  readonly socket: string;
  readonly profile: string;
  readonly state?: Uint8Array;
  readonly inherit: boolean;
  /** Seconds of a clock that never goes back. */
  readonly now: () => number;
}

/** The model as a daemon. */
export const xenstore = {
  /** Names of the daemons that the model can stand for. */
  profiles: Object.keys(PROFILES),
  /** Serves at a socket until the result is stopped. */
  async serve(options: ServeOptions): Promise<{ stop(): Promise<void> }> {
    const { socket: path, profile: name, ...rest } = options;
    const profile = PROFILES[name];
    if (profile === undefined) throw new RangeError(`Cannot find profile "${name}"`);
    const server = new SocketServer({ ...rest, path, profile });
    await server.start();
    return server;
  },
};
