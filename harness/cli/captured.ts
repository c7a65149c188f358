/**
 * A captured saved state as what the first hop saves. A real machine of that release boots first,
 * so that host and hardware are as a writer leaves them; only its bytes are replaced. Nothing can
 * be asked of a machine that is not the one in the file, so only what looks at restores is run.
 *
 * @module
 */
import type { Adapter, Rig, RunningMachine, SavedState } from "../adapter.ts";
import type { Hop } from "../path.ts";
import type { Suite } from "../scenario.ts";
import { readAll } from "./input.ts";
import type { Implementation } from "./product.ts";
import type { Shell } from "./shell.ts";

/** `implementation` with the state in the file `path`, written by `release`, on the first hop. */
export async function readCaptured(
  implementation: Implementation,
  shell: Shell,
  path: string,
  release: string,
): Promise<Implementation> {
  const bytes = new Uint8Array(await readAll(shell, path));
  const { adapter, codec, suites, oracles } = implementation;
  const writer = { implementation: adapter.implementation, release };
  const bare: SavedState = { writer, codec, bytes };
  const correlationId = implementation.correlationIdOf(bare);
  const state = correlationId === undefined ? bare : { ...bare, correlationId };
  return {
    ...implementation,
    adapter: { ...withCapture(adapter, state) },
    suites: suites.map(onlyRestores),
    oracles: oracles.filter((oracle) => oracle.before === undefined),
  };
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
          return state;
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
