import assert from "node:assert/strict";
import { test } from "node:test";
import { codecFor } from "../../src/mesh/mod.ts";
import {
  ServicingState,
  UefiDiagnosticsSavedState,
  VmbusServerSavedState,
  VmTimeSavedState,
} from "../../src/openhcl_state/mod.ts";
import type { SavedState } from "../adapter.ts";
import type { Edge } from "../oracle.ts";
import { edgeOf, GUID, hop, type InitState, poolState } from "./handmade_edge.ts";
import { fails, judge } from "./handmade_verdict.ts";
import { savedDifferences } from "./saved_differences.ts";
import { unknownFieldsOf } from "./unknown_fields.ts";

type Init = Partial<InitState>;

const OTHER_ID = { ...GUID, data1: 9 };
const [ONE, TWO] = [Uint8Array.of(1), Uint8Array.of(2)];

/** What `release` saves of `init`. */
function savedBy(release: string, init: Init = {}): SavedState {
  const { saved } = edgeOf({ writer: hop(release), init });
  assert.ok(saved);
  return saved;
}

/** An edge whose state was restored by `reader` and saved again as `again`. */
function resaved(writer: string, reader: string, init: Init, again: Init): Edge {
  const done = { kind: "done" } as const;
  return edgeOf({
    writer: hop(writer),
    reader: hop(reader),
    init,
    again: { restore: done, save: done, resaved: savedBy(reader, again) },
  });
}

test("normal-form finds what a second save makes different, and knows what may differ", () => {
  const name = "normal-form";
  judge(name, edgeOf());
  judge(name, resaved("main", "main", {}, {}));
  judge(
    name,
    resaved("main", "main", {}, { vm_stop_reference_time: 8n, correlation_id: OTHER_ID }),
  );
  const token = { hibernate: { token: 5n } } as unknown as Init;
  fails(
    name,
    resaved("main", "main", token, {}),
    /^init_state\.hibernate was \{"token":"5"\} and is null$/,
  );
});

test("normal-form sees a state as its reader does", () => {
  const token = { hibernate: { token: 5n } } as unknown as Init;
  judge("normal-form", resaved("main", "1.7.2511", token, {}));
});

test("normal-form minds writers, readers and settings of a row", () => {
  const name = "normal-form";
  const fresh = resaved("2411", "main", {}, { vmgs: null });
  fails(name, fresh, /^init_state\.vmgs was /);
  const settings = { ...fresh.condition.settings, lifetime: "Ephemeral" };
  judge(name, { ...fresh, settings });
  const later = resaved("main", "main", {}, { vmgs: null });
  fails(name, { ...later, settings }, /^init_state\.vmgs/);
});

/** As `release` reads what it has saved. */
function read(release: string, init: Init, change?: (state: ServicingState) => void) {
  const state = codecFor(ServicingState, release).decode(savedBy(release, init).bytes);
  change?.(state);
  return state;
}

function places(was: ServicingState, is: ServicingState): string[] {
  return savedDifferences(was, is, "main").map(({ place }) => place);
}

test("savedDifferences() takes lists for sets where their order means nothing", () => {
  const pool = { dma_manager_state: poolState("nvme_1") };
  const turned = read("main", pool, ({ init_state, units }) => {
    units.reverse();
    init_state.dma_manager_state?.private_pool?.state.reverse();
  });
  assert.deepEqual(places(read("main", pool), turned), []);
  const other = { dma_manager_state: poolState("nvme_1", 67n) };
  const at = "init_state.dma_manager_state.private_pool.state";
  assert.deepEqual(places(read("main", pool), read("main", other)), [
    `${at}.256.size_pages`,
    `${at}.322`,
    `${at}.323`,
  ]);
});

/** A server that knows buffers with these ids, each of one channel. */
function withGpadls(...ids: readonly (readonly [channel: number, id: number])[]) {
  const gpadls = ids.map(([channel_id, id]) => {
    const state = { variant: "Accepted", value: {} } as const;
    return { id, channel_id, count: 1, buf: [4096n, 7n], state };
  });
  const connection = { variant: "Disconnecting", value: { next_action: NO_ACTION } } as const;
  const state = { connection, channels: [], gpadls };
  const server = { state, disconnected_state: null, pending_messages: [] };
  const value = codecFor(VmbusServerSavedState, "main").encode({
    server,
    lost_synic_bug_fixed: true,
  });
  return read("main", {}, ({ units }) => {
    units.push({ name: "bus", state: { type_url: BUS, value } });
  });
}
const BUS = "type.googleapis.com/vmbus.server.SavedState";
const NO_ACTION = { variant: "None", value: {} } as const;

test("savedDifferences() tells buffers apart by their channel and their id", () => {
  const was = withGpadls([1, 225], [2, 225]);
  const at = "units.bus.state.server.state.gpadls";
  assert.deepEqual(places(was, withGpadls([2, 225], [1, 225])), []);
  assert.deepEqual(places(was, withGpadls([2, 225])), [`${at}.1-225`]);
});

test("savedDifferences() names units that came or went", () => {
  const whole = read("main", {});
  const less = read("main", {}, ({ units }) => void units.pop());
  const [gone] = places(whole, less);
  assert.match(gone ?? "", /^units\.\w+$/);
  assert.deepEqual(places(less, whole), [gone]);
});

test("savedDifferences() looks into blobs that it knows, and only compares the others", () => {
  const blob = (name: string, value: Uint8Array) =>
    read("main", {}, ({ units }) => {
      const type_url = `type.googleapis.com/${name}`;
      units.push({ name: "some", state: { type_url, value } });
    });
  const codec = codecFor(VmTimeSavedState, "main");
  const time = (vmtime: bigint) => blob("vmtime.SavedState", codec.encode({ vmtime }));
  assert.deepEqual(places(time(1n), time(1n)), []);
  assert.deepEqual(places(time(1n), time(2n)), ["units.some.state.vmtime"]);
  const [one, two] = [blob("unknown.Message", ONE), blob("unknown.Message", TWO)];
  assert.deepEqual(places(one, one), []);
  assert.deepEqual(places(one, two), ["units.some.state"]);
});

test("unknown-fields-kept lists fields with a value that are gone", () => {
  const name = "unknown-fields-kept";
  const token = { hibernate: { token: 5n } } as unknown as Init;
  judge(name, edgeOf());
  judge(name, resaved("main", "1.7.2511", {}, {}));
  judge(name, resaved("main", "1.8.2607", token, {}));
  const words = /^1\.7\.2511 loses underhill\.ServicingInitState\.hibernate$/;
  fails(name, resaved("main", "1.7.2511", token, {}), words);
});

test("unknown-fields-kept does not blame a reader for what the second save did not ask for", () => {
  const kept = { dma_manager_state: poolState("nic_1"), mana_state: [] };
  judge("unknown-fields-kept", resaved("main", "1.7.2511", kept, {}));
  const words = /^2411 loses .*ServicingInitState\.dma_manager_state/;
  fails("unknown-fields-kept", resaved("main", "2411", kept, {}), words);
});

test("unknownFieldsOf() counts fields with a value, in blobs as well", () => {
  const codec = codecFor(UefiDiagnosticsSavedState, "main");
  const sample = (log_level: number) =>
    read("main", {}, ({ units }) => {
      const type_url = "type.googleapis.com/firmware.uefi.diagnostics.SavedState";
      const value = codec.encode({ ...codec.decode(new Uint8Array()), log_level });
      for (const name of ["a", "b"]) units.push({ name, state: { type_url, value } });
    });
  const count = (state: ServicingState, reader: string) => {
    const counts = new Map<string, number>();
    unknownFieldsOf(ServicingState, "main", reader)?.(state, counts);
    return counts;
  };
  const field = "firmware.uefi.diagnostics.SavedState.log_level";
  assert.deepEqual(count(sample(7), "2505"), new Map([[field, 2]]));
  assert.deepEqual(count(sample(0), "2505"), new Map());
  assert.equal(unknownFieldsOf(ServicingState, "main", "main"), undefined);
});
