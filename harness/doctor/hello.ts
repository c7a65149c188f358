/**
 * What an adapter says of itself, member by member.
 *
 * @module
 */
import { type Chart, Gone, shown } from "./chart.ts";
import { isObject } from "./line_reader.ts";

export type Role = "save" | "restore" | "codec";

export interface Hello {
  readonly name: string;
  readonly format: string;
  /** Those that can be started here. */
  readonly releases: readonly string[];
  readonly facets: readonly string[];
  readonly capabilities: readonly string[];
  /** JSON pointers into what observe tells. */
  readonly ticks: readonly string[];
  readonly volatile: readonly string[];
  readonly frames: boolean;
  readonly messageBytes: number;
  readonly stateBytes: number;
  readonly machines: number;
  readonly inFlight: number;
  /** A usual value for each axis of hops, and of saves and paths. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  /** Machines may differ by more than their release. */
  readonly hasAxes: boolean;
  /** Whether `release` says that it has a role. */
  plays(release: string, role: Role): boolean;
}

type Members = { readonly [key: string]: unknown };

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 1;
const isRecordOf = (is: (value: unknown) => boolean) => (value: unknown) =>
  isObject(value) && Object.values(value).every(is);

/** What each member must be; all but those of {@linkcode NEEDED} may be absent. */
const MEMBERS: Readonly<Record<string, readonly [is: (value: unknown) => boolean, what: string]>> =
  {
    protocol: [(value) => value === 1, "the version that was offered, 1"],
    name: [isText, "a text"],
    releases: [(value) => isTexts(value) && isDistinct(value as string[]), "different texts"],
    facets: [isTexts, "texts"],
    capabilities: [(value) => isTexts(value) || isRecordOf(isTexts)(value), "texts, or by release"],
    format: [isText, "a text"],
    roles: [
      isRecordOf((value) => isTexts(value) && (value as string[]).every(isRole)),
      "by release save, restore or codec",
    ],
    limits: [isRecordOf(isCount), "whole numbers from 1"],
    frames: [(value) => typeof value === "boolean", "true or false"],
    axes: [isAxes, "axes with name, values and per"],
    ticks: [isPointers, "JSON pointers"],
    volatile: [isPointers, "JSON pointers"],
    absent: [isRecordOf(isText), "texts by release"],
    deprecated: [isObject, "texts by what will go"],
  };
const NEEDED = ["protocol", "name", "releases", "facets"];

export const HELLO_MEMBERS: readonly string[] = Object.keys(MEMBERS);

/** Reads the answer to hello; throws {@linkcode Gone} when nothing can be made of it. */
export function readHello(result: unknown, chart: Chart): Hello {
  if (!isObject(result)) {
    chart.find("hello-shape", `hello must be answered with an object: ${brief(result)}`);
    throw new Gone();
  }
  for (const [name, [is, what]] of Object.entries(MEMBERS)) {
    const value = result[name];
    if (value === undefined ? !NEEDED.includes(name) : is(value)) continue;
    chart.find("hello-shape", `${name} of hello must be ${what}: current value is ${brief(value)}`);
  }
  const releases = texts(result.releases);
  if (releases.length === 0) {
    chart.find("hello-shape", "hello lists no releases");
    throw new Gone();
  }
  const absent = isObject(result.absent) ? result.absent : {};
  return made(
    result,
    releases.filter((release) => absent[release] === undefined),
  );
}

function made(result: Members, releases: readonly string[]): Hello {
  const limits = isObject(result.limits) ? result.limits : {};
  const roles = isObject(result.roles) ? result.roles : {};
  const limit = (name: string) => (isCount(limits[name]) ? Number(limits[name]) : undefined);
  return {
    name: String(result.name ?? ""),
    format: typeof result.format === "string" ? result.format : String(result.name ?? ""),
    releases,
    facets: texts(result.facets),
    capabilities: isObject(result.capabilities)
      ? Object.values(result.capabilities).flatMap(texts)
      : texts(result.capabilities),
    ticks: texts(result.ticks).filter(isPointer),
    volatile: texts(result.volatile).filter(isPointer),
    frames: result.frames === true,
    messageBytes: limit("messageBytes") ?? Number.POSITIVE_INFINITY,
    stateBytes: limit("stateBytes") ?? Number.POSITIVE_INFINITY,
    machines: limit("machines") ?? Number.POSITIVE_INFINITY,
    inFlight: limit("inFlight") ?? 1,
    hasAxes: isAxes(result.axes) && (result.axes as unknown[]).length > 0,
    inputs: usual(result.axes, (per) => per === "hop"),
    settings: usual(result.axes, (per) => per !== "hop"),
    plays(release, role) {
      const named = roles[release];
      return named === undefined ? role !== "codec" : texts(named).includes(role);
    },
  };
}

/** The neutral value of each axis that is meant, or its first one. */
function usual(axes: unknown, isMeant: (per: unknown) => boolean): Record<string, string> {
  if (!isAxes(axes)) return {};
  const meant = (axes as readonly Members[]).filter(({ per }) => isMeant(per));
  return Object.fromEntries(
    meant.map(({ name, neutral, values }) => [name, neutral ?? texts(values)[0]]),
  );
}

function isAxes(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((axis) => isObject(axis) && isText(axis.name) && isTexts(axis.values))
  );
}

function isDistinct(all: readonly string[]): boolean {
  return new Set(all).size === all.length;
}

function isRole(value: string): boolean {
  return ["save", "restore", "codec"].includes(value);
}

function isPointers(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string" && isPointer(one));
}

function isPointer(text: string): boolean {
  return text === "" || text.startsWith("/");
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function brief(value: unknown): string {
  return value === undefined ? "none" : shown(JSON.stringify(value) ?? String(value));
}
