/**
 * What is known to break in OpenHCL by what its host and its guest speak.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";
import { atLeast, ONE_PLACE } from "./at_least.ts";

const REPOSITORY = "https://github.com/microsoft/openvmm";

/** What a guest of 2411 waits for and never gets. */
const LOST = {
  verdict: "failed",
  reason: "the guest gets no further",
  link: `${REPOSITORY}/pull/956`,
} as const;

const LOST_POINTS = {
  "offers:sent": "offers-sent",
  "gpadl:sent": "gpadl-sent",
  "answers:pending": "answers-pending",
};
const DEVICES = ["none", "nvme", "nvme+mana", "relay"];
const SINCE_2505 = ["2505", "1.7.2511", "1.8.2607", "main"];

/** By point: the machines on which something waits there, and what the guest says of it. */
const WAITS = {
  "offers:sent": { devices: ["nvme", "nvme+mana", "relay"], what: "the connection is requested" },
  "gpadl:sent": { devices: ["relay"], what: "is offered" },
  "answers:pending": { devices: DEVICES, what: "no answer to a modification of the connection" },
};

/** Nothing ends the path before. */
const COMES_UP = { lifetime: "Default", placement: ONE_PLACE, protocol: "current" };

/** Ends of a guest that goes on with what it was at; who takes leave at once waits for nothing. */
const WAITING = ["goes-on", "resets"];

/** A client that was saved Disconnected, \`client:none\`, has agreed on nothing. */
const CONNECTED = [
  ...["idle", "contact", "offers", "gpadl", "open", "channel-change", "connection-change", "ring"],
  ...["close", "reopen", "teardown", "rescind", "unload", "answers"],
  ...["queue", "list", "flush", "namespace"],
];

export const PROTOCOL: readonly Expectation[] = [
  ...atLeast(
    { fault: "none", "point.place": CONNECTED },
    {
      name: "pause-and-resume-unknown",
      factors: {
        protocol: "host-pausing",
        devices: "relay",
        lifetime: "Default",
        first: SINCE_2505,
        writer: SINCE_2505,
        reader: "2411",
      },
      verdict: "refused",
      reason: "vmbus_relay: unsupported feature flags",
      link: `${REPOSITORY}/pull/962`,
      note:
        "Where the host can pause its messages, clients since 2505 agree on that with it; the " +
        "client of 2411 does not know the flag and refuses the whole connection. Read out of the " +
        "code, not seen on hardware.",
    },
  ),
  ...Object.entries(WAITS).flatMap(([point, { devices, what }]) =>
    [
      { writer: "2411", sides: "not-saved" },
      { writer: SINCE_2505, reader: "2411", sides: "dropped" },
    ].flatMap(({ sides, ...factors }) =>
      atLeast(COMES_UP, {
        ...LOST,
        name: `${point.replace(":", "-")}-and-no-leave-${sides}`,
        factors: { ...factors, point, fault: "none", devices, ending: WAITING },
        scenarios: ["oracle/guest-takes-leave"],
        reason: what,
        note: "See pending-messages-dropped; whoever waits for an answer cannot take leave either.",
      }),
    ),
  ),
  ...Object.entries(LOST_POINTS).flatMap(([point, name]): Expectation[] => [
    {
      ...LOST,
      name: `${name}-answers-not-saved`,
      factors: { point, devices: "relay", writer: "2411", ending: WAITING },
      scenarios: [`save-points/relay/${name}`],
      note: "2411 saves no message that waits because the guest's slot is full.",
    },
    {
      ...LOST,
      name: `${name}-answers-dropped`,
      factors: { point, devices: "relay", writer: SINCE_2505, reader: "2411", ending: WAITING },
      scenarios: [`save-points/relay/${name}`],
      note: "See pending-messages-dropped; a guest whose answer is lost waits for ever.",
    },
  ]),
];
