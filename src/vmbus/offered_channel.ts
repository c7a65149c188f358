/**
 * A channel as its device has it: what the device answers late, claims after a restore, signals and
 * takes away. It outlives its channel without harm.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/lib.rs (`ChannelServerRequest`, `OfferInstanceId`).
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import type { OfferKey } from "../openhcl_state/mod.ts";
import type { RestoredChannel } from "./channel_device.ts";
import { claimChannel } from "./claiming.ts";
import { closeComplete } from "./closing.ts";
import { gpadlCreated, gpadlTorndown } from "./gpadl_requests.ts";
import { modifyChannelComplete } from "./modifying.ts";
import { revokeChannel } from "./offering.ts";
import { openComplete } from "./opening.ts";
import { STATUS } from "./protocol.ts";
import type { Channel } from "./server_channel.ts";
import type { ServerPort } from "./server_port.ts";

export class OfferedChannel {
  readonly key: OfferKey;
  readonly #port: ServerPort;
  readonly #sequence: number;

  constructor(port: ServerPort, key: OfferKey, sequence: number) {
    this.#port = port;
    this.key = key;
    this.#sequence = sequence;
  }

  opened(succeeded: boolean): void {
    const status = succeeded ? STATUS.success : STATUS.unsuccessful;
    this.#answer((channel) => openComplete(this.#port.plane, channel, status));
  }

  closed(): void {
    this.#answer((channel) => closeComplete(this.#port.plane, channel));
  }

  gpadlTaken(gpadlId: number, succeeded: boolean): void {
    const status = succeeded ? STATUS.success : STATUS.unsuccessful;
    this.#answer((channel) => gpadlCreated(this.#port.plane, channel, gpadlId, status));
  }

  gpadlLetGo(gpadlId: number): void {
    this.#answer((channel) => gpadlTorndown(this.#port.plane, channel, gpadlId));
  }

  modified(status: number): void {
    this.#answer((channel) => modifyChannelComplete(this.#port.plane, channel, status));
  }

  /** Signals the guest, if it has the channel open. */
  interrupt(): void {
    const channel = this.#find();
    if (channel === undefined) return;
    this.#port.interrupt(channel);
    this.#port.plane.guest?.wake();
  }

  /**
   * Takes the channel over from the saved state. `open`: the device has it open. `adopt` is given
   * what there was, before the device is asked anything.
   */
  restore(open: boolean, adopt: (restored: RestoredChannel) => void): void {
    const channel = this.#find();
    if (channel === undefined) throw new ChainError("channel has been revoked");
    this.#port.plane.surroundings.points.reach("vmbus/server/restore-channel");
    this.#port.settling(() => adopt(claimChannel(this.#port.plane, channel, open)));
  }

  /** Takes the channel away from the guest. */
  revoke(): void {
    const channel = this.#find();
    if (channel === undefined) return;
    this.#port.settling(() => revokeChannel(this.#port.plane, channel));
  }

  /**
   * The device is gone, whether it has revoked its channel or not. By then another one may have
   * offered the same key.
   */
  drop(): void {
    const { plane } = this.#port;
    const channel = plane.rules.revokesOwnOfferOnly ? this.#find() : plane.byKey(this.key);
    if (channel?.device == null) return;
    this.#port.settling(() => revokeChannel(plane, channel));
  }

  #answer(work: (channel: Channel) => void): void {
    this.#port.answered(() => {
      const channel = this.#find();
      if (channel !== undefined) work(channel);
    });
  }

  /** The channel of this offer; undefined when it is gone or another device's. */
  #find(): Channel | undefined {
    const channel = this.#port.plane.byKey(this.key);
    return channel?.sequence === this.#sequence ? channel : undefined;
  }
}
