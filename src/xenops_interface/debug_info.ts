/**
 * The first parameter of every call: a key for logs, behind which newer clients put a trace.
 *
 * Source: xen-api, `debug_info.ml`. A text without a second line, or with a third, is a key alone.
 *
 * @module
 */
import { readJson } from "./json_reader.ts";
import { RpcDict } from "./rpc.ts";

export interface DebugInfo {
  readonly log: string;
  readonly traceparent?: string;
}

/** Tells key and trace apart. A trace that is JSON without a parent is passed over. */
export function readDebugInfo(text: string): DebugInfo {
  const [log = "", trace, ...more] = text.split("\n");
  if (trace === undefined || more.length > 0) return { log: text };
  const parent = parentOf(trace);
  return typeof parent === "string" ? { log, traceparent: parent } : { log };
}

/** What is no JSON is the parent itself. */
function parentOf(trace: string): unknown {
  try {
    const context = readJson(trace);
    return context instanceof RpcDict ? context.get("traceparent") : undefined;
  } catch {
    return trace;
  }
}
