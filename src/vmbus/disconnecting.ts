/**
 * Disconnecting: every channel is released, and once devices and relay have let go of everything
 * the connection is gone and the next action can be taken.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`request_disconnect`,
 * `check_disconnected`, `notify_disconnect`).
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import { clientRelease } from "./channel_release.ts";
import type { ConnectionAction } from "./connection.ts";
import type { ControlPlane } from "./control_plane.ts";
import { reservedOf } from "./server_channel.ts";

/** No guest message may be taken and nothing may be saved until the reset is done. */
export function isResetting({ connection }: ControlPlane): boolean {
  return "nextAction" in connection && connection.nextAction.kind === "Reset";
}

/** Releases every channel. Answers true when the guest was not connected at all. */
export function requestDisconnect(plane: ControlPlane, action: ConnectionAction): boolean {
  if (isResetting(plane)) throw new Panic("assertion failed: !self.is_resetting()");
  const vmReset = action.kind === "Reset";
  // A reserved channel outlives its connection, but not a reset of the machine.
  for (const channel of plane.channels) {
    if (!vmReset && reservedOf(channel.state) !== null) continue;
    if (clientRelease(plane, channel, null, vmReset)) plane.remove(channel);
  }
  const { connection } = plane;
  switch (connection.kind) {
    case "Disconnected":
      if (vmReset && !areReset(plane, true)) {
        plane.connection = { kind: "Disconnecting", nextAction: action, modifySent: false };
      }
      break;
    case "Connected":
      plane.connection = { kind: "Disconnecting", nextAction: action, modifySent: false };
      checkDisconnected(plane);
      break;
    default:
      plane.connection = { ...connection, nextAction: action };
  }
  return plane.connection.kind === "Disconnected";
}

/** Goes on disconnecting once everything is back. To be called when something has come back. */
export function checkDisconnected(plane: ControlPlane): void {
  const { connection } = plane;
  if (connection.kind !== "Disconnecting" || connection.modifySent) return;
  if (!areReset(plane, connection.nextAction.kind === "Reset")) return;
  plane.connection = { ...connection, modifySent: true };
  const request = { version: null, monitorPages: "reset", usesInterruptPage: false } as const;
  plane.requests.push({ kind: "connection", request });
}

/** Whether the guest refers to no channel; reserved ones count when the machine is reset. */
function areReset({ channels }: ControlPlane, withReserved: boolean): boolean {
  return channels.every(
    ({ state, gpadls }) =>
      (!withReserved && reservedOf(state) !== null) ||
      (state.kind === "ClientReleased" && gpadls.size === 0),
  );
}
