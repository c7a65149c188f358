/**
 * A captured saved state as what the first hop saves. A real machine of that release boots first,
 * so that host and hardware are as a writer leaves them; only its bytes are replaced. Nothing can
 * be asked of a machine that is not the one in the file, so only what looks at restores is run;
 * and a known break may be absent, as nobody knows how the machine was set up.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Adapter, Rig, RunningMachine, SavedState } from "../adapter.ts";
import type { Hop } from "../path.ts";
import type { Suite } from "../scenario.ts";
import { readAll } from "./input.ts";
import { type Format, FormatError, type Implementation } from "./product.ts";
import type { Session } from "./session.ts";

/** `implementation` with the state in the file `path`, written by `release`, on the first hop. */
export async function readCaptured(
  implementation: Implementation,
  { shell, product }: Session,
  path: string,
  release: string,
): Promise<Implementation> {
  const bytes = new Uint8Array(await readAll(shell, path));
  const { adapter, codec, suites, oracles, expectations } = implementation;
  const doubt = doubtAbout(product.formats[codec], release, bytes);
  if (doubt !== undefined) shell.tell(`${path} is no saved state of ${release}: ${doubt}\n`);
  const behind = implementation.leavesBehind?.(bytes);
  if (behind !== undefined) shell.tell(`Not carried over from ${path}: ${behind}\n`);
  const writer = { implementation: adapter.implementation, release };
  const bare: SavedState = { writer, codec, bytes };
  const correlationId = implementation.correlationIdOf(bare);
  const state = correlationId === undefined ? bare : { ...bare, correlationId };
  const digest = createHash("sha256").update(bytes).digest("hex");
  return {
    ...implementation,
    captured: `${basename(path)} (sha256 ${digest})`,
    adapter: { ...withCapture(adapter, state) },
    suites: suites.map(onlyRestores),
    oracles: oracles.filter((oracle) => oracle.before === undefined),
    expectations: expectations.map((entry) => ({ ...entry, mayPass: true })),
  };
}

/** Why not even the release that wrote `bytes` can read them. */
function doubtAbout(
  format: Format | undefined,
  release: string,
  bytes: Uint8Array,
): string | undefined {
  try {
    format?.decodeState(release, bytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `${error.message} at offset ${error.offset}`;
  }
}

function onlyRestores(suite: Suite): Suite {
  const scenarios = suite.scenarios.filter(
    ({ before, preparation }) => before === undefined && preparation === undefined,
  );
  return { ...suite, scenarios };
}

function withCapture(adapter: Adapter, state: SavedState): Adapter {
  return {
    implementation: adapter.implementation,
    releases: adapter.releases,
    capabilities: (hop, settings) => adapter.capabilities(hop, settings),
    async rig(settings, seed) {
      const rig = await adapter.rig(settings, seed);
      return {
        start: async (hop: Hop) => replaying(await rig.start(hop), state),
        restore: (hop: Hop, saved: SavedState) => rig.restore(hop, saved),
        [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
      } satisfies Rig;
    },
  };
}

/** `machine`, except that its save yields `state`. */
function replaying(machine: RunningMachine, state: SavedState): RunningMachine {
  return new Proxy(machine, {
    get(target, name) {
      if (name === "save") {
        return async (request: Parameters<RunningMachine["save"]>[0]) => {
          await target.save(request);
          // Whoever looks at saved bytes remembers them by their object, one for each save.
          return { ...state, bytes: state.bytes.slice() };
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
