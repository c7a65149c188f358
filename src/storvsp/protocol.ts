/**
 * How a guest and storvsp come to terms on the first channel: versions, properties, subchannels.
 * Each step has one operation that leads on; everything else is refused.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/lib.rs (`ProtocolState`, `InitState`,
 * `handle_packet`) and protocol.rs (`Version`).
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import type { ProtocolState } from "../openhcl_state/mod.ts";
import {
  encodePacket,
  NT_STATUS,
  OPERATION,
  STORVSP_VERSION,
  type StorvspPacket,
} from "./packet.ts";
import { propertiesPayload, wordIn } from "./packet_payloads.ts";

/** Versions that there have been, oldest first. */
const VERSIONS: readonly number[] = [0x0200, 0x0402, 0x0501, 0x0600, STORVSP_VERSION];

type Place =
  | { readonly step: "begin" | "query-version" }
  | { readonly step: "query-properties"; readonly version: number }
  | { readonly step: "end" | "ready"; readonly version: number };

export class StorvspProtocol {
  readonly subchannelsMax: number;
  #place: Place = { step: "begin" };
  /** Subchannels that the guest has asked for; null while it has not. */
  #subchannels: number | null = null;

  constructor(subchannelsMax: number) {
    this.subchannelsMax = subchannelsMax;
  }

  get ready(): boolean {
    return this.#place.step === "ready";
  }

  /** Subchannels that are offered. */
  get subchannels(): number {
    return this.#subchannels ?? 0;
  }

  reset(): void {
    this.#place = { step: "begin" };
    this.#subchannels = null;
  }

  /** Answers a packet of the first channel that is no request to a disk. */
  take(packet: StorvspPacket): Uint8Array {
    const place = this.#place;
    const { operation } = packet;
    if (place.step === "begin" && operation === OPERATION.BEGIN_INITIALIZATION) {
      this.#place = { step: "query-version" };
      return answer(NT_STATUS.SUCCESS);
    }
    if (place.step === "query-version" && operation === OPERATION.QUERY_PROTOCOL_VERSION) {
      return this.#version(wordIn(packet));
    }
    if (place.step === "query-properties" && operation === OPERATION.QUERY_PROPERTIES) {
      this.#place = { step: "end", version: place.version };
      return answer(NT_STATUS.SUCCESS, propertiesPayload(this.subchannelsMax));
    }
    if (place.step !== "end") return answer(NT_STATUS.INVALID_DEVICE_STATE);
    if (operation === OPERATION.CREATE_SUB_CHANNELS) return this.#create(wordIn(packet));
    if (operation !== OPERATION.END_INITIALIZATION) return answer(NT_STATUS.INVALID_DEVICE_STATE);
    this.#place = { step: "ready", version: place.version };
    this.#subchannels ??= 0;
    return answer(NT_STATUS.SUCCESS);
  }

  #version(version: number): Uint8Array {
    if (!VERSIONS.includes(version)) return answer(NT_STATUS.REVISION_MISMATCH);
    this.#place = { step: "query-properties", version };
    return answer(NT_STATUS.SUCCESS);
  }

  #create(count: number): Uint8Array {
    if (this.#subchannels !== null) return answer(NT_STATUS.INVALID_DEVICE_STATE);
    if (count > this.subchannelsMax) return answer(NT_STATUS.INVALID_PARAMETER);
    this.#subchannels = count;
    return answer(NT_STATUS.SUCCESS);
  }

  save(): ProtocolState {
    const place = this.#place;
    switch (place.step) {
      case "begin":
        return init({ variant: "Begin", value: {} });
      case "query-version":
        return init({ variant: "QueryVersion", value: {} });
      case "query-properties":
        return init({ variant: "QueryProperties", value: { version: place.version } });
      case "end": {
        const can_create_subchannels = this.#subchannels === null;
        const value = { version: place.version, can_create_subchannels };
        return init({ variant: "EndInitialization", value });
      }
      case "ready":
        return { variant: "Ready", value: { version: place.version } };
    }
  }

  /** Takes over `saved`, of a controller with `channels` channels. Throws as upstream does. */
  restore(saved: ProtocolState, channels: number): void {
    if (channels === 0 || channels - 1 > this.subchannelsMax) throw wrongChannels(channels);
    const place = placeOf(saved);
    const canCreate =
      saved.variant === "Init" &&
      saved.value[0].variant === "EndInitialization" &&
      saved.value[0].value.can_create_subchannels;
    const asked = place.step === "ready" || (place.step === "end" && !canCreate);
    if (channels > 1 && !asked) throw wrongChannels(channels);
    this.#place = place;
    this.#subchannels = asked ? channels - 1 : null;
  }
}

function placeOf(saved: ProtocolState): Place {
  if (saved.variant === "Ready") return { step: "ready", version: parsed(saved.value.version) };
  const { 0: state } = saved.value;
  switch (state.variant) {
    case "Begin":
      return { step: "begin" };
    case "QueryVersion":
      return { step: "query-version" };
    case "QueryProperties":
      return { step: "query-properties", version: parsed(state.value.version) };
    case "EndInitialization":
      return { step: "end", version: parsed(state.value.version) };
  }
}

function parsed(version: number): number {
  if (VERSIONS.includes(version)) return version;
  throw new ChainError("invalid protocol version");
}

function wrongChannels(channels: number): ChainError {
  return new ChainError(`wrong number of channel states: ${channels}`);
}

type InitValue = Extract<ProtocolState, { variant: "Init" }>["value"][0];

function init(state: InitValue): ProtocolState {
  return { variant: "Init", value: { 0: state } };
}

const NO_PAYLOAD = new Uint8Array();

/** A completion with `status`. */
export function answer(status: number, payload: Uint8Array = NO_PAYLOAD): Uint8Array {
  return encodePacket({ operation: OPERATION.COMPLETE_IO, status, payload });
}
