/**
 * Requests about watches, transactions and the connection itself; they are common to all daemons
 * but for a few answers.
 *
 * Source: xen, docs/misc/xenstore.txt, "Watches" and "Transactions".
 *
 * @module
 */

import { canonicalPath, homeOf, isAbsolute, splitPath } from "./path.ts";
import { type Answer, type Handlers, OK, type Request } from "./request.ts";
import { refusal } from "./request_error.ts";
import { numberAtFront, stringsOf, textOf } from "./text.ts";
import { DEPTH_UNLIMITED, type Watch } from "./watch.ts";
import { TYPE } from "./wire.ts";

/** Path, token and depth of WATCH and UNWATCH. */
function watchOf(request: Request, depthAllowed: boolean): Watch {
  const { connection, daemon, message } = request;
  const strings = stringsOf(message.body);
  const [text = "", token = "", depth] = strings;
  const countMax = depthAllowed && daemon.profile.features !== undefined ? 3 : 2;
  const strict = daemon.profile.specialsInTree && message.body.at(-1) !== 0;
  if (strings.length < 2 || strings.length > countMax || strict) throw refusal("EINVAL");
  const { domid } = connection;
  const { pathMax } = daemon.profile;
  const max = connection.privileged ? pathMax.privileged : pathMax.guest;
  // C before 4.18 looks at the length of special names only, oxenstored at nothing.
  const isUnchecked = daemon.profile.specialPerms === undefined && text[0] === "@";
  if (isUnchecked && text.length > max) throw refusal("EINVAL");
  const path =
    daemon.profile.specialsInTree || isUnchecked
      ? splitPath(text, domid, Number.POSITIVE_INFINITY)
      : canonicalPath(text, domid, max, true);
  return {
    path,
    token,
    prefix: isAbsolute(text) ? 0 : homeOf(domid).length + 1,
    depth: depth === undefined ? DEPTH_UNLIMITED : numberAtFront(depth),
  };
}

function watch(request: Request): Answer {
  const { connection, daemon } = request;
  const added = watchOf(request, true);
  const { path, token, prefix } = added;
  const { watches } = connection;
  const check = () => {
    if (!connection.privileged && watches.length >= daemon.quota("watches", connection.domid)) {
      throw refusal(daemon.profile.errors.watchQuota);
    }
  };
  // oxenstored looks at the quota first.
  if (daemon.profile.specialsInTree) check();
  if (watches.some((it) => it.path === path && it.token === token)) throw refusal("EEXIST");
  check();
  daemon.watches.add(connection, added);
  request.afterwards.push(() => connection.sendEvent(path.slice(prefix), token));
  return OK;
}

function unwatch(request: Request): Answer {
  const { connection, daemon } = request;
  const { path, token } = unwatched(request);
  const found = connection.watches.find((it) => it.path === path && it.token === token);
  if (found === undefined) throw refusal("ENOENT");
  daemon.watches.remove(connection, found);
  return OK;
}

/** oxenstored, and C before 4.18, look the path up without checking it. */
function unwatched(request: Request): Pick<Watch, "path" | "token"> {
  const { specialPerms, specialsInTree } = request.daemon.profile;
  if (!specialsInTree && specialPerms !== undefined) return watchOf(request, false);
  if (!specialsInTree) return uncheckedWatch(request);
  const strings = textOf(request.message.body).split("\0");
  const [text = "", token = ""] = strings;
  if (strings.length !== 3 || strings[2] !== "" || text === "") throw refusal("EINVAL");
  const path = isAbsolute(text) ? text : `${homeOf(request.connection.domid)}/${text}`;
  return { path, token };
}

function uncheckedWatch({ connection, message }: Request): Pick<Watch, "path" | "token"> {
  const [text = "", token = "", ...rest] = stringsOf(message.body);
  if (rest.length > 0 || stringsOf(message.body).length < 2) throw refusal("EINVAL");
  return { path: isAbsolute(text) ? text : `${homeOf(connection.domid)}/${text}`, token };
}

function resetWatches({ connection, daemon }: Request): Answer {
  daemon.watches.removeAll(connection);
  daemon.dropTransactions(connection);
  return OK;
}

function startTransaction(request: Request): Answer {
  const { connection, daemon, transaction } = request;
  if (transaction !== undefined) throw refusal("EBUSY");
  const { transactions } = connection;
  const max = daemon.quota("transactions", connection.domid);
  if (!connection.privileged && transactions.size >= max) {
    throw refusal(daemon.profile.errors.transactionQuota);
  }
  while (transactions.has(connection.nextTransaction) || connection.nextTransaction === 0) {
    connection.nextTransaction = nextId(connection.nextTransaction);
  }
  const id = connection.nextTransaction;
  connection.nextTransaction = nextId(id);
  connection.transactionsSince ??= daemon.now;
  transactions.set(id, daemon.profile.transactions.start(daemon, connection));
  return `${id}\0`;
}

function nextId(id: number): number {
  return (id + 1) >>> 0;
}

function endTransaction(request: Request): Answer {
  const { connection, daemon, transaction, message } = request;
  const text = textOf(message.body);
  // oxenstored looks at what is before the first NUL.
  const word = daemon.profile.specialsInTree ? `${text.split("\0", 1)[0]}\0` : text;
  const isGood = word === "T\0";
  if (!isGood && word !== "F\0") throw refusal("EINVAL");
  if (transaction === undefined) throw refusal("ENOENT");
  connection.transactions.delete(message.txId);
  if (connection.transactions.size === 0) connection.transactionsSince = undefined;
  try {
    if (isGood) transaction.commit();
  } finally {
    transaction.end();
  }
  return OK;
}

export const SESSION: Handlers = {
  [TYPE.WATCH]: watch,
  [TYPE.UNWATCH]: unwatch,
  [TYPE.RESET_WATCHES]: resetWatches,
  [TYPE.TRANSACTION_START]: startTransaction,
  [TYPE.TRANSACTION_END]: endTransaction,
};
