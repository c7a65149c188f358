/**
 * Reads the YAML that our own files for forges are written in: mappings, lists and texts in a line
 * What it does not know it refuses, so that nothing is misread. Tests use it.
 *
 * @module
 */

export interface Yaml {
  readonly [key: string]: unknown;
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** The value of `text`: a mapping, as our files are. */
export function yamlOf(text: string): unknown {
  const lines = text.split("\n").flatMap((line): Line[] => {
    const bare = line.trim();
    if (bare === "" || bare.startsWith("#")) return [];
    return [{ indent: line.length - line.trimStart().length, text: bare }];
  });
  const reader = { lines, at: 0 };
  const value = block(reader, 0);
  if (reader.at < lines.length) throw refusal(lines[reader.at]);
  return value;
}

interface Reader {
  readonly lines: Line[];
  at: number;
}

function block(reader: Reader, indent: number): unknown {
  return reader.lines[reader.at]?.text.startsWith("- ")
    ? items(reader, indent)
    : mapping(reader, indent);
}

function items(reader: Reader, indent: number): unknown[] {
  const found: unknown[] = [];
  for (let line = reader.lines[reader.at]; line !== undefined; line = reader.lines[reader.at]) {
    if (line.indent !== indent || !line.text.startsWith("- ")) break;
    const rest = line.text.slice(2).trimStart();
    const inner = indent + line.text.length - rest.length;
    if (KEY.test(rest)) {
      reader.lines[reader.at] = { indent: inner, text: rest };
      found.push(mapping(reader, inner));
    } else {
      reader.at++;
      found.push(scalar(rest, line));
    }
  }
  return found;
}

const KEY = /^("?)([A-Za-z_.][\w.-]*)\1:(?: (.*))?$/;

function mapping(reader: Reader, indent: number): Yaml {
  const entries: [string, unknown][] = [];
  for (let line = reader.lines[reader.at]; line !== undefined; line = reader.lines[reader.at]) {
    const [, , key, rest = ""] = line.indent === indent ? (KEY.exec(line.text) ?? []) : [];
    if (key === undefined) break;
    reader.at++;
    const next = reader.lines[reader.at]?.indent ?? 0;
    const nested = rest === "" && next > indent;
    entries.push([key, nested ? block(reader, next) : scalar(rest, line)]);
  }
  if (entries.length === 0) throw refusal(reader.lines[reader.at]);
  return Object.fromEntries(entries);
}

function scalar(text: string, line: Line): string {
  if (text.startsWith('"')) return JSON.parse(text);
  if (/^[&*!|>%@`'[{]|: | #/.test(text)) throw refusal(line);
  return text;
}

function refusal(line: Line | undefined): SyntaxError {
  return new SyntaxError(`Cannot read YAML as it must be plain: current value is ${line?.text}`);
}
