/**
 * Rows of the table of changes that no path of the grid can show, because a release converts its
 * state before it leaves, or because OpenHCL does not save the message in servicing.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { codecFor, MeshError, RELEASE_NAMES } from "../../src/mesh/mod.ts";
import {
  PciCfgSpaceEmuSavedState,
  PciExpressSavedState,
  VmbusRelayLegacySavedState,
  VmbusRelaySavedState,
} from "../../src/openhcl_state/mod.ts";
import { byNumber, changeRow, firstDisagreement } from "./schema_changes.ts";
import { EVOLUTION, QUEUE_LAYOUT } from "./tables.ts";

test("EVOLUTION agrees with the schemas of every pair of releases", () => {
  for (const writer of RELEASE_NAMES) {
    for (const reader of RELEASE_NAMES) {
      assert.equal(firstDisagreement(writer, reader), undefined);
    }
  }
});

test("EVOLUTION gives each row a source, and no change to a release itself", () => {
  for (const { message, number, source, effect, writers, readers } of EVOLUTION.rows) {
    assert.match(source, /^(?:openhcl|vm)\/[\w/]+\.rs[,: ]/, `${message} #${number}`);
    if (effect === "refused") continue;
    assert.ok(!writers.some((release) => readers.includes(release)), `${message} #${number}`);
  }
});

test("EVOLUTION: 2411 refuses a relay that was not converted, with the text of the table", () => {
  const blob = codecFor(VmbusRelaySavedState, "main").encode({
    use_interrupt_relay: true,
    channels: [],
  });
  const { text } = rowOf("vmbus.relay.SavedState", 2, "refused", "main", "2411");
  assert.throws(
    () => codecFor(VmbusRelaySavedState, "2411").decode(blob),
    (error) => error instanceof MeshError && error.reason === text,
  );
});

test("EVOLUTION: a legacy relay that is not converted loses all channels", () => {
  const blob = codecFor(VmbusRelayLegacySavedState, "main").encode({
    use_interrupt_relay: true,
    relay_state: { variant: "Connected", value: {} },
    client_saved_state: {
      client_state: { variant: "Disconnected", value: {} },
      channels: [],
      gpadls: [],
      pending_messages: [],
    },
    channels: [
      {
        channel_id: 3,
        event_flag: 7,
        intercepted: false,
        intercepted_save_state: new Uint8Array(),
      },
    ],
  });
  const { value, unknown } = codecFor(VmbusRelaySavedState, "main").decodeListing(blob);
  assert.deepEqual(value.channels, []);
  assert.ok(unknown.length >= 3, "relay_state, client_saved_state and channels are skipped");
});

test("EVOLUTION: registers of PCI Express take each other's place", () => {
  const releases = ["1.7.2511", "1.8.2607", "main"];
  for (const writer of releases) {
    for (const reader of releases.filter((release) => release !== writer)) {
      const fields = byNumber(PciExpressSavedState.fields, writer);
      const value = Object.fromEntries(
        [...fields].map(([number, { name }]) => [name, 100 + number]),
      );
      const bytes = codecFor(PciExpressSavedState, writer).encode(value as never);
      const read = codecFor(PciExpressSavedState, reader).decode(bytes) as Record<string, number>;
      for (const [number, { name }] of byNumber(PciExpressSavedState.fields, reader)) {
        const known = fields.get(number);
        assert.equal(
          read[name],
          known === undefined ? 0 : 100 + number,
          `${writer} ${reader} ${name}`,
        );
        if (known === undefined || known.name === name) continue;
        const row = rowOf(PciExpressSavedState.name, number, "reinterpreted", writer, reader);
        assert.deepEqual([row.field, row.as], [known.name, name]);
      }
    }
  }
});

test("EVOLUTION: configuration space without its base addresses is refused everywhere", () => {
  for (const release of RELEASE_NAMES) {
    const { text } = rowOf(PciCfgSpaceEmuSavedState.name, 2, "refused", release, release);
    assert.throws(
      () => codecFor(PciCfgSpaceEmuSavedState, release).decode(new Uint8Array()),
      (error) => error instanceof MeshError && error.reason === text,
    );
  }
});

function rowOf(message: string, number: number, effect: string, writer: string, reader: string) {
  const row = changeRow(message, number, [effect], writer, reader);
  assert.ok(row, `${message} #${number} ${effect}, ${writer} to ${reader}`);
  return row;
}

test("EVOLUTION says of queues that cross a layout what the table of layouts says", () => {
  const ends = { crash: "crashed", misread: "hung" } as const;
  for (const { effect, writers, readers, text } of EVOLUTION.rows) {
    if (effect !== "crash" && effect !== "misread") continue;
    const crossing = QUEUE_LAYOUT.crossings.find(
      (row) => `${row.writers}>${row.readers}` === `${writers}>${readers}`,
    );
    assert.deepEqual([crossing?.outcome, crossing?.text], [ends[effect], text]);
  }
});
