/**
 * `fetch qemu` with an apt and a dpkg of our own, which say what was asked of them: suites that
 * cannot be had, fetches that were interrupted, packages that do not hold together.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Fetched, fetchQemu } from "./fetch.ts";

const LIMIT = { timeout: 60_000 };
const LOADER = "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2";

/** Knows one mirror, which has no bullseye; plans an emulator, its tools, a library and a shell. */
const APT = `#!/bin/sh
echo "$*" >>"$FAKE/asked"
case "$*" in
  indextargets*) echo http://mirror/debian ;;
  *" update")
    for arg; do case $arg in Dir::Etc::sourcelist=*) list=\${arg#*=} ;; esac; done
    grep -q " bullseye main" "$list" || exit 0
    echo "E: bullseye has no Release file" >&2; exit 100 ;;
  *--print-uris*)
    for name in qemu-system-x86 qemu-utils libc6 bash; do
      echo "'http://mirror/$name.deb' \${name}_1%3a1.0_amd64.deb 1 SHA256:0"
    done ;;
  *" download "*)
    while [ "$1" != download ]; do shift; done; shift
    for name; do echo "$name" >"\${name}_1%3a1.0_amd64.deb"; done ;;
esac
`;

/** Unpacks a loader that lists one library, and programs; half of one where it is to hang. */
const DPKG_DEB = `#!/bin/sh
if [ -n "$HANGS" ] && case "$3" in *"$HANGS"*) true ;; *) false ;; esac; then
  mkdir -p "$3/usr/bin"
  echo half >"$3/usr/bin/qemu-img"
  echo $$ >"$FAKE/hung"
  exec sleep 600
fi
mkdir -p "$3/usr/lib/x86_64-linux-gnu" "$3/usr/bin" "$3/usr/share/doc"
printf '#!/bin/sh\\necho "libc.so.6 => %s/libc.so.6 (0x0)"\\n' "\${LIBRARY:-$3/usr/lib}" \\
  >"$3/${LOADER}"
chmod +x "$3/${LOADER}"
echo emulator >"$3/usr/bin/qemu-system-x86_64"
echo tool >"$3/usr/bin/qemu-img"
`;

interface Fake {
  readonly folder: string;
  readonly cache: string;
  /** What apt-get was asked so far, a line for each call. */
  asked(): string[];
  fetch(): Promise<Fetched[]>;
}

async function allFetched() {
  const all: Fetched[] = [];
  for await (const fetched of fetchQemu()) all.push(fetched);
  return all;
}

async function withFake(
  body: (fake: Fake) => Promise<void>,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-fetch-"));
  const before = { ...process.env };
  const programs = { "apt-get": APT, "dpkg-deb": DPKG_DEB, dpkg: "#!/bin/sh\necho amd64\n" };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), text, { mode: 0o755 });
  }
  const cache = join(folder, "cache");
  const path = `${folder}:${before.PATH}`;
  Object.assign(process.env, { FREEZETHAW_CACHE: cache, FAKE: folder, PATH: path, ...environment });
  try {
    await body({
      folder,
      cache: join(cache, "qemu"),
      asked: () => readFileSync(join(folder, "asked"), "utf8").trim().split("\n"),
      fetch: allFetched,
    });
  } finally {
    for (const name of ["FREEZETHAW_CACHE", "FAKE", ...Object.keys(environment)]) {
      delete process.env[name];
    }
    Object.assign(process.env, before);
    rmSync(folder, { recursive: true });
  }
}

test("fetchQemu() tells the suite that cannot be had, and gets the others", LIMIT, async () => {
  await withFake(async ({ cache, asked, fetch }) => {
    const fetched = await fetch();
    const names = fetched.map(({ name, there }) => `${name} ${there}`);
    assert.deepEqual(names, [
      "5.2 of bullseye false",
      "7.2 of bookworm true",
      "10.0.2 of bookworm-backports true",
      "10.0.13 of trixie true",
      "11.1 of trixie-backports true",
    ]);
    assert.match(fetched[0]?.text ?? "", /bullseye has no Release file/);
    const text = fetched[3]?.text ?? "";
    assert.match(text, /^10\.0\.13: qemu-system-x86 1:1\.0 of trixie, 3 packages, SHA-256 of the /);
    const manifest = JSON.parse(readFileSync(join(cache, "trixie/manifest.json"), "utf8"));
    const packages = manifest.packages.map(({ name }: { name: string }) => name);
    // A shell is of no use to an emulator.
    assert.deepEqual(packages, ["libc6", "qemu-system-x86", "qemu-utils"]);
    assert.ok(!existsSync(join(cache, "trixie/root/usr/share/doc")));
    assert.ok(!existsSync(join(cache, "bullseye/root")));
    const backports = asked().filter((line) => line.includes("Default-Release=trixie-backports"));
    assert.equal(backports.length, asked().filter((line) => line.includes("=trixie-b")).length);
    // Nothing is installed: the only plan is printed.
    assert.ok(asked().every((line) => !/ install /.test(line) || line.includes("--print-uris")));
  });
});

test("fetchQemu() leaves alone what is whole", LIMIT, async () => {
  await withFake(async ({ asked, fetch }) => {
    const first = await fetch();
    const before = asked().length;
    assert.deepEqual(await fetch(), first);
    // Only the suite that was not there is asked for again.
    assert.ok(
      asked()
        .slice(before)
        .every((line) => !/bookworm|trixie/.test(line)),
    );
  });
});

test("fetchQemu() starts over where an earlier one was interrupted", LIMIT, async () => {
  await withFake(async ({ cache, fetch }) => {
    // Half unpacked in one suite, whole but not written down in the other.
    mkdirSync(join(cache, "trixie/root.part/usr"), { recursive: true });
    symlinkSync("nowhere", join(cache, "trixie/root.part/usr/bin"));
    mkdirSync(join(cache, "bookworm/root/usr/bin"), { recursive: true });
    writeFileSync(join(cache, "bookworm/root/usr/bin/qemu-img"), "half");
    const fetched = await fetch();
    assert.deepEqual(
      fetched.map(({ there }) => there),
      [false, true, true, true, true],
    );
    assert.equal(readFileSync(join(cache, "bookworm/root/usr/bin/qemu-img"), "utf8"), "tool\n");
    assert.ok(!existsSync(join(cache, "trixie/root.part")));
  });
});

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));
const RUN = "Deno" in globalThis ? ["run", "-A", MAIN] : [MAIN];

test("fetch qemu, killed while it unpacks, starts over cleanly", LIMIT, async () => {
  await withFake(async ({ folder, cache, fetch }) => {
    // Whoever reads the pipe waits until the third suite is being unpacked.
    const hung = join(folder, "hung");
    execFileSync("mkfifo", [hung]);
    const env = { ...process.env, HANGS: "bookworm-backports" };
    const child = spawn(process.execPath, [...RUN, "fetch", "qemu"], { env, stdio: "ignore" });
    const exited = once(child, "exit");
    const unpacking = Number(await readFile(hung, "utf8"));
    child.kill("SIGKILL");
    await exited;
    process.kill(unpacking, "SIGKILL");
    const there = (suite: string) => existsSync(join(cache, suite, "manifest.json"));
    assert.deepEqual(["bookworm", "bookworm-backports", "trixie"].map(there), [true, false, false]);
    assert.ok(existsSync(join(cache, "bookworm-backports/root.part/usr/bin/qemu-img")));
    const fetched = await fetch();
    assert.deepEqual(
      fetched.map((one) => one.there),
      [false, true, true, true, true],
    );
    const backports = join(cache, "bookworm-backports");
    assert.equal(readFileSync(join(backports, "root/usr/bin/qemu-img"), "utf8"), "tool\n");
    assert.ok(!existsSync(join(backports, "root.part")));
    assert.ok(!existsSync(join(backports, "root.part.apt")));
  });
});

test("fetchQemu() refuses a program whose libraries come from elsewhere", LIMIT, async () => {
  const body = async ({ cache, fetch }: Fake) => {
    const [, fetched] = await fetch();
    assert.equal(fetched?.there, false);
    assert.match(fetched?.text ?? "", /takes a library from elsewhere: libc\.so\.6 => \/lib\/libc/);
    assert.ok(!existsSync(join(cache, "bookworm/manifest.json")));
  };
  await withFake(body, { LIBRARY: "/lib" });
});
