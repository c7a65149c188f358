/**
 * Every VMBus message, as data: its number, its forms, and the version and features from which on
 * each form is understood.
 *
 * Source: vm/devices/vmbus/vmbus_core/src/protocol.rs (`vmbus_messages!`). Where the two sides
 * have to tell forms of one message apart by their length, the longer one comes first.
 *
 * @module
 */
import { layout } from "./layout.ts";
import { FEATURE, VERSION } from "./protocol.ts";

const CONTACT = {
  versionRequested: "u32",
  targetMessageVp: "u32",
  /** Below 5.1 the guest's interrupt page, then SINT, VTL and features; see `TargetInfo`. */
  interruptPageOrTargetInfo: "u64",
  parentToChildMonitorPageGpa: "u64",
  childToParentMonitorPageGpa: "u64",
} as const;

const VERSION_RESPONSE = {
  versionSupported: "u8",
  connectionState: "u8",
  _padding: 2,
  selectedVersionOrConnectionId: "u32",
} as const;

const OPEN = {
  channelId: "u32",
  openId: "u32",
  ringBufferGpadlId: "u32",
  targetVp: "u32",
  /** Pages. */
  downstreamRingBufferPageOffset: "u32",
  userData: "userData",
} as const;

const TL_CONNECT = { endpointId: "guid", serviceId: "guid" } as const;

/** Messages by name. */
export const MESSAGE = {
  offerChannel: layout(1, {
    interfaceId: "guid",
    instanceId: "guid",
    _reserved: 16,
    flags: "u16",
    mmioMegabytes: "u16",
    userDefined: "userData",
    subchannelIndex: "u16",
    mmioMegabytesOptional: "u16",
    channelId: "u32",
    monitorId: "u8",
    monitorAllocated: "u8",
    isDedicated: "u16",
    connectionId: "u32",
  }),
  rescindChannelOffer: layout(2, { channelId: "u32" }),
  requestOffers: layout(3, {}),
  allOffersDelivered: layout(4, {}),
  openChannel2: layout(5, { ...OPEN, connectionId: "u32", eventFlag: "u16", flags: "u16" }),
  openChannel: layout(5, OPEN),
  openResult: layout(6, { channelId: "u32", openId: "u32", status: "i32" }),
  closeChannel: layout(7, { channelId: "u32" }),
  /** Followed by as many words of the ranges as there is room for. */
  gpadlHeader: layout(8, { channelId: "u32", gpadlId: "u32", length: "u16", count: "u16" }),
  gpadlBody: layout(9, { _reserved: 4, gpadlId: "u32" }),
  gpadlCreated: layout(10, { channelId: "u32", gpadlId: "u32", status: "i32" }),
  gpadlTeardown: layout(11, { channelId: "u32", gpadlId: "u32" }),
  gpadlTorndown: layout(12, { gpadlId: "u32" }),
  relIdReleased: layout(13, { channelId: "u32" }),
  initiateContact2: layout(14, { ...CONTACT, clientId: "guid" }),
  initiateContact: layout(14, CONTACT),
  versionResponse3: layout(15, {
    ...VERSION_RESPONSE,
    supportedFeatures: "u32",
    _padding3: 4,
    parentToChildMonitorPageGpa: "u64",
    childToParentMonitorPageGpa: "u64",
  }),
  versionResponse2: layout(15, { ...VERSION_RESPONSE, supportedFeatures: "u32" }),
  versionResponse: layout(15, VERSION_RESPONSE),
  unload: layout(16, {}),
  unloadComplete: layout(17, {}),
  openReservedChannel: layout(18, {
    channelId: "u32",
    targetVp: "u32",
    targetSint: "u32",
    ringBufferGpadlId: "u32",
    downstreamRingBufferPageOffset: "u32",
  }),
  closeReservedChannel: layout(19, { channelId: "u32", targetVp: "u32", targetSint: "u32" }),
  closeReservedResponse: layout(20, { channelId: "u32" }),
  tlConnectRequest2: layout(21, { ...TL_CONNECT, siloId: "guid" }),
  tlConnectRequest: layout(21, TL_CONNECT),
  modifyChannel: layout(22, { channelId: "u32", targetVp: "u32" }),
  tlConnectResult: layout(23, { ...TL_CONNECT, status: "i32" }),
  modifyChannelResponse: layout(24, { channelId: "u32", status: "i32" }),
  modifyConnection: layout(25, {
    parentToChildMonitorPageGpa: "u64",
    childToParentMonitorPageGpa: "u64",
  }),
  modifyConnectionResponse: layout(26, { connectionState: "u8" }),
  pause: layout(27, {}),
  pauseResponse: layout(28, {}),
  resume: layout(29, {}),
} as const;

export type MessageName = keyof typeof MESSAGE;

/** When a form is understood. */
export interface Condition {
  /** Oldest version that has it; 0 when it is understood without a connection, too. */
  readonly since: number;
  /** At least one of these features is needed, if there are any. */
  readonly features: number;
  /** A message that is too short is another form and not an error. */
  readonly tellsByLength: boolean;
}

const ALWAYS: Condition = { since: VERSION.v1, features: 0, tellsByLength: false };
const UNCONNECTED: Condition = { ...ALWAYS, since: 0 };

function since(version: number, features = 0): Condition {
  return { since: version, features, tellsByLength: false };
}

const SIGNAL_FEATURES =
  FEATURE.guestSpecifiedSignalParameters | FEATURE.channelInterruptRedirection;

/** Forms that are not understood by every connection, and by nobody else. */
const CONDITIONS: Readonly<Partial<Record<MessageName, Condition>>> = {
  openChannel2: since(VERSION.copper, SIGNAL_FEATURES),
  initiateContact2: { ...UNCONNECTED, tellsByLength: true },
  initiateContact: UNCONNECTED,
  versionResponse3: { ...UNCONNECTED, tellsByLength: true },
  versionResponse2: { ...UNCONNECTED, tellsByLength: true },
  versionResponse: UNCONNECTED,
  unloadComplete: since(VERSION.win7),
  openReservedChannel: since(VERSION.win10),
  closeReservedChannel: UNCONNECTED,
  closeReservedResponse: since(VERSION.win10),
  tlConnectRequest2: { ...since(VERSION.win10Rs5), tellsByLength: true },
  tlConnectRequest: since(VERSION.win10),
  modifyChannel: since(VERSION.win10Rs3_0),
  tlConnectResult: since(VERSION.win10Rs3_0),
  modifyChannelResponse: since(VERSION.iron),
  modifyConnection: since(VERSION.copper, FEATURE.modifyConnection),
  modifyConnectionResponse: since(VERSION.copper, FEATURE.modifyConnection),
  pause: since(VERSION.copper, FEATURE.pauseResume),
  pauseResponse: since(VERSION.copper, FEATURE.pauseResume),
  resume: since(VERSION.copper, FEATURE.pauseResume),
};

/** When the form `name` is understood. */
export function conditionOf(name: MessageName): Condition {
  return CONDITIONS[name] ?? ALWAYS;
}
