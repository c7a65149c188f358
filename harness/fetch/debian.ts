/**
 * Packages of one Debian suite, unpacked into a folder: nothing is installed, no root is needed.
 *
 * The suite's package list is checked by apt against the Debian keyring, and each package against
 * the checksum in that list. With a keyring that lacks the suite's key the packages are taken
 * unsigned, and the record says so; a bad signature is an error.
 *
 * Source: apt.conf(5), apt-get(8), apt-secure(8), dpkg-deb(1).
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, FetchError } from "./command.ts";

/** One package as it was unpacked. */
export interface Unpacked {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

export interface UnpackedSuite {
  readonly suite: string;
  readonly mirror: string;
  /** Whether apt could check the signature of the suite's package list, in words. */
  readonly signature: string;
  readonly packages: readonly Unpacked[];
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

export interface UnpackOptions {
  /** Unpacks what the packages depend on as well, as far as this says so. */
  readonly isNeeded?: (name: string) => boolean;
}

/** Unpacks `packages` of `suite` into `folder`, which is created. */
export async function unpackSuite(
  suite: string,
  packages: readonly string[],
  folder: string,
  { isNeeded }: UnpackOptions = {},
): Promise<UnpackedSuite> {
  const work = `${folder}.apt`;
  rmSync(work, { recursive: true, force: true });
  try {
    const architecture = (await command("dpkg", ["--print-architecture"])).trim();
    const apt = aptOptions(work, architecture, suite);
    const mirror = await mirrorOfHost();
    const signature = await update(apt, { work, mirror, suite });
    const debs = join(work, "debs");
    const wanted = isNeeded === undefined ? packages : await closureOf(apt, packages, isNeeded);
    await command("apt-get", [...apt, "-qq", "download", ...wanted], { cwd: debs });
    const unpacked: Unpacked[] = [];
    for (const file of readdirSync(debs).sort()) {
      await command("dpkg-deb", ["--extract", join(debs, file), folder]);
      unpacked.push(recordOf(file, readFileSync(join(debs, file))));
    }
    const missing = wanted.filter((name) => !unpacked.some((one) => one.name === name));
    if (missing.length === 0) return { suite, mirror, signature, packages: unpacked };
    throw new FetchError(`apt-get did not download ${missing.join(", ")}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** `xen-utils-4.17_4.17.5-1_amd64.deb`; a colon in a version is written `%3a`. */
function recordOf(file: string, octets: Uint8Array): Unpacked {
  const [name = "", version = ""] = file.split("_");
  const sha256 = createHash("sha256").update(octets).digest("hex");
  return { name, version: decodeURIComponent(version), sha256 };
}

/** The packages and what they cannot be without, by a plan that nobody carries out. */
async function closureOf(
  apt: readonly string[],
  packages: readonly string[],
  isNeeded: (name: string) => boolean,
): Promise<string[]> {
  const plan = ["-y", "--print-uris", "--no-install-recommends", "install", ...packages];
  const lines = (await command("apt-get", [...apt, ...plan])).split("\n");
  const names = lines.flatMap((line) => /^'[^']*' ([^_ ]+)_/.exec(line)?.[1] ?? []);
  const missing = packages.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new FetchError(`apt-get plans without ${missing.join(", ")}`);
  return names.filter(isNeeded);
}

/** A suite of backports lacks what it has from the suite that it is for. */
function baseOf(suite: string): string {
  return suite.replace(/-backports$/, "");
}

/** Everything that apt reads and writes lies in `work`; the host's own state plays no part. */
function aptOptions(work: string, architecture: string, suite: string): string[] {
  for (const part of ["lists/partial", "cache/archives/partial", "debs"]) {
    mkdirSync(join(work, part), { recursive: true });
  }
  // With the host's status, apt would take what is installed there for what the suite has.
  writeFileSync(join(work, "status"), "");
  const values = [
    `Dir::Etc::sourcelist=${work}/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
    "Dir::Etc::preferencesparts=/dev/null",
    `Dir::State::lists=${work}/lists`,
    `Dir::State::status=${work}/status`,
    `Dir::State::extended_states=${work}/extended_states`,
    `Dir::Cache=${work}/cache`,
    `APT::Architecture=${architecture}`,
    `APT::Architectures::=${architecture}`,
    "APT::Sandbox::User=root",
    ...(baseOf(suite) === suite ? [] : [`APT::Default-Release=${suite}`]),
    "APT::Update::Error-Mode=any",
    "Acquire::Languages=none",
    "Acquire::Retries=3",
    "Debug::NoLocking=1",
    // Old suites are not signed anew.
    "Acquire::Check-Valid-Until=false",
  ];
  return values.flatMap((value) => ["-o", value]);
}

/** The mirror that the host's own apt uses most: no other is known to be reachable. */
async function mirrorOfHost(): Promise<string> {
  // Targets that were never downloaded count as well.
  const format = [
    "indextargets",
    "--no-release-info",
    "--format",
    "$(REPO_URI)",
    "Created-By: Packages",
  ];
  const uris = (await command("apt-get", format)).split("\n");
  const usable = uris.filter((uri) => uri !== "" && !uri.includes("security"));
  const counts = [...Map.groupBy(usable, (uri) => uri)].sort(([, a], [, b]) => b.length - a.length);
  const [mirror] = counts[0] ?? [];
  if (mirror === undefined) {
    throw new FetchError("apt has no mirror: its sources name none, or apt-get update was not run");
  }
  return mirror.replace(/\/$/, "");
}

interface Source {
  readonly work: string;
  readonly mirror: string;
  readonly suite: string;
}

/** Gets the package list. Answers how its signature was checked. */
async function update(apt: readonly string[], { work, mirror, suite }: Source): Promise<string> {
  const get = (option: string) => {
    const suites = [...new Set([baseOf(suite), suite])];
    const lines = suites.map((name) => `deb [${option}] ${mirror} ${name} main\n`);
    writeFileSync(join(work, "sources.list"), lines.join(""));
    return command("apt-get", [...apt, "-qq", "update"]);
  };
  let why = `no keyring at ${KEYRING}`;
  if (existsSync(KEYRING)) {
    try {
      await get(`signed-by=${KEYRING}`);
      return `checked with ${KEYRING}`;
    } catch (error) {
      const { message } = error as Error;
      if (!/NO_PUBKEY|Missing key/.test(message) || message.includes("BADSIG")) throw error;
      why = `${KEYRING} has no key of ${suite}`;
    }
  }
  await get("trusted=yes");
  return `not checked: ${why}`;
}
