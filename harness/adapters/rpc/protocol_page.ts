/**
 * The parts of `PROTOCOL.md` that are made from the shapes of the messages, and the JSON Schema.
 *
 * Run: `node harness/adapters/rpc/protocol_page.ts` writes both files anew.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import {
  CODES,
  errorShape,
  logParams,
  METHODS,
  type MethodName,
  PROTOCOL_MAX,
  PROTOCOL_MIN,
} from "./messages.ts";
import type { Schema } from "./shape.ts";

const PAGE = new URL("./PROTOCOL.md", import.meta.url);
const SCHEMA = new URL("./protocol.schema.json", import.meta.url);
/** Between them stands what is made. */
const [BEGIN, END] = ["<!-- made from messages.ts -->", "<!-- end of what is made -->"];

/** The JSON Schema of all messages, as the text of its file. */
export function schemaText(): string {
  const methods = Object.entries(METHODS);
  const definitions = Object.fromEntries(
    methods.flatMap(([name, { about, params, result }]) => [
      [`${name}.params`, { ...params.schema, description: about }],
      [`${name}.result`, result.schema],
    ]),
  );
  const requests = methods.map(([name]) => envelope(name, { id: { type: "integer" } }));
  const answer = {
    type: "object",
    properties: {
      jsonrpc: { const: "2.0" },
      id: { type: "integer" },
      result: {},
      error: ref("error"),
    },
    required: ["jsonrpc", "id"],
    oneOf: [{ required: ["result"] }, { required: ["error"] }],
  };
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `freezethaw adapter protocol, version ${PROTOCOL_MAX}`,
    anyOf: [ref("request"), ref("answer"), ref("log")],
    $defs: {
      request: { anyOf: requests },
      answer,
      log: {
        type: "object",
        properties: {
          jsonrpc: { const: "2.0" },
          method: { const: "log" },
          params: logParams.schema,
        },
        required: ["jsonrpc", "method", "params"],
      },
      error: errorShape.schema,
      ...definitions,
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The text of the page with its made part made anew. */
export function pageText(): string {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from === -1 || to === -1) throw new Error("Cannot make the page as its marks must be there");
  return `${page.slice(0, from)}${BEGIN}\n\n${madeText()}\n${page.slice(to)}`;
}

function madeText(): string {
  const versions =
    PROTOCOL_MIN === PROTOCOL_MAX ? PROTOCOL_MAX : `${PROTOCOL_MIN} to ${PROTOCOL_MAX}`;
  const lines = [`Versions that this harness speaks: ${versions}.`, ""];
  for (const name of Object.keys(METHODS) as MethodName[]) {
    const { about, params, result } = METHODS[name];
    lines.push(`### ${name}`, "", about, "");
    lines.push(...table("Parameter", params.schema), ...table("Result", result.schema));
  }
  lines.push("### Errors", "", "| Code | Meaning |", "| --- | --- |");
  for (const [name, code] of Object.entries(CODES)) lines.push(`| ${code} | ${name} |`);
  return `${lines.join("\n")}\n`;
}

function table(what: string, { properties = {}, required = [] }: Schema): string[] {
  const members = Object.entries(properties as Readonly<Record<string, Schema>>);
  if (members.length === 0) return [];
  const rows = members.map(([name, schema]) => {
    const needed = (required as readonly string[]).includes(name) ? "" : "?";
    return `| \`${name}${needed}\` | ${typeOf(schema)} | ${String(schema.description ?? "")} |`;
  });
  return [`| ${what} | Type | |`, "| --- | --- | --- |", ...rows, ""];
}

/** The type of a value in few words. */
function typeOf(schema: Schema): string {
  const { type, items, anyOf, properties, additionalProperties } = schema;
  const words = schema.enum as readonly string[] | undefined;
  if (words !== undefined) return words.map((word) => `\`"${word}"\``).join(" or ");
  if (anyOf !== undefined) return (anyOf as readonly Schema[]).map(typeOf).join(" or ");
  if (type === "array") return `list of ${typeOf(items as Schema)}`;
  if (properties !== undefined) {
    const needed = (schema.required ?? []) as readonly string[];
    const names = Object.keys(properties as object);
    return `\`{${names.map((name) => (needed.includes(name) ? name : `${name}?`)).join(", ")}}\``;
  }
  if (additionalProperties !== undefined)
    return `object of ${typeOf(additionalProperties as Schema)}`;
  return type === undefined ? "any JSON" : String(type);
}

function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

function envelope(method: string, more: Schema): Schema {
  return {
    type: "object",
    properties: {
      jsonrpc: { const: "2.0" },
      ...more,
      method: { const: method },
      params: ref(`${method}.params`),
    },
    required: ["jsonrpc", "id", "method", "params"],
  };
}

if (process.argv[1]?.endsWith("protocol_page.ts")) {
  writeFileSync(PAGE, pageText());
  writeFileSync(SCHEMA, schemaText());
}
