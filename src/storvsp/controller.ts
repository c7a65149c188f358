/**
 * A synthetic SCSI controller: its first channel, the subchannels that the guest has asked for, one
 * worker on each, and the disks behind them all.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/lib.rs (`StorageDevice`) and
 * save_restore.rs. Not modelled: disks that come and go while the machine runs, resets, DVD drives.
 *
 * @module
 */
import { RestoreError, refusal } from "../machine/mod.ts";
import type { GuestMemory } from "../memory/mod.ts";
import type { ChannelSavedState, Drive, StorvspSavedState } from "../openhcl_state/mod.ts";
import { type OfferParams, type Packet, RingDevice, type VmbusServer } from "../vmbus/mod.ts";
import type { ScsiDisk } from "./disk.ts";
import { decodeExternalData } from "./external_data.ts";
import { decodePacket, NT_STATUS, OPERATION } from "./packet.ts";
import { answer, StorvspProtocol } from "./protocol.ts";
import { REQUEST_SIZE } from "./scsi_request.ts";
import { StorvspWorker } from "./storvsp_worker.ts";

/** What a controller is made of. */
export interface ControllerParts {
  readonly memory: GuestMemory;
  readonly server: Pick<VmbusServer, "offer">;
  /** Of the first channel. */
  readonly offer: OfferParams;
  /** By path, target and lun, joined by colons. */
  readonly disks: ReadonlyMap<string, ScsiDisk>;
  readonly subchannelsMax: number;
}

interface Channel {
  readonly device: RingDevice;
  readonly worker: StorvspWorker;
}

export class StorvspController {
  readonly #parts: ControllerParts;
  readonly #protocol: StorvspProtocol;
  readonly #channels: Channel[] = [];
  readonly #drives: Drive[];

  /** Offers the first channel. */
  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#protocol = new StorvspProtocol(parts.subchannelsMax);
    this.#drives = [...parts.disks].map(([path, disk]) => driveOf(path, disk.sectorCount));
    this.#offer();
  }

  /** What is behind the first channel. */
  get primary(): RingDevice {
    return (this.#channels[0] as Channel).device;
  }

  /** Requests that have not been answered, on all channels. */
  get outstanding(): number {
    return this.#channels.reduce((sum, { worker }) => sum + worker.outstanding, 0);
  }

  stop(): void {
    for (const { worker } of this.#channels) worker.stop();
  }

  start(): void {
    for (const { worker, device } of this.#channels) {
      worker.start(device.targetVp);
      device.start();
    }
  }

  save(): StorvspSavedState {
    const channels = this.#channels.map(
      ({ device, worker }): ChannelSavedState => ({
        channel: device.isOpen ? worker.save() : null,
      }),
    );
    return { protocol_state: this.#protocol.save(), channels, drives: [...this.#drives] };
  }

  /** Takes `saved` over, with the channels that it has. */
  restore({ protocol_state, channels, drives, ...rest }: StorvspSavedState): void {
    rest satisfies Record<string, never>;
    asInvalid(() => this.#protocol.restore(protocol_state, channels.length));
    this.#restoreDrives(drives);
    while (this.#channels.length < channels.length) this.#offer();
    for (const [index, { channel }] of channels.entries()) {
      this.#channels[index]?.device.restore(channel !== null);
    }
    asInvalid(() => this.#restoreWorkers(channels));
  }

  #restoreWorkers(channels: readonly ChannelSavedState[]): void {
    for (const [index, { channel }] of channels.entries()) {
      if (channel === null) continue;
      if (channel.scsi_requests.length > 0 && !this.#protocol.ready) {
        throw new RestoreError("unexpected scsi request in non-ready channel");
      }
      this.#channels[index]?.worker.restore(channel);
    }
  }

  /** Drives are found by their path; one that is not there any more is left out. */
  #restoreDrives(drives: readonly Drive[]): void {
    for (const [index, { path }] of this.#drives.entries()) {
      const saved = drives.find((drive) => pathOf(drive.path) === pathOf(path));
      if (saved !== undefined) this.#drives[index] = saved;
    }
  }

  #offer(): void {
    const { memory, disks, offer, server } = this.#parts;
    const index = this.#channels.length;
    const worker: StorvspWorker = new StorvspWorker({
      memory,
      disks,
      send: (id, packet) => device.send(id, packet),
    });
    const device: RingDevice = new RingDevice(memory, {
      take: (packet) => this.#take(index, packet),
      moreRoom: () => worker.sendAll(),
      closed: () => this.#closed(index),
    });
    this.#channels.push({ device, worker });
    const key = { ...offer.key, subchannel_index: index };
    device.offeredAs(server.offer(index === 0 ? offer : { ...offer, key }, device));
  }

  #take(index: number, { transactionId, extension, payload }: Packet): Uint8Array | null {
    const packet = decodePacket(payload);
    if (packet === null) return answer(NT_STATUS.INVALID_PARAMETER);
    if (packet.operation === OPERATION.EXECUTE_SRB) {
      if (!this.#protocol.ready) return answer(NT_STATUS.INVALID_DEVICE_STATE);
      const { device, worker } = this.#channels[index] as Channel;
      const request = packet.payload.slice(0, REQUEST_SIZE);
      const externalData = decodeExternalData(extension);
      return worker.execute({ transactionId, externalData, request }, device.targetVp);
    }
    if (index > 0) return answer(NT_STATUS.INVALID_DEVICE_STATE);
    const answered = this.#protocol.take(packet);
    while (this.#channels.length <= this.#protocol.subchannels) this.#offer();
    return answered;
  }

  /** With the first channel the subchannels go, and what was agreed on. */
  #closed(index: number): void {
    this.#channels[index]?.worker.close();
    if (index > 0) return;
    this.#protocol.reset();
    for (const { device } of this.#channels.splice(1)) device.revoke();
  }
}

/** What goes wrong with saved content is a state that nobody can take. */
function asInvalid(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new RestoreError("saved state is invalid", refusal(error));
  }
}

function driveOf(text: string, sector_count: bigint): Drive {
  const [path = 0, target = 0, lun = 0] = text.split(":").map(Number);
  const state = { variant: "Disk", value: { 0: { sector_count, sense_data: null } } } as const;
  return { path: { path, target, lun }, state };
}

function pathOf({ path, target, lun }: Drive["path"]): string {
  return `${path}:${target}:${lun}`;
}
