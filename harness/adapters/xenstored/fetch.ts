/**
 * `freezethaw fetch xenstored`: unpacks the daemons of Debian's suites into the cache folder, and
 * builds the library that stands in for Xen. What is there already and whole is left alone; what
 * cannot be had is told, and the rest goes on.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command, FetchError } from "../../fetch/command.ts";
import { unpackSuite } from "../../fetch/debian.ts";
import { librariesIn, loaderIn } from "../../fetch/unpacked_root.ts";
import type { Manifest } from "./installation.ts";
import { installationFolder, shimPath, suitePaths } from "./paths.ts";
import { programPath, REAL_RELEASES } from "./releases.ts";

/** Libraries that the daemons of every suite load. */
const LIBRARIES = [
  ...["call1", "devicemodel1", "evtchn1", "foreignmemory1", "gnttab1", "toolcore1", "toollog1"].map(
    (name) => `libxen${name}`,
  ),
  "libc6",
  "zlib1g",
  "liblzma5",
  "libzstd1",
];

/** The oldest two symbols of glibc that the library needs are in every suite. */
const SHIM_FLAGS = ["-O1", "-shared", "-fPIC", "-nostartfiles", "-U_FORTIFY_SOURCE"];

/** Outcome of one thing that was to be fetched. */
export interface Fetched {
  readonly name: string;
  /** What is there now, or what was missing. */
  readonly text: string;
  readonly there: boolean;
}

/** What is fetched and from where; it changes when that does. */
export const XENSTORED_WANTS: readonly string[] = [
  ...REAL_RELEASES.map(({ name, suite, xen }) => `${name} ${suite} ${xen}`),
  ...LIBRARIES,
  ...SHIM_FLAGS,
];

/** Fetches all there is, one after the other. */
export async function* fetchXenstored(): AsyncGenerator<Fetched> {
  for (const suite of new Set(REAL_RELEASES.map((release) => release.suite))) {
    yield* attempt(suite, () => fetchSuite(suite));
  }
  yield* attempt("stand-in for Xen", buildShim);
}

async function* attempt(name: string, work: () => Promise<string[]>): AsyncGenerator<Fetched> {
  try {
    for (const text of await work()) yield { name, text, there: true };
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    yield { name, text: error.message, there: false };
  }
}

async function fetchSuite(suite: string): Promise<string[]> {
  const { root, manifest: path } = suitePaths(suite);
  if (!existsSync(path)) {
    const part = `${root}.part`;
    rmSync(part, { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
    const releases = REAL_RELEASES.filter((release) => release.suite === suite);
    const packages = packagesOf(new Set(releases.map(({ xen }) => xen)));
    const unpacked = await unpackSuite(suite, packages, part);
    const programs: Record<string, string> = {};
    for (const program of releases.map(programPath)) {
      await demandLoads(part, program);
      programs[program] = sha256(join(part, program));
    }
    renameSync(part, root);
    // The manifest comes last: what has one is whole.
    writeFileSync(path, `${JSON.stringify({ ...unpacked, programs }, null, 2)}\n`);
  }
  return linesOf(suite, JSON.parse(readFileSync(path, "utf8")) as Manifest);
}

function packagesOf(versions: ReadonlySet<string>): string[] {
  const ofXen = [...versions].flatMap((xen) => [`xen-utils-${xen}`, `libxenmisc${xen}`]);
  return [...ofXen, "xen-utils-common", "xenstore-utils", "libxenstore4", ...LIBRARIES];
}

/** Every library of a program comes out of its own suite. */
async function demandLoads(root: string, program: string): Promise<void> {
  const loader = loaderIn(root);
  if (loader === undefined) throw new FetchError(`no loader came with the packages in ${root}`);
  const list = ["--library-path", librariesIn(root), "--list", join(root, program)];
  for (const line of (await command(loader, list)).split("\n")) {
    const found = /=>\s*(\S+)/.exec(line)?.[1];
    if (found === undefined || found.startsWith(root)) continue;
    throw new FetchError(`${program} takes a library from elsewhere: ${line.trim()}`);
  }
}

function linesOf(suite: string, { packages, signature, programs }: Manifest): string[] {
  return REAL_RELEASES.filter((release) => release.suite === suite).map((release) => {
    const version = packages.find(({ name }) => name === `xen-utils-${release.xen}`)?.version;
    const digest = programs[programPath(release)]?.slice(0, 16);
    const what = `${release.name}: xen-utils-${release.xen} ${version} of ${suite}`;
    return `${what}, SHA-256 of the program ${digest}..., signature ${signature}`;
  });
}

async function buildShim(): Promise<string[]> {
  const source = fileURLToPath(new URL("./shim.c", import.meta.url));
  const digest = sha256(source);
  const record = `${shimPath()}.source`;
  const text = [`built from shim.c, SHA-256 ${digest.slice(0, 16)}...`];
  if (existsSync(shimPath()) && existsSync(record) && readFileSync(record, "utf8") === digest) {
    return text;
  }
  mkdirSync(installationFolder(), { recursive: true });
  const part = `${shimPath()}.part`;
  await command("gcc", [...SHIM_FLAGS, "-o", part, source]);
  renameSync(part, shimPath());
  writeFileSync(record, digest);
  return text;
}

function sha256(path: string): string {
  if (!existsSync(path)) throw new FetchError(`${path} is not in the packages`);
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
