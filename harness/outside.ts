/**
 * Implementations of a user's own: reached by the adapter protocol, and judged by what any machine
 * owes to its guest, or like an embedded implementation. Embedded ones are served likewise.
 *
 * @module
 */
import { ANY_SUITES, CODEC_SUITES } from "../suites/mod.ts";
import { connectAdapter, connectAll, serveAt } from "./adapters/rpc/mod.ts";
import type { Driving, Protocol } from "./cli/driving.ts";
import type { Implementation } from "./cli/product.ts";
import { versionOf } from "./version.ts";

export const protocol: Protocol<Implementation> = {
  reach,
  serve: ({ adapter, space, codec, contents }, place) =>
    serveAt({ adapter, space, codec, contents }, place),
};

async function reach({ like, ...driving }: Driving<Implementation>): Promise<Implementation> {
  const { adapter: target, adapters = {}, ...more } = driving.configuration;
  const { limits = {} } = more;
  const harness = `freezethaw ${versionOf("../package.json")}`;
  const options = { ...driving, harness, limits, atOnce: like !== undefined };
  const connected = await (target === undefined
    ? connectAll(adapters, options)
    : connectAdapter(target, options));
  const { adapter, space, format, hasCodec } = connected;
  const end = () => connected.close();
  if (like !== undefined) {
    // What it can do where is known; what it does is not.
    const { releases: _, ...said } = adapter;
    const known = { ...like.adapter, rig: said.rig, rigsAtOnce: said.rigsAtOnce ?? 1 };
    const deadline = said.deadlineMs === undefined ? {} : { deadlineMs: said.deadlineMs };
    return { ...like, adapter: { ...known, ...deadline }, end };
  }
  return {
    adapter,
    space,
    suites: hasCodec ? [...ANY_SUITES, ...CODEC_SUITES] : ANY_SUITES,
    oracles: [],
    expectations: [],
    codec: format,
    recordings: {},
    correlationIdOf: () => undefined,
    end,
  };
}
