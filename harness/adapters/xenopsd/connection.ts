/**
 * One connection of a client: its requests are answered one after the other. It goes on to be read
 * meanwhile, so that it is seen when the client goes away, but not without bound.
 *
 * @module
 */
import type { Socket } from "node:net";
import { HttpError, responseText } from "./http_request.ts";

export interface Connection {
  push(chunk: Uint8Array): void;
}

/** Octets that a client may send while it waits for an answer. */
const AHEAD_BYTES_MAX = 1024 * 1024;

interface Reader<T> {
  push(chunk: Uint8Array): void;
  next(): T | undefined;
}

/** Answers the requests that `reader` finds. */
export function inTurn<T>(
  socket: Socket,
  reader: Reader<T>,
  answer: (request: T) => Promise<void>,
): Connection {
  let isAnswering = false;
  let aheadBytes = 0;
  const goOn = async () => {
    if (isAnswering) return;
    isAnswering = true;
    try {
      for (let next = reader.next(); next !== undefined; next = reader.next()) {
        await answer(next);
        aheadBytes = 0;
        socket.resume();
      }
    } catch (error) {
      refuse(socket, error);
    }
    isAnswering = false;
  };
  return {
    push(chunk) {
      reader.push(chunk);
      if (isAnswering) aheadBytes += chunk.length;
      if (aheadBytes > AHEAD_BYTES_MAX) socket.pause();
      void goOn();
    },
  };
}

/** Writes to a client, if it is still there. */
export function send(socket: Socket, text: string, keepAlive = true): void {
  if (socket.destroyed) return;
  if (keepAlive) socket.write(text);
  else socket.end(text);
}

function refuse(socket: Socket, error: unknown): void {
  const status = error instanceof HttpError ? error.status : 500;
  const reason = error instanceof Error ? error.message : String(error);
  send(socket, responseText({ status, body: `${reason}\n` }, false), false);
}
