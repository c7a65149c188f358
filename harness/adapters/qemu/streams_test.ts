/**
 * Real QEMUs of every release that was fetched: machines and devices are saved, and what comes is
 * read to the last octet, opened, and written again as the same octets.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { openBlobs, readStream, type Stream, writeStream } from "../../../src/qemu_stream/mod.ts";
import { capture } from "./capture.ts";
import { Emulator, StartError } from "./emulator.ts";
import { MachineFiles } from "./files.ts";
import { installed, type Program } from "./installation.ts";
import { MonitorError } from "./monitor.ts";
import { real } from "./real.ts";
import { RELEASES, type Release } from "./releases.ts";

/** Hundreds of machines; what QEMU sends, and how it is read, does not depend on the runtime. */
const onNode = process.versions.deno === undefined && process.versions.bun === undefined;
const many = (release: Release) =>
  onNode ? real(release) : { skip: "starts hundreds of machines: only on Node" };

const FOLDER = new URL("../../../fixtures/qemu/", import.meta.url);

interface Named {
  readonly name: string;
  readonly args: readonly string[];
}

const CAPTURES = listed("captures.json");
const DEVICE_SETS = listed("device_sets.json");

/** Versions of the packages that the fixtures were captured with, as they greet. */
const PACKAGES: Readonly<Record<string, string>> = {
  "5.2": "Debian 1:5.2+dfsg-11+deb11u3",
  "7.2": "Debian 1:7.2+dfsg-7+deb12u18+b3",
  "10.0.2": "Debian 1:10.0.2+ds-2+deb13u1~bpo12+1",
  "10.0.13": "Debian 1:10.0.13+ds-0+deb13u1",
  "11.1": "Debian 1:11.1.3+ds-1~bpo13+1",
};

function listed(file: string): readonly Named[] {
  return JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Named[];
}

function programOf(release: Release): Program {
  const found = installed(release);
  if (typeof found === "string") throw new Error(found);
  return found;
}

interface Saved {
  readonly octets: Uint8Array;
  readonly package: string;
}

async function save(release: Release, args: readonly string[]): Promise<Saved> {
  using files = new MachineFiles();
  await using emulator = await Emulator.start(programOf(release), [...files.named(args), "-S"]);
  return { octets: await capture(emulator), package: emulator.package };
}

/** Firmware of the release itself, which looks for something to boot, and dirties memory. */
const BOOTING = ["-machine", "pc-q35-5.2", "-m", "64", "-device", "VGA,romfile="];
const BOOT_MS = 1000;

/** Reads `octets`, of which nothing may stay dark. */
function read(octets: Uint8Array, where: string): Stream {
  const stream = readStream(octets);
  assert.equal(Buffer.compare(writeStream(stream), octets), 0, where);
  for (const part of stream.parts) {
    if (part.kind !== "section") continue;
    assert.notEqual(part.content.kind, "octets", `${where}: ${part.idstr}`);
    assert.deepEqual(openBlobs(part).closed, [], `${where}: ${part.idstr}`);
  }
  return stream;
}

for (const release of RELEASES) {
  test(`${release.name} sends what the fixtures have of it`, many(release), async () => {
    for (const { name, args } of CAPTURES) {
      const url = new URL(`streams/${name}_${release.name}.mig.gz`, FOLDER);
      if (!existsSync(url)) continue;
      const saved = await save(release, args);
      read(saved.octets, name);
      // Another build of the release may say more.
      if (saved.package !== PACKAGES[release.name]) continue;
      assert.equal(Buffer.compare(saved.octets, gunzipSync(readFileSync(url))), 0, name);
    }
  });

  test(
    `${release.name} sends streams of every device set that are read`,
    many(release),
    async () => {
      const saved: string[] = [];
      const notSaved: string[] = [];
      for (const { name, args } of DEVICE_SETS) {
        const machine = ["-machine", "pc-q35-5.2", "-m", "1", "-bios", "{rom}", ...args];
        try {
          const { octets } = await save(release, machine);
          assert.equal(read(octets, name).configuration?.machine, "pc-q35-5.2");
          saved.push(name);
        } catch (error) {
          // A device that the release lacks, or cannot save.
          if (!(error instanceof StartError || error instanceof MonitorError)) throw error;
          notSaved.push(`${name}: ${error.message}`);
        }
      }
      assert.ok(saved.length >= 60, notSaved.join("\n"));
    },
  );

  test(`${release.name} sends a machine that runs`, real(release), async () => {
    await using emulator = await Emulator.start(programOf(release), BOOTING);
    await sleep(BOOT_MS);
    const stream = read(await capture(emulator, ["xbzrle"]), "booting");
    const ram = stream.ram.find(({ name }) => name === "pc.ram");
    assert.ok(ram !== undefined && ram.page > 0 && ram.fill > 0);
  });

  test(`${release.name} sends what both sides must agree about`, real(release), async () => {
    const uuid = "12345678-1234-1234-1234-123456789abc";
    const args = ["-machine", "none", "-m", "1", "-S", "-uuid", uuid];
    await using emulator = await Emulator.start(programOf(release), args);
    const octets = await capture(emulator, ["x-ignore-shared", "validate-uuid"]);
    const names = read(octets, "agreed").configuration?.subsections.map(({ vmsd }) => vmsd);
    assert.deepEqual(names, ["configuration/capabilities", "configuration/uuid"]);
  });
}
