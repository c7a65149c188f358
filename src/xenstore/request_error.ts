/**
 * A request that is answered with an error of the protocol.
 *
 * Source: xen, xen/include/public/io/xs_wire.h, xsd_errors; EQUOTA is oxenstored's own.
 *
 * @module
 */

export type ErrorName =
  | "EINVAL"
  | "EACCES"
  | "EEXIST"
  | "ENOENT"
  | "ENOMEM"
  | "ENOSPC"
  | "EIO"
  | "ENOSYS"
  | "EBUSY"
  | "EAGAIN"
  | "E2BIG"
  | "EPERM"
  | "EQUOTA";

export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: ErrorName;

  constructor(code: ErrorName) {
    super(code);
    this.code = code;
  }
}

/**
 * The error `code`. They are made once: a trace costs more than the request that failed, and
 * nobody reads it.
 */
export function refusal(code: ErrorName): RequestError {
  let error = refusals.get(code);
  if (error === undefined) {
    error = new RequestError(code);
    refusals.set(code, error);
  }
  return error;
}

const refusals = new Map<ErrorName, RequestError>();
