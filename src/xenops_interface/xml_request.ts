/**
 * Requests and answers as XML-RPC has them.
 *
 * Source: ocaml-rpc, `xmlrpc.ml`. Whole numbers are written as texts without a type, so that they
 * are read as texts, too; readers of whole numbers forgive that. Characters that XML has not are
 * left out of texts, as there: this way is lossy.
 *
 * @module
 */
import { ERROR, errorOf } from "./error.ts";
import { DEPTH_MAX, VALUES_MAX } from "./limits.ts";
import type { Request } from "./request.ts";
import { INT64_MAX, INT64_MIN, RpcDict, type RpcEntry, type RpcValue } from "./rpc.ts";
import { XmlScanner } from "./xml_scanner.ts";

/** The request in a text; throws `XmlError`. */
export function readXmlRequest(text: string): Request {
  const xml = new XmlScanner(text);
  const reader = new ValueReader(xml);
  xml.open("methodCall");
  xml.open("methodName");
  const method = xml.text();
  xml.close("methodName");
  const params: RpcValue[] = [];
  xml.open("params");
  while (xml.opens()) {
    xml.open("param");
    params.push(reader.value(0));
    xml.close("param");
  }
  xml.close("params");
  xml.close("methodCall");
  xml.end();
  return { method, params };
}

/** The answer to a call that has been performed. */
export function writeXmlResult(result: RpcValue): string {
  return answer("Success", "Value", result);
}

/** The answer to a call that has failed, whatever was thrown. */
export function writeXmlFailure(thrown: unknown): string {
  return answer("Failure", "ErrorDescription", ERROR.encode(errorOf(thrown)));
}

function answer(status: string, key: string, value: RpcValue): string {
  const body = valueText(
    new RpcDict([
      ["Status", status],
      [key, value],
    ]),
  );
  const response = `<methodResponse><params><param>${body}</param></params></methodResponse>`;
  return `<?xml version="1.0"?>${response}`;
}

class ValueReader {
  readonly #xml: XmlScanner;
  #values = 0;

  constructor(xml: XmlScanner) {
    this.#xml = xml;
  }

  value(depth: number): RpcValue {
    const xml = this.#xml;
    this.#values++;
    if (this.#values > VALUES_MAX) throw xml.fault(`at most ${VALUES_MAX} values`);
    if (depth > DEPTH_MAX) throw xml.fault(`at most ${DEPTH_MAX} values inside each other`);
    xml.open("value");
    const text = xml.text();
    const isTyped = /^[ \t\r\n]*$/.test(text) && xml.opens();
    const value = isTyped ? this.#typed(depth) : text;
    xml.close("value");
    return value;
  }

  #typed(depth: number): RpcValue {
    const xml = this.#xml;
    const type = xml.open();
    const value = this.#ofType(type, depth);
    if (value === undefined) throw xml.fault(`a value of <${type}>`);
    xml.close(type);
    return value;
  }

  #ofType(type: string, depth: number): RpcValue | undefined {
    switch (type) {
      case "nil":
        return null;
      case "struct":
        return new RpcDict(this.#members(depth));
      case "array":
        return this.#items(depth);
      case "string":
      case "dateTime.iso8601":
      case "base64":
        return this.#xml.text();
      default:
        return scalar(type, this.#xml.text().trim());
    }
  }

  #members(depth: number): RpcEntry[] {
    const xml = this.#xml;
    const entries: RpcEntry[] = [];
    while (xml.opens()) {
      xml.open("member");
      xml.open("name");
      const name = xml.text();
      xml.close("name");
      entries.push([name, this.value(depth + 1)]);
      xml.close("member");
    }
    return entries;
  }

  #items(depth: number): RpcValue[] {
    const xml = this.#xml;
    const items: RpcValue[] = [];
    if (!xml.opens()) return items;
    xml.open("data");
    while (xml.opens()) items.push(this.value(depth + 1));
    xml.close("data");
    return items;
  }
}

/** `undefined` when the text is not of the type, or the type not known. */
function scalar(type: string, text: string): RpcValue | undefined {
  if (type === "boolean") return text === "1" ? true : text === "0" ? false : undefined;
  if (type === "double") {
    const value = Number(text);
    return text !== "" && text.length < 40 && Number.isFinite(value) ? value : undefined;
  }
  if (!["int", "i4", "i8"].includes(type) || !/^[+-]?\d{1,19}$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

function valueText(value: RpcValue): string {
  return `<value>${innerText(value)}</value>`;
}

function innerText(value: RpcValue): string {
  if (value === null) return "<nil/>";
  if (typeof value === "string") return escaped(value);
  if (typeof value === "bigint") return `${value}`;
  if (typeof value === "boolean") return `<boolean>${value ? 1 : 0}</boolean>`;
  if (typeof value === "number") return `<double>${value}</double>`;
  if (!(value instanceof RpcDict)) {
    return `<array><data>${value.map(valueText).join("")}</data></array>`;
  }
  const members = value.entries.map(
    ([name, it]) => `<member><name>${escaped(name)}</name>${valueText(it)}</member>`,
  );
  return `<struct>${members.join("")}</struct>`;
}

const ESCAPES = new Map([
  ["<", "&lt;"],
  [">", "&gt;"],
  ["&", "&amp;"],
  ['"', "&quot;"],
]);

function escaped(text: string): string {
  return text.replace(/[^\t\n\r !#-%'-;=?-\uffff]/g, (character) => ESCAPES.get(character) ?? "");
}
