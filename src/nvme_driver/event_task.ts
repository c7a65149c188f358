/**
 * The driver's task for asynchronous events: asks for one, reads the list of changed namespaces,
 * says which they are, and asks for the next. After a failure it asks no more. Source:
 * microsoft/openvmm, nvme_driver driver.rs `handle_asynchronous_events`.
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { ChainError } from "../machine/mod.ts";
import { CHANGED_NAMESPACES_MAX, LOG_PAGE } from "../nvme/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import type { DriverContext } from "./driver_context.ts";
import { nvmeError } from "./request_error.ts";

/** Type of an asynchronous event that is a notice. */
const EVENT_NOTICE = 2;
/** CDW10 of Get Log Page: 1024 dwords of the changed namespace list. */
const CHANGED_NAMESPACES = ((CHANGED_NAMESPACES_MAX - 1) << 16) | LOG_PAGE.CHANGED_NAMESPACES;

/** Called with the list as the controller gives it: identifiers, or one that stands for all. */
export type ChangedNamespaces = (nsids: readonly number[]) => void;

export class EventTask {
  readonly #context: DriverContext;
  readonly #admin: AdminQueue;
  readonly #onChanged: ChangedNamespaces;

  constructor(context: DriverContext, admin: AdminQueue, onChanged: ChangedNamespaces) {
    this.#context = context;
    this.#admin = admin;
    this.#onChanged = onChanged;
  }

  /** Asks for the next event; the request itself is the admin queue's or an ordinary command. */
  ask(): void {
    if (this.#context.release.asynchronousEvents === "queue") {
      this.#admin.nextEvent((dw0, status) => {
        this.#take(dw0, status === 0 ? null : nvmeError(status));
      });
      return;
    }
    this.#admin.send("ASYNCHRONOUS_EVENT_REQUEST", {}, ({ dw0, error }) => this.#take(dw0, error));
  }

  #take(dw0: number, error: ChainError | null): void {
    if (error !== null) {
      this.#fail(new ChainError("asynchronous event request failed", error));
      return;
    }
    if ((dw0 & 7) === EVENT_NOTICE) {
      this.#readChanged();
      return;
    }
    const text = `unhandled asynchronous event 0x${dw0.toString(16)}`;
    this.#context.environment.log.info(text);
    this.ask();
  }

  #readChanged(): void {
    this.#admin.ask("GET_LOG_PAGE", { cdw10: CHANGED_NAMESPACES }, ({ error, data }) => {
      if (error !== null) {
        this.#fail(new ChainError("failed to query changed namespace list", error));
        return;
      }
      this.#onChanged(listOf(data));
      this.ask();
    });
  }

  #fail({ message }: ChainError): void {
    const text = `asynchronous event failure, not processing any more: ${message}`;
    this.#context.environment.log.error(text);
  }
}

/** Identifiers up to the first zero. */
function listOf(data: Uint8Array): number[] {
  const nsids: number[] = [];
  for (let at = 0; at < data.length; at += 4) {
    const nsid = u32At(data, at);
    if (nsid === 0) break;
    nsids.push(nsid);
  }
  return nsids;
}
