/** `diff vmstate` on dumps that were made by hand, and the ways in which it is asked. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { body, field, section, text } from "../../src/qemu_vmstate/fixture.ts";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const RUN = "Deno" in globalThis ? ["run", "-A", MAIN] : [MAIN];

const TWO = [field("one", 4), field("two", 4)];
const OLD = text({
  dev: section("dev", body("dev", [...TWO, field("old", 2)])),
  twin: section("twin", body("dev", [...TWO, field("old", 2)])),
  "virtio-x": section("virtio-x", body("virtio-x", [field("virtio", 0)])),
  gone: section("gone", body("gone", TWO)),
});
const NEW = text({
  dev: section("dev", body("dev", [...TWO, field("unused", 2)], { Subsections: [body("s", TWO)] })),
  twin: section("twin", body("dev", [...TWO, field("unused", 2)])),
  "virtio-x": section("virtio-x", body("virtio-x", [field("virtio", 0)])),
});

const THERE = `old -> new: 0 breaks, 1 may break, 2 harmless; \
3 types of devices compared, 1 of them partly opaque
  may break: gone: section-absent gone: \
the reader has no such type of device, or saves nothing of it, or without a device
`;
const BACK = `new -> old: 0 breaks, 2 may break, 0 harmless; \
3 types of devices compared, 1 of them partly opaque
  may break: dev, twin: field-renamed dev.unused: \
the reader takes old from room that the writer leaves unused
  may break: dev: subsection-removed dev/s: \
the reader does not know it: breaks when the writer has to send it
`;
const HARMLESS = `  harmless: dev, twin: field-renamed dev.old: the reader leaves it unused
  harmless: dev: subsection-added dev/s: \
the writer does not know it: what is in it stays as it was at the start
`;

function inDumps(act: (folder: string) => Promise<void>): Promise<void> {
  return inDirectory(async (folder) => {
    writeFileSync(join(folder, "old"), OLD);
    writeFileSync(join(folder, "new"), NEW);
    await act(folder);
  });
}

const diff = (...args: string[]) => call(["diff", "vmstate", ...args], { product });

test("diff vmstate tells both directions", async () => {
  await inDumps(async (folder) => {
    const name = (line: string) => line.replaceAll(`${folder}/`, "");
    const paths = [join(folder, "old"), join(folder, "new")];
    const { out, code } = await diff(...paths);
    assert.deepEqual([name(out), code], [THERE + BACK, 1]);
    const all = await diff(...paths, "--all");
    assert.equal(name(all.out), THERE + HARMLESS + BACK);
    const { a_to_b: there, b_to_a: back } = JSON.parse((await diff(...paths, "--json")).out);
    assert.deepEqual([there.compared, there.differences.length], [3, 4]);
    assert.deepEqual(back.opaque, [
      { section: "virtio-x", path: "virtio-x.virtio", reason: "its size depends on the device" },
    ]);
    const same = await diff(paths[0] as string, paths[0] as string);
    assert.equal(same.code, 0);
  });
});

test("main.ts compares dumps by themselves as the whole command line does", {
  timeout: 60_000,
}, async () => {
  await inDumps((folder) => {
    const run = (...args: string[]) => {
      const all = [...RUN, "diff", "vmstate", ...args];
      const { stdout, stderr, status } = spawnSync(process.execPath, all, {
        encoding: "utf8",
        cwd: folder,
      });
      return [stdout, stderr, status];
    };
    assert.deepEqual(run("old", "new"), [THERE + BACK, "", 1]);
    assert.deepEqual(run("old", "new", "--machine", "none"), [THERE + BACK, "", 1]);
    assert.deepEqual(run("old", "no"), ["", "Cannot read no: ENOENT\n", 2]);
    return Promise.resolve();
  });
});

test("diff vmstate tells in one line what is no dump", async () => {
  await inDumps(async (folder) => {
    const bad = join(folder, "bad");
    for (const [octets, reason] of [
      ["{", `Cannot decode input at offset 1: must be JSON: it ends too early (${bad})\n`],
      ["{}", `Cannot read descriptions at vmschkmachine: must be there (${bad})\n`],
    ] as const) {
      writeFileSync(bad, octets);
      const { err, code } = await diff(join(folder, "old"), bad);
      assert.deepEqual([err, code], [reason, 1]);
    }
    const { ok, reason } = JSON.parse((await diff(bad, bad, "--json")).out);
    assert.deepEqual([ok, /must be there/.test(reason)], [false, true]);
  });
});

test("diff asks for the kind of descriptions", async () => {
  const { err, code } = await call(["diff", "vmstat", "a", "b"], { product });
  assert.match(err, /^Cannot find kind of description "vmstat".*vmstate.*\n$/);
  assert.equal(code, 2);
});
