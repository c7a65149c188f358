/**
 * A channel of the host as its user has it: what is asked of the host. Answers come to the
 * `ClientChannelUser`.
 *
 * Source: vm/devices/vmbus/vmbus_client/src/lib.rs (`handle_open_channel`, `handle_gpadl`,
 * `handle_gpadl_teardown`, `handle_modify_channel`, `handle_restore_channel`).
 *
 * @module
 */
import { ChainError, Panic } from "../machine/mod.ts";
import { type ClientChannel, type ClientOpenRequest, OFFERED } from "./client_channel.ts";
import type { ClientState } from "./client_state.ts";
import { type GpadlRanges, gpadlMessages } from "./gpadl_messages.ts";
import { MESSAGE } from "./messages.ts";
import { FEATURE, REDIRECT_INTERRUPT } from "./protocol.ts";

const SIGNAL_FEATURES =
  FEATURE.guestSpecifiedSignalParameters | FEATURE.channelInterruptRedirection;

export class HostChannel {
  readonly channelId: number;
  readonly #state: ClientState;

  constructor(state: ClientState, channelId: number) {
    this.#state = state;
    this.channelId = channelId;
  }

  open(request: ClientOpenRequest): void {
    const channel = this.#find();
    const why = this.#whyNot(channel, request);
    if (why !== null) {
      this.#state.surroundings.log.error(`failed to open channel: ${why}`);
      channel.user?.opened(false, null);
      return;
    }
    const { redirected, connectionId } = request;
    const ownFlag = redirected ? this.#state.allocateEventFlag() : null;
    channel.state = { kind: "Opening", connectionId, eventFlag: ownFlag };
    this.#state.send(this.#openMessage(request, ownFlag));
  }

  #whyNot({ state }: ClientChannel, { eventFlag, redirected }: ClientOpenRequest): string | null {
    if (state.kind === "Revoked") return "channel revoked";
    if (state.kind !== "Offered") return `invalid channel state: ${state.kind}`;
    if (this.#state.has(SIGNAL_FEATURES)) return null;
    if (eventFlag !== this.channelId) return "host does not support specifying the event flag";
    return redirected ? "host does not support redirecting interrupts" : null;
  }

  #openMessage(request: ClientOpenRequest, ownFlag: number | null): Uint8Array {
    const { connectionId, eventFlag } = request;
    const open = {
      channelId: this.channelId,
      openId: 0,
      ringBufferGpadlId: request.ringGpadlId,
      targetVp: request.targetVp,
      downstreamRingBufferPageOffset: request.ringOffset,
      userData: request.userData,
    };
    if (!this.#state.has(SIGNAL_FEATURES)) return MESSAGE.openChannel.encode(open);
    const flags = ownFlag === null ? 0 : REDIRECT_INTERRUPT;
    const signals = { connectionId, eventFlag: ownFlag ?? eventFlag, flags };
    return MESSAGE.openChannel2.encode({ ...open, ...signals });
  }

  /** There is no answer to a close. */
  close(): void {
    const channel = this.#find();
    const { state: was } = channel;
    if (was.kind !== "Opened") {
      this.#state.surroundings.log.warn("invalid channel state for close channel");
      return;
    }
    this.#state.freeEventFlag(was.eventFlag);
    channel.state = OFFERED;
    this.#state.send(MESSAGE.closeChannel.encode({ channelId: this.channelId }));
  }

  gpadl(gpadlId: number, ranges: GpadlRanges): void {
    const { gpadls } = this.#find();
    const { channelId } = this;
    if (gpadls.has(gpadlId)) {
      throw new Panic(
        `duplicate gpadl ID GpadlId(${gpadlId}) for channel ChannelId(${channelId}).`,
      );
    }
    gpadls.set(gpadlId, "Offered");
    for (const octets of gpadlMessages(channelId, gpadlId, ranges)) this.#state.send(octets);
  }

  /** A GPADL that is torn down already is answered with the first request. */
  teardownGpadl(gpadlId: number): void {
    const { channelId } = this;
    const { gpadls, user } = this.#find();
    const { surroundings, teardowns } = this.#state;
    const gpadl = gpadls.get(gpadlId);
    if (gpadl === "TearingDown") return;
    if (gpadl !== "Created") {
      surroundings.log.warn(`gpadl teardown for unknown or offered gpadl gpadl_id=${gpadlId}`);
      user?.gpadlTorndown(gpadlId);
      return;
    }
    gpadls.set(gpadlId, "TearingDown");
    if (teardowns.has(gpadlId)) throw new Panic("Gpadl state validated above");
    teardowns.set(gpadlId, channelId);
    this.#state.send(MESSAGE.gpadlTeardown.encode({ channelId, gpadlId }));
  }

  modify(targetVp: number): void {
    const { channelId } = this;
    const channel = this.#find();
    if (channel.modifying) {
      throw new Panic(`duplicate channel modify request ChannelId(${channelId})`);
    }
    channel.modifying = true;
    this.#state.send(MESSAGE.modifyChannel.encode({ channelId, targetVp }));
  }

  /** Takes the channel over from the saved state, open. */
  restoreOpened(connectionId: number, eventFlag: number | null): void {
    const channel = this.#find();
    if (channel.state.kind !== "Restored") {
      throw new ChainError(`invalid channel state: ${channel.state.kind}`);
    }
    if (eventFlag !== null) this.#state.restoreEventFlag(eventFlag);
    channel.state = { kind: "Opened", connectionId, eventFlag };
  }

  /** Lets go of the channel. */
  release(): void {
    const channel = this.#state.channels.get(this.channelId);
    if (channel === undefined) return;
    channel.released = true;
    if (channel.state.kind === "Opened") this.close();
    this.#state.tryRelease(channel);
  }

  /** Signals the host, if the channel is open. */
  signal(): void {
    const { state } = this.#find();
    if (state.kind === "Opened") this.#state.host?.signal(state.connectionId);
  }

  #find(): ClientChannel {
    return this.#state.channelOf(this.channelId);
  }
}
