/** Programs and sets of devices that the command line brings to an implementation. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { product } from "../product.ts";
import { call } from "./called.ts";

const LIMIT = { timeout: 120_000 };
const RUN = ["run", "--implementation", "qemu", "--reporter", "loads"];

/** A folder with a set of no device, and programs that are no QEMU. */
class Scene implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "freezethaw-chosen-"));
  readonly sets = this.file("sets.json", '[{"name": "bare", "args": ["-nodefaults"]}]');

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  program(name: string, script: string): string {
    const path = this.file(name, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

test("run says what is wrong with --device-sets and --binary, in one line", LIMIT, async () => {
  using scene = new Scene();
  const bad: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [["--device-sets", join(scene.folder, "none")], /^Cannot read \S+: ENOENT\n$/],
    [["--device-sets", scene.folder], /^Cannot read \S+: EISDIR\n$/],
    [["--device-sets", scene.file("a", "{")], /^Cannot read device sets as the file must be JSON/],
    [["--device-sets", scene.file("b", '[{"name": "a"}]')], /^Cannot read device sets as args of/],
    [["--binary", "mine"], /^Cannot run as --binary must be NAME=PATH with a new name: .* mine\n$/],
    [["--binary", "5.2=/bin/sh"], /must be NAME=PATH with a new name/],
    [["--binary", "a>b=/bin/sh"], /must be NAME=PATH with a new name/],
    [["--binary", `mine=${scene.folder}`], /^Cannot run as --binary must name a program: /],
    [["--binary", `mine=${scene.sets}`], /^Cannot run as --binary must name a program: /],
  ];
  for (const [args, says] of bad) {
    const { code, err } = await call([...RUN, ...args, "--out", scene.folder], { product });
    assert.equal(code, 2, err);
    assert.match(err, says);
    assert.equal(err.trim().split("\n").length, 1, err);
  }
});

/** What programs that are no QEMU do, and what is said of them. */
const NO_QEMU: readonly (readonly [script: string, verdict: string, says: RegExp])[] = [
  ["exit 3", "refused", /it said nothing/],
  ["echo 'no such thing' >&2; exit 1", "refused", /no such thing/],
  ["kill -SEGV $$", "crashed", /SIGSEGV/],
  ["yes flood | head -c 3000000 >&2; exit 1", "refused", /flood/],
];

test("run tells of a program that is no QEMU, in one bounded line", LIMIT, async () => {
  using scene = new Scene();
  for (const [script, verdict, says] of NO_QEMU) {
    const path = scene.program("mine", script);
    const own = ["--binary", `mine=${path}`, "--device-sets", scene.sets];
    const chosen = ["--paths", "pairs", "--where", "writer=mine", "--where", "reader=mine"];
    const where = ["--out", scene.folder, "--json"];
    const { out } = await call([...RUN, ...own, ...chosen, ...where], { product });
    const { end } = JSON.parse(out) as { end: { verdicts: Record<string, number> } };
    assert.ok((end.verdicts[verdict] ?? 0) > 0, out);
    assert.match(out, says);
    assert.ok(out.length < 20_000, `${out.length} characters`);
  }
});
