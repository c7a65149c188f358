/**
 * Which requests are looked at: known types, of clients that may make them, in transactions that
 * are open.
 *
 * Source: xen, tools/xenstored/core.c, process_message(); tools/ocaml/xenstored/process.ml,
 * process_packet.
 *
 * @module
 */
import type { Connection } from "./connection.ts";
import type { Handler, Profile } from "./request.ts";
import { refusal } from "./request_error.ts";
import type { Transaction } from "./transaction.ts";
import { type Header, type Message, TYPE } from "./wire.ts";

/** Types whose transaction id means nothing. */
const WITHOUT_TRANSACTION: readonly number[] = [TYPE.WATCH, TYPE.UNWATCH];

/** Who answers the request, and the transaction that it is part of. */
export function admit(
  profile: Profile,
  connection: Connection,
  { type, txId }: Header,
): { readonly handler: Handler; readonly transaction: Transaction | undefined } {
  const { handlers, privilegedTypes, errors } = profile;
  if (privilegedTypes !== undefined) {
    if (handlers[type] === undefined) throw refusal("ENOSYS");
    if (privilegedTypes.includes(type) && !connection.privileged) throw refusal("EACCES");
  }
  const handler = handlerOf(profile, type);
  if (txId === 0 || WITHOUT_TRANSACTION.includes(type)) return { handler, transaction: undefined };
  const transaction = connection.transactions.get(txId);
  if (transaction === undefined) throw refusal(errors.unknownTransaction);
  return { handler, transaction };
}

export function handlerOf({ handlers }: Profile, type: number): Handler {
  return handlers[type] ?? unknownRequest;
}

/** oxenstored forgets the transaction of a request that can be part of none. */
export function withTransaction({ specialsInTree }: Profile, message: Message): Message {
  const isForgotten = specialsInTree && WITHOUT_TRANSACTION.includes(message.type);
  return isForgotten ? { ...message, txId: 0 } : message;
}

function unknownRequest(): never {
  throw refusal("ENOSYS");
}
