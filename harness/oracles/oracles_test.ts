import assert from "node:assert/strict";
import { test } from "node:test";
import { codecFor } from "../../src/mesh/mod.ts";
import { VmbusRelayLegacySavedState, VmbusRelaySavedState } from "../../src/openhcl_state/mod.ts";
import type { Outcome } from "../oracle.ts";
import { driverState, edgeOf, GUID, hop, machineOf, POOL, poolState } from "./handmade_edge.ts";
import { fails, judge } from "./handmade_verdict.ts";
import { ORACLES } from "./mod.ts";

test("ORACLES have unique names in kebab-case", () => {
  const names = ORACLES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z]+(?:-[a-z]+)*$/);
});

test("servicing-errors compares the save with the table of faults", () => {
  judge("servicing-errors", edgeOf());
  const failing = { fault: "servicing:fail:save" };
  fails("servicing-errors", edgeOf({ settings: failing }), /table of fault says refused/);
  fails(
    "servicing-errors",
    edgeOf({ settings: failing, save: { kind: "refused", reason: "no" } }),
    /says "Simulated servicing save failure"/,
  );
  fails("servicing-errors", edgeOf({ save: { kind: "crashed", reason: "x" } }), /says done/);
});

test("servicing-errors wants the guest to run on, or not, as the table says", () => {
  const refused = (fault: string, reason: string) =>
    edgeOf({ settings: { fault }, save: { kind: "refused", reason } });
  const late = refused("servicing:fail:save", "Simulated servicing save failure");
  const paused = refused("machine:paused:save", "cannot service underhill while paused");
  judge("servicing-errors", late, { running: () => true });
  judge("servicing-errors", paused, { running: () => false });
  fails("servicing-errors", late, /the guest stands/, { running: () => false });
  fails("servicing-errors", paused, /the guest runs/, { running: () => true });
});

test("keepalive-decision knows the mode of each hop and what it saves", () => {
  const modes = { nvme: "nohost,privatepool", mana: "disabled" };
  judge("keepalive-decision", edgeOf(), modes);
  fails("keepalive-decision", edgeOf(), /is enabled, table says nohost/, {
    ...modes,
    nvme: "enabled",
  });
  const saved = edgeOf({ init: { dma_manager_state: poolState("nvme_1:0:0.0") } });
  fails("keepalive-decision", saved, /dma_manager_state is saved/, modes);
});

test("correlation-id-kept looks into the bytes and at the machine", () => {
  judge("correlation-id-kept", edgeOf());
  fails("correlation-id-kept", edgeOf({ init: { correlation_id: null } }), /has no correlation/);
  const other = { ...GUID, data1: 9 };
  fails("correlation-id-kept", edgeOf({ init: { correlation_id: other } }), /saved 00000009-/);
});

test("flush-log-result compares saved, foretold and reported", () => {
  judge("flush-log-result", edgeOf());
  const slow = { duration_us: 500_000n, error: "deadline exceeded" };
  fails("flush-log-result", edgeOf({ init: { flush_logs_result: slow } }), /flush failed/);
  const fault = { fault: "logs:late:save" };
  fails("flush-log-result", edgeOf({ settings: fault }), /flush ended with null/);
  const early = { ...slow, duration_us: 1n };
  fails(
    "flush-log-result",
    edgeOf({ settings: fault, init: { flush_logs_result: early } }),
    /gave up/,
  );
});

test("decodes-with-reader-schema expects exactly the refusal of the table", () => {
  const name = "decodes-with-reader-schema";
  const ephemeral = { lifetime: "Ephemeral" };
  const refused: Outcome = { kind: "refused", reason: "decoding: missing required field" };
  const [reader, none] = [hop("2505"), { vmgs: null }];
  judge(name, edgeOf());
  judge(name, edgeOf({ reader, settings: ephemeral, init: none, restore: refused }));
  fails(name, edgeOf({ reader, init: none, restore: refused }), /cannot decode/);
  fails(name, edgeOf({ reader, settings: ephemeral, restore: refused }), /decodes with "success"/);
  fails(
    name,
    edgeOf({ reader, settings: ephemeral, init: none }),
    /table of lifetime says refused/,
  );
});

test("field-evolution agrees with every pair of releases", () => {
  const releases = ["2411", "2505", "1.7.2511", "1.8.2607", "main"];
  for (const writer of releases) {
    for (const reader of releases) {
      judge("field-evolution", edgeOf({ writer: hop(writer), reader: hop(reader) }));
    }
  }
});

test("guest-state-lifetime knows where each release takes its VMGS from", () => {
  const from = (source: "saved" | "disk" | "none") =>
    machineOf({
      guestState: { source: () => source, disagreement: () => null, settings: () => new Map() },
    });
  const name = "guest-state-lifetime";
  judge(name, edgeOf({ machine: from("saved") }), "disk");
  fails(name, edgeOf({ machine: from("disk") }), /from disk, table says saved/, "disk");
  fails(name, edgeOf({ machine: from("saved") }), /first boot takes VMGS from none/, "none");
  const settings = { lifetime: "Ephemeral" };
  judge(name, edgeOf({ settings, init: { vmgs: null }, machine: from("none") }), "none");
  fails(name, edgeOf({ settings, writer: hop("2505") }), /first boot done.*says crashed/);
  fails(name, edgeOf({ settings, machine: from("none") }), /vmgs is saved/, "none");
});

test("state-units-complete finds lost, doubled and unknown units", () => {
  const name = "state-units-complete";
  judge(name, edgeOf(), ["vmtime"]);
  fails(name, edgeOf(), /unit pit has content and is not saved/, ["pit"]);
  fails(name, edgeOf({ units: ["vmtime", "vmtime"] }), /saved twice/, []);
  fails(name, edgeOf({ units: ["vmtime"] }), /unit vmbus is not saved/, []);
  fails(
    name,
    edgeOf({ settings: { fault: "unit:unknown:between" } }),
    /table of fault says refused/,
    [],
  );
});

/** A machine of `devices: none` that has seen these spans. */
function traced(...spans: readonly (readonly [string, string | null])[]) {
  const lifecycle = {
    running: () => true,
    nonce: () => 1n,
    log: () => [],
    spans: () => spans.map(([name, correlationId]) => ({ ...SPAN, name, correlationId })),
    inspect: () => ({}),
  };
  return edgeOf({ machine: machineOf({ lifecycle }) });
}

const SPAN = { startUs: 0, endUs: 1 };
const ID = edgeOf().correlationId;
const USUAL_SPANS = [
  ["init/get_saved_state", null],
  ["init/new_underhill_vm", ID],
  ["init/restore", ID],
] as const;

test("spans-complete misses a span and a correlation id", () => {
  const name = "spans-complete";
  judge(name, traced(...USUAL_SPANS));
  judge(name, traced(...USUAL_SPANS, ["another", ID], ["a third one", null]));
  fails(name, traced(), /span init\/get_saved_state is missing/);
  fails(name, traced(...USUAL_SPANS, ["init/restore", null]), /span init\/restore carries no/);
});

test("spans-complete finds the correlation id of another operation in any span", () => {
  const words = /span another carries 0-1, not 01020304-/;
  fails("spans-complete", traced(...USUAL_SPANS, ["another", "0-1"]), words);
});

test("relay-conversion wants the legacy layout on the wire", () => {
  const legacy = {
    use_interrupt_relay: true,
    relay_state: { variant: "Connected" as const, value: {} },
    client_saved_state: {
      client_state: { variant: "Disconnected" as const, value: {} },
      channels: [],
      gpadls: [],
      pending_messages: [],
    },
    channels: [],
  };
  const blob = codecFor(VmbusRelayLegacySavedState, "main").encode(legacy);
  judge("relay-conversion", edgeOf({ relay: blob }));
  const relay_state = { variant: "Disconnected" as const, value: {} };
  const honest = codecFor(VmbusRelayLegacySavedState, "main").encode({ ...legacy, relay_state });
  fails("relay-conversion", edgeOf({ relay: honest }), /relay_state is Disconnected, table says/);
  const own = codecFor(VmbusRelaySavedState, "main").encode({
    use_interrupt_relay: true,
    channels: [],
  });
  fails("relay-conversion", edgeOf({ relay: own }), /has not the legacy layout: missing enum/);
});

test("relay-conversion wants the host to have what the guest has open", () => {
  const name = "relay-conversion";
  const guest = { channelId: 9, open: false, gpadls: [5] };
  const client_saved_state = {
    client_state: { variant: "Disconnected" as const, value: {} },
    channels: [],
    gpadls: [],
    pending_messages: [],
  };
  const relay = codecFor(VmbusRelayLegacySavedState, "main").encode({
    use_interrupt_relay: true,
    relay_state: { variant: "Connected" as const, value: {} },
    client_saved_state,
    channels: [],
  });
  const seen = (state: "offered" | "opened", gpadls: readonly number[]) => {
    const channels = () => [{ ...guest, host: { state, gpadls } }];
    const vmbus = { channels, pendingMessages: () => [], listening: () => true };
    return edgeOf({ relay, machine: machineOf({ vmbus }) });
  };
  judge(name, seen("offered", [5]));
  fails(name, seen("opened", [5]), /channel 9 is opened at the host/);
  fails(name, seen("offered", []), /the host does not know GPADL 5/);
  fails(name, seen("offered", [5, 6]), /only the host knows GPADL 6/);
});

test("no-allocation-lost wants the pages of a cleared device back", () => {
  const name = "no-allocation-lost";
  const device = "nvme_1:0:0.0";
  const disk = { pci_id: "1:0:0.0", driver_state: driverState() };
  const init = {
    dma_manager_state: poolState(device),
    nvme_state: { nvme_state: { cpu_count: 4, nvme_disks: [disk] } },
  };
  const cleared = (state: "allocated" | "free", owner: string) => {
    const slots = [{ pfn: POOL.start / 4096n, pages: 66n, state, device: owner }];
    const pools = () => [{ pool: "private" as const, ranges: [], slots }];
    const machine = machineOf({ dma: { pools, strayWrites: () => [] } });
    return edgeOf({ init, writer: hop("main", "host"), reader: hop("main"), machine });
  };
  judge(name, cleared("free", ""));
  fails(name, cleared("allocated", device), /are claimed although the device was cleared/);
});

test("sticky-keepalive looks at the modes after a save that failed", () => {
  const name = "sticky-keepalive";
  const save: Outcome = { kind: "refused", reason: "Simulated servicing save failure" };
  const seeing = (mode: string) => ({
    servicing: { ...machineOf().servicing, keepaliveMode: () => mode },
    modes: ["enabled", "enabled"],
  });
  const failed = (release: string, request: string) =>
    edgeOf({ writer: hop(release), save, settings: { fault: "servicing:fail:save", request } });
  judge(name, failed("main", "none"), seeing("disabled"));
  judge(name, failed("2505", "none"), seeing("enabled"));
  judge(name, failed("main", "nvme+mana"), seeing("enabled"));
  fails(name, failed("main", "none"), /nvme is enabled .* says disabled/, seeing("enabled"));
  fails(name, failed("2505", "none"), /nvme is disabled .* says enabled/, seeing("disabled"));
  judge(name, edgeOf(), seeing("anything"));
});
