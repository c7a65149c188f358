/**
 * Implementations of a user's own: reached by the adapter protocol, and judged by what any machine
 * owes to its guest.
 *
 * @module
 */
import { ANY_SUITES } from "../suites/mod.ts";
import { connectAdapter } from "./adapters/rpc/mod.ts";
import type { Driving } from "./cli/driving.ts";
import type { Implementation } from "./cli/product.ts";
import { versionOf } from "./version.ts";

export async function outside(driving: Driving): Promise<Implementation> {
  const { adapter: target, expectations = [] } = driving.configuration;
  const harness = `freezethaw ${versionOf("../package.json")}`;
  const connected = await connectAdapter(target, { ...driving, harness });
  const { adapter, space, format } = connected;
  return {
    adapter,
    space,
    suites: ANY_SUITES,
    oracles: [],
    expectations: expectations.map((entry) => ({ reason: "", link: "", note: "", ...entry })),
    codec: format,
    recordings: {},
    correlationIdOf: () => undefined,
    end: () => connected.close(),
  };
}
