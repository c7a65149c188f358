/**
 * Replays a trace of what a client asked and was told: calls in order, each with the result that it
 * had. So a server can be held to what another one did.
 *
 * Tokens differ from server to server, so a trace names them, as `$name`: the first time that a
 * name is seen in a result it takes the value there, and has it from then on. Tasks that a server
 * makes for itself are passed over in lists of updates.
 *
 * @module
 */
import { type Client, ClientError } from "./client.ts";
import { type Json, jsonText, parseJson } from "./client_json.ts";

/** One line of a trace. */
interface TraceLine {
  readonly call: string;
  readonly params?: { [key: string]: Json };
  readonly result?: Json;
  /** Tag of the error; payloads are for humans. */
  readonly error?: string;
  readonly why?: string;
}

/** Replays every line; answers what differs, one line for each. */
export async function replayTrace(client: Client, trace: string): Promise<string[]> {
  const names = new Map<string, Json>();
  const differences: string[] = [];
  for (const [index, text] of trace.split("\n").entries()) {
    if (text.trim() === "") continue;
    const line = parseJson(text) as unknown as TraceLine;
    const params = named(line.params ?? {}, names) as { [key: string]: Json };
    const found = await client.call(line.call, params).catch((error: unknown) => {
      if (error instanceof ClientError) return error;
      throw error;
    });
    const difference = differenceOf(line, found, names);
    if (difference !== undefined)
      differences.push(`line ${index + 1}, ${line.call}: ${difference}`);
  }
  return differences;
}

function differenceOf(
  { result, error }: TraceLine,
  found: Json | ClientError,
  names: Map<string, Json>,
): string | undefined {
  if (found instanceof ClientError) {
    return found.tag === error ? undefined : `expected ${error ?? "a result"}, found ${found.tag}`;
  }
  if (error !== undefined) return `expected ${error}, found ${jsonText(found)}`;
  if (result === undefined) return undefined;
  const seen = withoutTasks(found);
  return matches(result, seen, names)
    ? undefined
    : `expected ${jsonText(named(result, names))}, found ${jsonText(seen)}`;
}

function matches(expected: Json, found: Json, names: Map<string, Json>): boolean {
  if (isName(expected) && !names.has(expected)) {
    names.set(expected, found);
    return true;
  }
  const wanted = isName(expected) ? (names.get(expected) as Json) : expected;
  if (typeof wanted !== "object" || wanted === null) return wanted === found;
  if (typeof found !== "object" || found === null) return false;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || wanted.length !== found.length) return false;
    return wanted.every((it, index) => matches(it, found[index] as Json, names));
  }
  // Of a record, what is expected must be there; a newer server may say more.
  const record = found as { [key: string]: Json };
  return Object.entries(wanted).every(([key, it]) => matches(it, record[key] ?? null, names));
}

function named(value: Json, names: ReadonlyMap<string, Json>): Json {
  if (isName(value)) return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((it) => named(it, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, named(it, names)]));
}

function isName(value: Json): value is string {
  return typeof value === "string" && /^\$[a-z0-9]+$/.test(value);
}

/** Updates without those of tasks. */
function withoutTasks(found: Json): Json {
  if (!Array.isArray(found) || found.length !== 3 || !Array.isArray(found[1])) return found;
  const [barriers, ids, token] = found as [Json, Json[], Json];
  return [barriers, ids.filter((id) => !Array.isArray(id) || id[0] !== "Task"), token];
}
