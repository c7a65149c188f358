/** Another host, as far as a migration has to do with it. */
import type { Call } from "./call.ts";
import type { Channel } from "./channel.ts";

export type Cookies = ReadonlyMap<string, string>;

export interface Peer {
  readonly isCrashed: boolean;
  readonly canRun: boolean;
  readonly isIdle: boolean;
  readonly nextDeadlineMs: number | undefined;
  call(method: string, params: unknown): Call;
  /** A request with a stream for its body; the receiver's end of it. */
  put(path: string, cookies: Cookies, channel: Channel): void;
  /** Whoever depends on the process is told when it ends. */
  onEnd(tell: () => void): void;
  step(): boolean;
}
