/**
 * Contact: a guest asks for a protocol version and is answered, now or once the relay has agreed.
 * The same answer of the relay ends a modification or a disconnect; the state of the connection
 * tells which.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`handle_initiate_contact`,
 * `complete_modify_connection`, `do_next_action`). Not modelled: contact for another VTL.
 *
 * @module
 */
import { ChainError, Panic } from "../machine/mod.ts";
import type { Guid, InitiateContactRequest } from "../openhcl_state/mod.ts";
import type { ConnectionTarget } from "./channel_device.ts";
import {
  type ConnectionAction,
  DISCONNECTED,
  type ModifyAnswer,
  type ModifyRequest,
  type MonitorPages,
  NO_ACTION,
} from "./connection.ts";
import type { ControlPlane } from "./control_plane.ts";
import { requestDisconnect } from "./disconnecting.ts";
import type { Contents } from "./layout.ts";
import { MESSAGE } from "./messages.ts";
import { CONNECTION_STATE, FEATURE, SINT, VERSION, type VersionInfo } from "./protocol.ts";
import { LOCAL_FEATURES, negotiated } from "./server_rules.ts";

const ZERO_GUID: Guid = { data1: 0, data2: 0, data3: 0, data4: new Uint8Array(8) };

type Contact = Contents<typeof MESSAGE.initiateContact>;

/** A guest makes contact. `clientId` is null when the message is too short for one. */
export function contactRequest(
  contact: Contact,
  clientId: Guid | null,
  trusted: boolean,
): InitiateContactRequest {
  const { versionRequested, targetMessageVp, interruptPageOrTargetInfo: info } = contact;
  const featureFlags = versionRequested >= VERSION.copper ? Number(info >> 32n) : 0;
  const named = (featureFlags & FEATURE.clientId) !== 0;
  if (named && clientId === null) {
    throw new ChainError(
      "parse error",
      new ChainError("message too small: Some(INITIATE_CONTACT)"),
    );
  }
  const interrupts = versionRequested < VERSION.win8 && info !== 0n;
  return {
    version_requested: versionRequested,
    target_message_vp: versionRequested >= VERSION.win8_1 ? targetMessageVp : 0,
    monitor_page: monitorPageRequest(contact),
    target_sint: versionRequested >= VERSION.win10Rs3_1 ? Number(info & 0xffn) : SINT,
    target_vtl: versionRequested >= VERSION.win10Rs4 ? Number((info >> 8n) & 0xffn) : 0,
    feature_flags: featureFlags,
    interrupt_page: interrupts ? info : null,
    client_id: named && clientId !== null ? clientId : ZERO_GUID,
    trusted,
  };
}

/** A guest names both monitor pages or none. */
function monitorPageRequest(contact: Contact): InitiateContactRequest["monitor_page"] {
  const { parentToChildMonitorPageGpa: parent, childToParentMonitorPageGpa: child } = contact;
  if ((parent === 0n) !== (child === 0n)) return { variant: "Invalid", value: {} };
  if (parent === 0n) return { variant: "None", value: {} };
  return { variant: "Some", value: { 0: { parent_to_child: parent, child_to_parent: child } } };
}

/** Takes up contact, which ends a connection that is there. */
export function initiateContact(plane: ControlPlane, request: InitiateContactRequest): void {
  const { version_requested, target_message_vp: targetMessageVp, target_sint: sint } = request;
  if (request.target_vtl !== 0) {
    plane.log.warn("nowhere to forward unhandled request");
    return;
  }
  if (sint !== SINT) {
    sendVersionResponse(plane, null, { vp: targetMessageVp, sint });
    return;
  }
  if (!requestDisconnect(plane, { kind: "Reconnect", request })) return;
  const { feature_flags: flags, trusted, monitor_page } = request;
  const version = negotiated(plane.rules, version_requested, flags, trusted);
  if (version === null) {
    sendVersionResponse(plane, null);
    return;
  }
  if (monitor_page.variant === "Invalid") {
    sendVersionResponse(plane, { version, state: CONNECTION_STATE.failedUnknownFailure });
    return;
  }
  const monitorPages = monitor_page.variant === "None" ? null : pagesOf(monitor_page.value[0]);
  const info = {
    version,
    trusted,
    offersSent: false,
    interruptPage: request.interrupt_page,
    monitorPages,
    targetMessageVp,
    modifying: false,
    clientId: request.client_id,
    paused: false,
  };
  plane.connection = { kind: "Connecting", info, nextAction: NO_ACTION };
  const usesInterruptPage = info.interruptPage !== null;
  askRelay(plane, { version: version_requested, monitorPages, usesInterruptPage });
}

function pagesOf(pages: { parent_to_child: bigint; child_to_parent: bigint }): MonitorPages {
  return { parentToChild: pages.parent_to_child, childToParent: pages.child_to_parent };
}

/** Tells the relay how the connection changes. Without monitor pages they are reset. */
export function askRelay(
  plane: ControlPlane,
  change: Omit<ModifyRequest, "monitorPages"> & { readonly monitorPages: MonitorPages | null },
): void {
  const request = { ...change, monitorPages: change.monitorPages ?? ("reset" as const) };
  plane.requests.push({ kind: "connection", request });
}

/** The relay, or the server itself where there is none, has taken a modification. */
export function completeModify(plane: ControlPlane, answer: ModifyAnswer): void {
  const { connection } = plane;
  switch (connection.kind) {
    case "Connecting":
      completeContact(plane, answer);
      return;
    case "Disconnecting":
      if (!connection.modifySent) plane.log.warn("unexpected modify response");
      plane.connection = DISCONNECTED;
      doNextAction(plane, connection.nextAction);
      return;
    case "Connected":
      if (answer === "unsupported" || !connection.info.modifying) {
        throw new Panic("ModifyConnection response while not modifying");
      }
      plane.connection = { kind: "Connected", info: { ...connection.info, modifying: false } };
      plane.send(MESSAGE.modifyConnectionResponse.encode(answer));
      return;
    case "Disconnected":
      throw new Panic("Invalid state for ModifyConnection response: Disconnected");
  }
}

function completeContact(plane: ControlPlane, answer: ModifyAnswer): void {
  const { connection } = plane;
  if (connection.kind !== "Connecting") return;
  const { info, nextAction } = connection;
  if (answer === "unsupported") {
    plane.connection = DISCONNECTED;
    sendVersionResponse(plane, null);
    return;
  }
  const featureFlags = info.version.featureFlags & (answer.featureFlags | LOCAL_FEATURES);
  const version: VersionInfo = { version: info.version.version, featureFlags };
  const state = answer.connectionState;
  if (state !== CONNECTION_STATE.successful) {
    plane.connection = DISCONNECTED;
    sendVersionResponse(plane, { version, state });
    return;
  }
  plane.connection = { kind: "Connected", info: { ...info, version } };
  sendVersionResponse(plane, { version, state });
  // The guest has asked for something else meanwhile.
  if (nextAction.kind !== "None" && requestDisconnect(plane, nextAction)) {
    doNextAction(plane, nextAction);
  }
}

/** Does what was to come once the guest is disconnected. */
export function doNextAction(plane: ControlPlane, action: ConnectionAction): void {
  switch (action.kind) {
    case "None":
      return;
    case "Reset":
      for (const channel of plane.channels) channel.restore = "New";
      plane.pending.length = 0;
      return;
    case "SendUnloadComplete":
      plane.send(MESSAGE.unloadComplete.encode({}));
      return;
    case "Reconnect":
      initiateContact(plane, action.request);
      return;
    case "SendFailedVersionResponse":
      sendVersionResponse(plane, null);
  }
}

/** Answers contact; null when the version is not supported. */
function sendVersionResponse(
  plane: ControlPlane,
  result: { readonly version: VersionInfo; readonly state: number } | null,
  target: ConnectionTarget | null = null,
): void {
  const refusal = { versionSupported: 0, connectionState: 0, selectedVersionOrConnectionId: 0 };
  // Before Windows 8 a failure cannot be told from a version that is not supported.
  const tells =
    result !== null &&
    (result.state === CONNECTION_STATE.successful || result.version.version >= VERSION.win8);
  if (!tells) {
    plane.sendTo(target, MESSAGE.versionResponse.encode(refusal));
    return;
  }
  const { version, featureFlags: supportedFeatures } = result.version;
  const response = {
    versionSupported: 1,
    connectionState: result.state,
    selectedVersionOrConnectionId: version >= VERSION.win10Rs3_1 ? MESSAGE_CONNECTION_ID : version,
  };
  plane.sendTo(
    target,
    version >= VERSION.copper
      ? MESSAGE.versionResponse2.encode({ ...response, supportedFeatures })
      : MESSAGE.versionResponse.encode(response),
  );
}

/** Where a guest of 5.0 or later posts its messages. */
const MESSAGE_CONNECTION_ID = 4;
