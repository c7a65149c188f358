/**
 * Requests as JSON-RPC has them, in the two flavours that are read, and their answers in the one
 * that is written.
 *
 * Source: ocaml-rpc, `jsonrpc.ml`, `idl.ml`; xen-api, `xenopsd.ml`. The id of an answer is always
 * 0: whoever carries it knows what it belongs to. Two methods may have parameters by position, as
 * older senders have them.
 *
 * @module
 */
import { ERROR, errorOf } from "./error.ts";
import { readJson } from "./json_reader.ts";
import { writeJson } from "./json_writer.ts";
import { METHODS, type MethodName, type ParamsOf } from "./methods_table.ts";
import { RpcDict, type RpcValue } from "./rpc.ts";

/** A request whose method is known and whose parameters are of their types. */
export type Call = {
  readonly [M in MethodName]: { readonly method: M; readonly params: ParamsOf<M> };
}[MethodName];

/** A method and its parameters, neither of which has been looked at. */
export interface Request {
  readonly method: string;
  readonly params: readonly RpcValue[];
}

/** What is no request at all, or one of a method that nobody knows. */
export class RequestError extends Error {}

/** The request in a text; throws `RequestError`, or `JsonError`. */
export function readRequest(text: string): Request {
  const body = readJson(text);
  if (!(body instanceof RpcDict)) throw malformed("a dict", body);
  const method = body.get("method");
  if (typeof method !== "string") throw malformed("one with a method", method);
  const version = body.get("jsonrpc");
  if (version !== undefined && version !== "2.0") throw malformed("version 2.0", version);
  const id = body.get("id");
  if (typeof id !== "bigint" && typeof id !== "string") throw malformed("one with an id", id);
  return { method, params: paramsOf(body.get("params"), version !== undefined) };
}

/** Throws `RequestError`, or `RpcDecodeError`. */
export function decodeCall(request: Request): Call {
  const { method } = request;
  if (!Object.hasOwn(METHODS, method)) {
    const current = JSON.stringify(method.slice(0, METHOD_SHOWN_MAX));
    throw new RequestError(`Cannot call a method as it must be known: current value is ${current}`);
  }
  const [first = null] = named(request);
  return { method, params: METHODS[method as MethodName].params.decode(first) } as Call;
}

/** The answer to a call that has been performed. */
export function writeResult(result: RpcValue): string {
  return `{"result":${writeJson(result)},"error":null,"id":0}`;
}

/** The answer to a call that has failed, whatever was thrown. */
export function writeFailure(thrown: unknown): string {
  return `{"result":null,"error":${writeJson(ERROR.encode(errorOf(thrown)))},"id":0}`;
}

const METHOD_SHOWN_MAX = 60;
/** Methods that may have parameters by position, and what the second one is called. */
const BY_POSITION = new Map([
  ["VM.import_metadata", "metadata"],
  ["query", "unit"],
]);

function named({ method, params }: Request): readonly RpcValue[] {
  const second = BY_POSITION.get(method);
  const [debugInfo, value] = params;
  if (second === undefined || params.length !== 2) return params;
  return [
    new RpcDict([
      ["debug_info", debugInfo as RpcValue],
      [second, value as RpcValue],
    ]),
  ];
}

function paramsOf(params: RpcValue | undefined, isVersion2: boolean): readonly RpcValue[] {
  if (Array.isArray(params)) return params as readonly RpcValue[];
  if (isVersion2) {
    if (params === undefined || params === null) return [];
    if (params instanceof RpcDict) return [params];
  }
  throw malformed("one with parameters", params);
}

function malformed(requirement: string, found: RpcValue | undefined): RequestError {
  const current = found === undefined ? "absent" : typeof found;
  return new RequestError(`Cannot read a request as ${requirement}: current value is ${current}`);
}
