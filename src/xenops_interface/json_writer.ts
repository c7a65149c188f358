/**
 * Values into JSON text, such that reading gives the same values again: floats always have a point
 * or an exponent, whole numbers never have.
 *
 * @module
 */
import { RpcDict, type RpcValue } from "./rpc.ts";

/** The text of a value, without spaces. */
export function writeJson(value: RpcValue): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return floatText(value);
    case "boolean":
    case "bigint":
      return `${value}`;
  }
  if (value instanceof RpcDict) {
    const members = value.entries.map(([key, it]) => `${JSON.stringify(key)}:${writeJson(it)}`);
    return `{${members.join(",")}}`;
  }
  return `[${value.map(writeJson).join(",")}]`;
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot write JSON as a float must be finite: current value is ${value}`);
  }
  const text = Object.is(value, -0) ? "-0" : `${value}`;
  return /[.e]/.test(text) ? text : `${text}.0`;
}
