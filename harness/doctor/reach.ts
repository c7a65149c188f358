/**
 * Where an adapter is, and how one comes to it.
 *
 * @module
 */
import { HttpPeer } from "./http_peer.ts";
import { type Command, Patient } from "./patient.ts";
import type { Peer } from "./peer.ts";
import { SocketPeer } from "./socket_peer.ts";

export type Place = Command | { readonly socket: string } | { readonly url: string };

export function reach(place: Place, hear: (chunk: Buffer) => void): Peer {
  if ("socket" in place) return new SocketPeer(place.socket, hear);
  if ("url" in place) return new HttpPeer(place.url, hear);
  return new Patient(place, hear);
}
