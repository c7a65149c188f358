/** One request, from the moment that it has come. */
import type { XenopsError } from "../xenops_interface/mod.ts";

export interface Call {
  readonly method: string;
  /** A call that waits when the process ends waits for ever. */
  state: "waiting" | "done" | "failed";
  result: unknown;
  error: XenopsError | undefined;
  /** Called once, when it waits no longer. */
  onSettled: (() => void) | undefined;
  /** The client does not wait any more. */
  abandon(): void;
}
