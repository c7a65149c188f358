/**
 * The version of VMBus: a guest that is connected goes on with what it has agreed on, whatever the
 * next OpenHCL offers, and one that makes contact gets no newer one than that may offer.
 *
 * Source: openvmm, vmbus_server/src/channels.rs, max_version; pulls 3482 and 3715.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import type { Hop } from "../path.ts";

/** Newest version by the axis `bus`, where it is not the newest that there is. */
const NEWEST: Readonly<Record<string, number>> = { iron: 0x0005_0003 };

/** Points from which a guest makes contact on the reader. */
const CONTACTS_ANEW = ["client:none", "contact:none", "unload:sent"];

export const busVersion: Oracle<number | null> = {
  name: "bus-version",
  must: "A connected guest keeps the version of its bus, and contact gives none beyond the cap",
  source: "openvmm, vmbus_server/src/channels.rs, max_version; pulls 3482 and 3715",
  needs: ["guest"],
  before: ({ guest }) => guest?.busVersion?.() ?? null,
  judge({ index, writer, reader, settings, machine }, noted) {
    const was = noted ?? null;
    const is = machine?.guest?.busVersion?.() ?? null;
    if (index === 0) checkCap(writer, was);
    const { point = "idle" } = settings;
    if (CONTACTS_ANEW.includes(point)) checkCap(reader, is);
    if (machine === undefined || was === null || point !== "idle") return;
    check(is === was, `the version of the bus was ${text(was)} and is ${text(is)}`);
  },
};

function checkCap({ inputs }: Hop, version: number | null): void {
  const newest = NEWEST[inputs.bus ?? ""];
  if (newest === undefined || version === null) return;
  check(version <= newest, `the guest got version ${text(version)}, beyond ${text(newest)}`);
}

function text(version: number | null): string {
  return version === null ? "none" : `0x${version.toString(16)}`;
}
