/**
 * Ports of event channels at the stand-in for Xen, and the FIFO by which they are raised: a port of
 * four octets for each event.
 *
 * @module
 */
import { closeSync, constants, openSync, writeSync } from "node:fs";

/** Port of domain 0; others count on from here. */
export const PORTS = 1000;
/** VIRQ_DOM_EXC. */
const DOMAIN_EXCEPTION_PORT = 1;

export function openEvents(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}

export function raise(events: number, port: number): void {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(port, 0);
  writeSync(events, octets);
}

/** Xen says at the FIFO `path` that some domain has come to its end. */
export function raiseDomainException(path: string): void {
  const events = openEvents(path);
  raise(events, DOMAIN_EXCEPTION_PORT);
  closeSync(events);
}
