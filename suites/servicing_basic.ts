/**
 * What every servicing operation promises, whatever the devices: the guest goes on where it was
 * stopped, and the operation can be followed from the host's request to the resumed guest.
 *
 * Method: note what the guest and the host can see before the first save, and look again after
 * each restore. Sources are OpenHCL's guide "OpenHCL Servicing" and its own test
 * `basic_servicing`.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const GUIDE = "openvmm Guide, reference/architecture/openhcl_servicing.md";

/** Lower-case GUID as text. */
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export default suite("servicing-basic", [
  scenario({
    name: "guest/comes-back-running",
    must: "The guest runs after servicing",
    source: `${GUIDE}, 6. State Restoration, VM Resumption`,
    needs: ["lifecycle"],
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest's processors do not run");
    },
  }),

  scenario({
    name: "guest/keeps-its-memory",
    must: "Servicing does not reboot the guest: its memory stays",
    source: `${GUIDE}, 4. Host Servicing`,
    needs: ["lifecycle"],
    before: ({ lifecycle }) => lifecycle.nonce(),
    after({ lifecycle }, nonce) {
      check(lifecycle.nonce() === nonce, `nonce was ${nonce}, is ${lifecycle.nonce()}`);
    },
  }),

  scenario({
    name: "correlation-id/is-known-after-restore",
    must: "The correlation id of the operation persists across it",
    source: `${GUIDE}, Correlation ID`,
    needs: ["servicing"],
    after({ servicing }) {
      const id = servicing.correlationId();
      check(id !== null && GUID.test(id), `correlation id is ${id}`);
    },
  }),

  scenario({
    name: "correlation-id/is-new-to-a-fresh-boot",
    must: "A machine that was not serviced has no correlation id",
    source: `${GUIDE}, Correlation ID`,
    needs: ["servicing"],
    before: ({ servicing }) => servicing.correlationId(),
    after(_, id) {
      check(id === null, `the first boot had the correlation id ${id}`);
    },
  }),

  scenario({
    name: "blackout/is-measured",
    must: "The time in which the guest stood still is known and is not zero",
    source: "openvmm, underhill_core/src/dispatch/mod.rs, blackout_time_ms",
    needs: ["servicing"],
    after({ servicing }) {
      const blackoutUs = servicing.blackoutUs();
      check(blackoutUs !== null && blackoutUs > 0, `blackout is ${blackoutUs} us`);
    },
  }),

  scenario({
    name: "logs/are-flushed-before-restart",
    must: "The logs are flushed before the restart, and the result is reported after it",
    source: "openvmm, underhill_core/src/servicing.rs, FlushLogsResult",
    needs: ["servicing"],
    after({ servicing }) {
      const result = servicing.flushLogs();
      check(result !== null, "no result of flushing logs");
      check(result.error === null, `flushing logs failed: ${result.error}`);
    },
  }),

  scenario({
    name: "logs/have-no-error",
    must: "A servicing operation that succeeds logs no error",
    source: `${GUIDE}, Logging: error stands for critical failures that impact servicing`,
    needs: ["lifecycle"],
    after({ lifecycle }) {
      const error = lifecycle.log().find(({ level }) => level === "error");
      check(error === undefined, `logged: ${error?.text}`);
    },
  }),

  scenario({
    name: "spans/carry-the-correlation-id",
    must: "Spans of the operation carry its correlation id, and no other one",
    source: `${GUIDE}, Tracing: All operations include correlation ID in spans`,
    needs: ["lifecycle", "servicing"],
    after({ lifecycle, servicing }) {
      const id = servicing.correlationId();
      const marked = lifecycle.spans().filter((span) => span.correlationId !== null);
      check(marked.length > 0, "no span has a correlation id");
      const other = marked.find((span) => span.correlationId !== id);
      check(other === undefined, `${other?.name} carries ${other?.correlationId}, not ${id}`);
    },
  }),

  scenario({
    name: "spans/are-nested-in-time",
    must: "A span ends when it starts or later, and spans are listed in order of their start",
    source: `${GUIDE}, Tracing`,
    needs: ["lifecycle"],
    after({ lifecycle }) {
      let lastUs = 0;
      for (const { name, startUs, endUs } of lifecycle.spans()) {
        check(startUs >= lastUs, `${name} starts at ${startUs} us, after one at ${lastUs} us`);
        check(endUs >= startUs, `${name} starts at ${startUs} us and ends at ${endUs} us`);
        lastUs = startUs;
      }
    },
  }),

  scenario({
    name: "inspect/shows-the-machine",
    must: "Runtime inspection is available after servicing",
    source: `${GUIDE}, Inspection`,
    needs: ["lifecycle"],
    after({ lifecycle }) {
      const tree = lifecycle.inspect();
      const shown = typeof tree === "object" && tree !== null ? Object.keys(tree).length : 0;
      check(shown > 0, "the inspect tree is empty");
    },
  }),

  scenario({
    name: "inspect/shows-every-unit",
    must: "The inspect tree has every state unit under its name",
    source: "openvmm, underhill_core/src/dispatch/mod.rs, WorkerRpc::Inspect: merges state units",
    needs: ["lifecycle", "units"],
    after({ lifecycle, units }) {
      const tree = Object(lifecycle.inspect());
      const lost = [...units.digests().keys()].find((name) => !Object.hasOwn(tree, name));
      check(lost === undefined, `the tree has no ${lost}`);
    },
  }),
]);
