import assert from "node:assert/strict";
import { test } from "node:test";
import { isolated } from "./installation.ts";

test("isolated() hides the modules of the host, where it has any", () => {
  assert.deepEqual(isolated("ld.so", ["qemu"], false), { command: "ld.so", args: ["qemu"] });
  const { command, args } = isolated("ld.so", ["qemu", "-S"], true);
  assert.equal(command, "unshare");
  assert.deepEqual(args.slice(-4), ["sh", "ld.so", "qemu", "-S"]);
  assert.match(args[3] ?? "", /^mount -t tmpfs none \/usr\/lib\/\S+\/qemu && exec "\$@"$/);
});
