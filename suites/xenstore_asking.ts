/**
 * How suites of the xenstore ask: what must be answered, and what is put there before an update.
 *
 * @module
 */
import type { Xenstore, XenstoreConnection, XenstoreRequest } from "../harness/facets/xenstore.ts";
import { check, type Preparation } from "../harness/mod.ts";

/** The answer to `request`, which must not be an error. */
export async function demand(
  connection: XenstoreConnection,
  request: XenstoreRequest,
  txid = 0,
): Promise<string> {
  const { error, body } = await connection.ask(request, txid);
  check(error === null, `${textOf(request)} is answered ${error}`);
  return body;
}

/** What clients do before the first save. */
export function prepared(name: string, apply: (xenstore: Xenstore) => Promise<void>): Preparation {
  return {
    name,
    needs: ["xenstore"],
    apply: ({ xenstore }) => apply(xenstore as Xenstore),
  };
}

/** Octets a reader can see, in one line. */
export function shown(octets: string): string {
  const text = octets.replace(/[^ -~]/g, (octet) => {
    return `\\x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return text.length > 60 ? `"${text.slice(0, 60)}..."` : `"${text}"`;
}

/** Checks the answer to a request that was sent before, and gives its body. */
export async function demandAnswer(connection: XenstoreConnection, what: string): Promise<string> {
  const { error, body } = await connection.answer();
  check(error === null, `${what} is answered ${error}`);
  return body;
}

/** Checks that a node has its value. */
export async function demandValue(
  connection: XenstoreConnection,
  path: string,
  value: string,
): Promise<void> {
  const is = await demand(connection, { kind: "READ", body: `${path}\0` });
  check(is === value, `${shown(path)} is ${shown(is)}, not ${shown(value)}`);
}

function textOf({ kind, body }: XenstoreRequest): string {
  return `${kind} ${shown(body.replace(/\0$/, ""))}`;
}
