/**
 * One relayed channel: a device to the server, a user to the client. It does what the server asks
 * one thing after the other, and each only when the host has answered the one before; tearing down
 * a GPADL is what it does not wait for.
 *
 * Source: vm/devices/vmbus/vmbus_relay/src/lib.rs (`RelayChannelTask`) and saved_state.rs.
 *
 * @module
 */
import { ChainError, withContext } from "../machine/mod.ts";
import type { VmbusRelayChannel } from "../openhcl_state/mod.ts";
import type { ChannelDevice, OpenParams, RestoredChannel } from "./channel_device.ts";
import type { VmbusClient } from "./client.ts";
import type { ClientChannelUser } from "./client_channel.ts";
import type { GpadlRanges } from "./gpadl_messages.ts";
import type { HostChannel } from "./host_channel.ts";
import type { OfferedChannel } from "./offered_channel.ts";

const NO_STATE = new Uint8Array(0);

/** What a relay's channels have in common. */
export interface RelayShared {
  readonly running: boolean;
  /** The host cannot signal the guest by itself, so that interrupts come to the relay. */
  readonly useInterruptRelay: boolean;
  /** The channel is gone altogether, and what the server had of it is to be dropped. */
  forget(channelId: number, offered: OfferedChannel | null): void;
}

export class RelayChannel implements ChannelDevice, ClientChannelUser {
  readonly #shared: RelayShared;
  readonly #host: HostChannel;
  #offered: OfferedChannel | null = null;
  /** What the server has asked and is not begun yet. */
  readonly #asked: (() => void)[] = [];
  /** The host has to answer before the next one is begun. */
  #waits = false;
  #teardowns = 0;
  #revoked = false;
  #isOpen = false;
  #relaysInterrupts = false;
  /** The client's event flag for relayed interrupts; null while there are none. */
  #eventFlag: number | null = null;
  /** A channel whose task is gone does not answer when it is asked to save. */
  answers = true;

  constructor(shared: RelayShared, client: VmbusClient, channelId: number) {
    this.#shared = shared;
    this.#host = client.use(channelId, this);
  }

  /** The server has taken the offer. */
  offeredAs(channel: OfferedChannel): void {
    this.#offered = channel;
  }

  /** Something is under way that has to end before the channel can stop. */
  get busy(): boolean {
    return this.#waits || this.#revoked;
  }

  open(params: OpenParams): null {
    return this.#ask(() => {
      const { request, eventFlag, connectionId } = params;
      this.#relaysInterrupts = this.#shared.useInterruptRelay;
      this.#host.open({
        ringGpadlId: request.ring_buffer_gpadl_id[0],
        targetVp: request.target_vp,
        ringOffset: request.downstream_ring_buffer_page_offset,
        userData: request.user_data,
        eventFlag,
        connectionId,
        redirected: this.#relaysInterrupts,
      });
    });
  }

  opened(succeeded: boolean, eventFlag: number | null): void {
    this.#isOpen = succeeded;
    this.#eventFlag = succeeded ? eventFlag : null;
    this.#offered?.opened(succeeded);
    this.#next();
  }

  close(): null {
    return this.#ask(() => {
      this.#host.close();
      this.#isOpen = false;
      this.#eventFlag = null;
      this.#offered?.closed();
      this.#next();
    });
  }

  gpadl(gpadlId: number, ranges: GpadlRanges): null {
    return this.#ask(() => this.#host.gpadl(gpadlId, ranges));
  }

  gpadlCreated(gpadlId: number, succeeded: boolean): void {
    this.#offered?.gpadlTaken(gpadlId, succeeded);
    this.#next();
  }

  teardownGpadl(gpadlId: number): null {
    return this.#ask(() => {
      // The host may keep a GPADL for as long as the channel is open.
      this.#teardowns++;
      this.#host.teardownGpadl(gpadlId);
      this.#next();
    });
  }

  gpadlTorndown(gpadlId: number): void {
    if (this.#teardowns > 0) this.#teardowns--;
    this.#offered?.gpadlLetGo(gpadlId);
    this.#leave();
  }

  modify(targetVp: number): null {
    return this.#ask(() => this.#host.modify(targetVp));
  }

  modified(status: number): void {
    this.#offered?.modified(status);
    this.#next();
  }

  signaled(): void {
    this.#host.signal();
  }

  interrupt(): void {
    if (this.#eventFlag !== null) this.#offered?.interrupt();
  }

  revoked(): void {
    this.#revoked = true;
    this.#leave();
  }

  #ask(work: () => void): null {
    this.#asked.push(work);
    this.goOn();
    return null;
  }

  /** Begins what the server has asked, as far as the host lets it. */
  goOn(): void {
    while (this.#shared.running && !this.#waits && !this.#revoked) {
      const work = this.#asked.shift();
      if (work === undefined) return;
      this.#waits = true;
      work();
    }
  }

  #next(): void {
    this.#waits = false;
    this.goOn();
    this.#leave();
  }

  /** Goes, once the host has taken the channel and has answered everything. */
  #leave(): void {
    if (!this.#revoked || this.#waits || this.#teardowns > 0) return;
    const offered = this.#offered;
    this.#offered = null;
    this.#shared.forget(this.#host.channelId, offered);
    offered?.revoke();
    this.#host.release();
  }

  save(): VmbusRelayChannel {
    return {
      channel_id: this.#host.channelId,
      event_flag: this.#eventFlag,
      intercepted: false,
      intercepted_save_state: NO_STATE,
      is_open: this.#isOpen,
    };
  }

  restore({
    event_flag: eventFlag,
    intercepted,
    is_open: isOpen = false,
  }: VmbusRelayChannel): void {
    if (intercepted) throw new ChainError("cannot restore an intercepted channel");
    const claimed: RestoredChannel[] = [];
    withContext("failed to restore vmbus relay channel", () =>
      this.#offered?.restore(isOpen, (restored) => claimed.push(restored)),
    );
    const opened = claimed[0]?.opened ?? null;
    if (opened === null) return;
    this.#relaysInterrupts = this.#shared.useInterruptRelay;
    if (this.#relaysInterrupts && eventFlag === null) {
      throw new ChainError("using an interrupt relay but no event flag was provided");
    }
    const ownFlag = this.#relaysInterrupts ? eventFlag : null;
    withContext("client failed to restore channel", () =>
      this.#host.restoreOpened(opened.connectionId, ownFlag),
    );
    this.#isOpen = true;
    this.#eventFlag = ownFlag;
  }
}
