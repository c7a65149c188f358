/**
 * What an answer of an adapter means: a result of the right shape, an error that says how a hop
 * ended, or a fault of the adapter.
 *
 * @module
 */
import { CrashedError, HungError, RefusedError, SaveError } from "../../adapter.ts";
import { CODES, METHODS, type MethodName, type RpcError } from "./messages.ts";
import { octetsOf } from "./octets.ts";

/** The adapter did what the protocol does not allow; no implementation is to blame. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** What is wrong with the result of `method`; its octets may be in place of their frame. */
export function resultFault(method: MethodName, result: unknown): string | undefined {
  const { state } = (result ?? {}) as { readonly state?: unknown };
  const found = METHODS[method].result.check(result, "/result");
  if (found !== undefined || state === undefined || "frame" in (state as object)) return found;
  return method === "start" || octetsOf(state) !== undefined
    ? undefined
    : "/result/state/base64 must be base64";
}

export function errorOf({ code, message, data }: RpcError, method: MethodName): Error {
  const text = message.replace(/\s*\n\s*/g, " ").trim();
  switch (code) {
    case CODES.refused:
    case CODES.unsupported:
    case CODES.absent:
      return method === "save" ? new SaveError(text, true) : new RefusedError(text);
    case CODES.crashed:
      return new CrashedError(text, (data as { killed?: unknown } | undefined)?.killed === true);
    case CODES.hung:
      return new HungError(text);
    case CODES.saveFailed: {
      const { machineRuns } = (data ?? {}) as { readonly machineRuns?: unknown };
      return new SaveError(text, machineRuns === true);
    }
    default:
      return new ProtocolError(`${method} was answered with error ${code}: ${text}`);
  }
}
