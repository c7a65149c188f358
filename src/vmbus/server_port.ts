/**
 * The way from a server to its devices, its relay and its guest's event flags. Work on the server
 * is done in full before requests go out, and requests in full before the next work.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/lib.rs (`ServerTaskInner`, `handle_response`,
 * `unstick_channels`).
 *
 * @module
 */
import { refusal } from "../machine/mod.ts";
import {
  SHARED_CONNECTION_ID,
  SHARED_EVENT_FLAG,
  setForGuest,
  takeForHost,
} from "./channel_bitmap.ts";
import { closeComplete } from "./closing.ts";
import type { ServerRelay } from "./connection.ts";
import { completeModify } from "./contact.ts";
import type { ControlPlane, Request } from "./control_plane.ts";
import { alignedPages } from "./gpa_ranges.ts";
import { gpadlCreated, gpadlTorndown } from "./gpadl_requests.ts";
import { modifyChannelComplete } from "./modifying.ts";
import { openComplete } from "./opening.ts";
import { CONNECTION_STATE, REDIRECT_INTERRUPT, STATUS } from "./protocol.ts";
import { readerNeedsSignal, writerNeedsSignal } from "./ring.ts";
import { ringsOf } from "./ring_memory.ts";
import type { Channel } from "./server_channel.ts";

/** Features of a server without a relay: there is nobody who could lack one. */
const EVERY_FEATURE = 0xffff_ffff;

export class ServerPort {
  readonly plane: ControlPlane;
  relay: ServerRelay | null = null;
  running = false;
  #busy = false;
  /** Answers that came while the server was stopped. */
  #answers: (() => void)[] = [];

  constructor(plane: ControlPlane) {
    this.plane = plane;
  }

  /**
   * Does `work`, and then sends the messages and makes the requests that have come of it. What
   * waited before stays until the server runs, and so does what comes behind it.
   */
  settling(work: () => void): void {
    const { plane } = this;
    const waits = plane.pending.length > 0;
    work();
    if (this.#busy) return;
    this.#busy = true;
    try {
      this.#flush(waits);
      for (let request = plane.requests.shift(); request; request = plane.requests.shift()) {
        this.#make(request);
        this.#flush(waits);
      }
    } finally {
      this.#busy = false;
    }
    plane.guest?.wake();
  }

  #flush(waits: boolean): void {
    if (this.running || !waits) this.plane.flush();
  }

  /** An answer of a device; a stopped server takes it when it is started again. */
  answered(work: () => void): void {
    if (this.running) this.settling(work);
    else this.#answers.push(work);
  }

  /** Takes the answers that have come meanwhile. */
  takeUp(): void {
    const answers = this.#answers;
    this.#answers = [];
    for (const work of answers) this.settling(work);
  }

  #make(request: Request): void {
    const { plane } = this;
    if (request.kind === "connection") {
      const { relay } = this;
      if (relay !== null) {
        plane.relayOwes++;
        relay.modifyConnection(request.request);
      } else {
        const connectionState = CONNECTION_STATE.successful;
        completeModify(plane, { connectionState, featureFlags: EVERY_FEATURE });
      }
      return;
    }
    const { channel } = request;
    const { device } = channel;
    if (device === null) return;
    switch (request.kind) {
      case "open": {
        channel.opened = request.params;
        const opened = device.open(request.params);
        if (opened === null) return;
        this.answered(() => openComplete(plane, channel, statusOf(opened)));
        return;
      }
      case "close":
        channel.opened = null;
        if (device.close() !== null) this.answered(() => closeComplete(plane, channel));
        return;
      case "gpadl": {
        const { gpadlId, ranges } = request;
        const taken = device.gpadl(gpadlId, ranges);
        if (taken === null) return;
        this.answered(() => gpadlCreated(plane, channel, gpadlId, statusOf(taken)));
        return;
      }
      case "teardown": {
        const { gpadlId, again } = request;
        if (device.teardownGpadl(gpadlId, again) === null) return;
        this.answered(() => gpadlTorndown(plane, channel, gpadlId));
        return;
      }
      case "modify": {
        const status = device.modify(request.targetVp);
        if (status === null) return;
        this.answered(() => modifyChannelComplete(plane, channel, status));
      }
    }
  }

  /** The guest signals `connectionId`. */
  signal(connectionId: number): void {
    const page = this.#interruptPage;
    if (connectionId === SHARED_CONNECTION_ID && page !== null) {
      const flags = takeForHost(this.plane.surroundings.memory, page);
      for (const flag of flags) this.#deliver((opened) => opened.eventFlag === flag);
    } else this.#deliver((opened) => opened.connectionId === connectionId);
  }

  #deliver(isMeant: (opened: NonNullable<Channel["opened"]>) => boolean): void {
    for (const { opened, device } of this.plane.channels) {
      if (opened === null || device === null || !isMeant(opened)) continue;
      device.signaled();
      return;
    }
  }

  /** A device signals the guest. */
  interrupt({ opened }: Channel): void {
    if (opened === null) return;
    const { guest, surroundings } = this.plane;
    const redirected = (opened.request.flags & REDIRECT_INTERRUPT) !== 0;
    const page = this.#interruptPage;
    if (page === null || redirected) guest?.interrupt(opened.eventFlag, redirected);
    else {
      setForGuest(surroundings.memory, page, opened.eventFlag);
      guest?.interrupt(SHARED_EVENT_FLAG, false);
    }
  }

  get #interruptPage(): bigint | null {
    const { connection } = this.plane;
    return connection.kind === "Connected" ? connection.info.interruptPage : null;
  }

  /** Signals whoever may be waiting for a signal that got lost. */
  unstick(): void {
    const { plane } = this;
    plane.log.info("unsticking channels after lost synic events");
    for (const channel of plane.channels) {
      try {
        this.#unstickOne(channel);
      } catch (error) {
        plane.log.warn(`could not unstick channel: ${refusal(error).message}`);
      }
    }
  }

  #unstickOne(channel: Channel): void {
    const { opened, device, gpadls } = channel;
    if (opened === null || device === null) return;
    const { ring_buffer_gpadl_id: id, downstream_ring_buffer_page_offset: offset } = opened.request;
    const gpadl = gpadls.get(id[0]);
    const pages = gpadl === undefined ? null : alignedPages(gpadl.count, gpadl.octets);
    if (pages === null) return;
    const { fromGuest, toGuest } = ringsOf(this.plane.surroundings.memory, pages, offset);
    if (readerNeedsSignal(fromGuest) || writerNeedsSignal(toGuest)) device.signaled();
    if (readerNeedsSignal(toGuest) || writerNeedsSignal(fromGuest)) this.interrupt(channel);
  }
}

function statusOf(succeeded: boolean): number {
  return succeeded ? STATUS.success : STATUS.unsuccessful;
}
