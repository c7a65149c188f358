/**
 * The messages of a guest, each to what takes it.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`handle_synic_message`).
 *
 * @module
 */
import { ChainError, Panic, withContext } from "../machine/mod.ts";
import { closeChannel, closeReserved } from "./closing.ts";
import { versionOf } from "./connection.ts";
import { contactRequest, doNextAction, initiateContact } from "./contact.ts";
import type { ControlPlane } from "./control_plane.ts";
import { requestDisconnect } from "./disconnecting.ts";
import { gpadlBody, gpadlHeader, gpadlTeardown } from "./gpadl_requests.ts";
import { MESSAGE, type MessageName } from "./messages.ts";
import { modifyChannel, modifyConnection, pause } from "./modifying.ts";
import { relIdReleased, requestOffers } from "./offering.ts";
import { openChannel, openReserved } from "./opening.ts";
import { parse } from "./parse.ts";
import { STATUS, VERSION } from "./protocol.ts";

/** Takes a message; refuses what is no message, or none that may come now. */
export function takeMessage(plane: ControlPlane, octets: Uint8Array, trusted: boolean): void {
  const { connection } = plane;
  const name = withContext("parse error", () => parse(octets, versionOf(connection)));
  plane.surroundings.points.reach(POINTS[name]);
  if ("info" in connection && connection.info.trusted && !trusted) {
    throw new ChainError("received untrusted message for trusted connection");
  }
  if (connection.kind === "Connected" && connection.info.paused) {
    if (!RESUMING.has(name)) throw new ChainError("received message while paused");
    plane.connection = { kind: "Connected", info: { ...connection.info, paused: false } };
  }
  if (!takeOfConnection(plane, name, octets, trusted)) takeOfChannel(plane, name, octets);
}

/** What a paused guest may send. */
const RESUMING: ReadonlySet<MessageName> = new Set<MessageName>([
  "resume",
  "unload",
  "initiateContact",
  "initiateContact2",
]);

/** The point that each message is, once it is understood. */
const POINTS = Object.fromEntries(
  Object.keys(MESSAGE).map((name) => [name, `vmbus/server/${name}`]),
) as Readonly<Record<MessageName, string>>;

function takeOfConnection(
  plane: ControlPlane,
  name: MessageName,
  octets: Uint8Array,
  trusted: boolean,
): boolean {
  switch (name) {
    case "initiateContact2": {
      const contact = MESSAGE.initiateContact2.decode(octets);
      initiateContact(plane, contactRequest(contact, contact.clientId, trusted));
      return true;
    }
    case "initiateContact": {
      const contact = MESSAGE.initiateContact.decode(octets);
      initiateContact(plane, contactRequest(contact, null, trusted));
      return true;
    }
    case "unload": {
      const action = { kind: "SendUnloadComplete" } as const;
      if (requestDisconnect(plane, action)) doNextAction(plane, action);
      return true;
    }
    case "requestOffers":
      requestOffers(plane);
      return true;
    case "modifyConnection":
      modifyConnection(plane, MESSAGE.modifyConnection.decode(octets));
      return true;
    case "pause":
      pause(plane);
      return true;
    case "resume":
      return true;
    case "tlConnectRequest":
    case "tlConnectRequest2":
      refuseConnect(plane, octets);
      return true;
    default:
      return false;
  }
}

/** There is no hvsocket behind the server. */
function refuseConnect(plane: ControlPlane, octets: Uint8Array): void {
  if ((versionOf(plane.connection)?.version ?? 0) < VERSION.win10Rs3_0) return;
  const { endpointId, serviceId } = MESSAGE.tlConnectRequest.decode(octets);
  const status = STATUS.connectionRefused;
  plane.send(MESSAGE.tlConnectResult.encode({ endpointId, serviceId, status }));
}

/** What only a client may be sent. */
function refuseClientMessage({ rules }: ControlPlane, name: MessageName): never {
  const text = `Server received client message ${name}`;
  if (rules.refusesClientMessages) throw new ChainError(text);
  throw new Panic(`internal error: entered unreachable code: ${text}`);
}

function takeOfChannel(plane: ControlPlane, name: MessageName, octets: Uint8Array): void {
  switch (name) {
    case "gpadlHeader": {
      const { gpadlHeader: form } = MESSAGE;
      gpadlHeader(plane, form.decode(octets), form.dataOf(octets));
      return;
    }
    case "gpadlBody": {
      const { gpadlBody: form } = MESSAGE;
      gpadlBody(plane, form.decode(octets).gpadlId, form.dataOf(octets));
      return;
    }
    case "gpadlTeardown": {
      const { channelId, gpadlId } = MESSAGE.gpadlTeardown.decode(octets);
      gpadlTeardown(plane, channelId, gpadlId);
      return;
    }
    case "openChannel2":
      openChannel(plane, MESSAGE.openChannel2.decode(octets));
      return;
    case "openChannel": {
      const plain = { connectionId: 0, eventFlag: 0, flags: 0 };
      openChannel(plane, { ...MESSAGE.openChannel.decode(octets), ...plain });
      return;
    }
    case "closeChannel":
      closeChannel(plane, MESSAGE.closeChannel.decode(octets).channelId);
      return;
    case "relIdReleased":
      relIdReleased(plane, MESSAGE.relIdReleased.decode(octets).channelId);
      return;
    case "modifyChannel": {
      const { channelId, targetVp } = MESSAGE.modifyChannel.decode(octets);
      modifyChannel(plane, channelId, targetVp);
      return;
    }
    case "openReservedChannel":
      openReserved(plane, MESSAGE.openReservedChannel.decode(octets));
      return;
    case "closeReservedChannel":
      closeReserved(plane, MESSAGE.closeReservedChannel.decode(octets));
      return;
    default:
      refuseClientMessage(plane, name);
  }
}
