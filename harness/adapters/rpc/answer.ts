/**
 * What an answer of an adapter means: a result of the right shape, an error that says how a hop
 * ended, or a fault of the adapter.
 *
 * @module
 */
import {
  CrashedError,
  HungError,
  RefusedError,
  SaveError,
  UnsupportedError,
} from "../../adapter.ts";
import { CODES, METHODS, type MethodName, type RpcError } from "./messages.ts";
import { octetsOf } from "./octets.ts";

/** The adapter did what the protocol does not allow; no implementation is to blame. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** A result with the octets of its state in their place, or what is wrong with it. */
export function resultOf(method: MethodName, result: unknown): object | string {
  const found = METHODS[method].result.check(result, "/result");
  if (found !== undefined) return found;
  const { state } = result as { readonly state?: object };
  if (state === undefined || !("base64" in state)) return result as object;
  const octets = octetsOf(state);
  if (octets === undefined) return "/result/state/base64 must be base64";
  return { ...(result as object), state: octets };
}

export function errorOf({ code, message, data }: RpcError, method: MethodName): Error {
  const text = message.replace(/\s*\n\s*/g, " ").trim();
  switch (code) {
    case CODES.unsupported:
    case CODES.absent:
      return new UnsupportedError(text);
    case CODES.refused:
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
