/**
 * Replay tokens: one word that names a cell of a run, to be pasted into a command line. It is the
 * seed, the scenario and the name of the condition with characters that no shell takes for its
 * own, between a version and a checksum:
 *
 *     ft1_1_nvme/io/once_openhcl@2505,host~main,host_devices=nvme_request=nvme~none_4c1d02e7
 *
 * @module
 */

/** A cell by all that it depends on. */
export interface NamedCell {
  /** `suite/scenario`. */
  readonly scenario: string;
  /** Name of the condition. */
  readonly condition: string;
  /** Seed of the run. */
  readonly seed: number;
}

const VERSION = "ft1";
/** Between the parts of a token, and between the hops of a path and the saves of a setting. */
const [NEXT, STEP] = ["_", "~"] as const;
const UNSAFE = /[^A-Za-z0-9.,+:=@/-]/gu;

/** FNV-1a in 32 bits, which sees a lost or changed letter and is no defence against anybody. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

export function tokenOf({ scenario, condition, seed }: NamedCell): string {
  const [path = "", ...settings] = condition.split(" ");
  const hops = path.split(">").map((hop) => escaped(hop.replace("[", ",").replace("]", "")));
  const saves = settings.map((setting) => setting.split(">").map(escaped).join(STEP));
  const parts = [VERSION, String(seed), escaped(scenario), hops.join(STEP), ...saves];
  const body = parts.join(NEXT);
  return `${body}${NEXT}${checksumOf(body)}`;
}

/** The cell that `token` names. Throws `RangeError` when it is none. */
export function cellOfToken(token: string): NamedCell {
  demand(token.startsWith(`${VERSION}${NEXT}`), `it must begin with ${VERSION}${NEXT}`, token);
  const end = token.lastIndexOf(NEXT);
  const body = token.slice(0, end);
  const checksum = token.slice(end + NEXT.length);
  demand(checksum === checksumOf(body), "it must be whole and unchanged", token);
  const [, seed = "", scenario = "", path = "", ...settings] = body.split(NEXT);
  const hops = path.split(STEP).map((hop) => {
    const text = unescaped(hop);
    return text.includes(",") ? `${text.replace(",", "[")}]` : text;
  });
  const saves = settings.map((setting) => setting.split(STEP).map(unescaped).join(">"));
  const condition = [hops.join(">"), ...saves].join(" ");
  return { scenario: unescaped(scenario), condition, seed: Number(seed) };
}

function demand(holds: boolean, requirement: string, token: string): void {
  if (holds) return;
  throw new RangeError(`Cannot replay token as ${requirement}: current value is ${token}`);
}

function escaped(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const octets = [...new TextEncoder().encode(character)];
    return octets.map((octet) => `%${octet.toString(16).padStart(2, "0")}`).join("");
  });
}

function unescaped(text: string): string {
  return decodeURIComponent(text);
}

function checksumOf(text: string): string {
  let hash: number = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
