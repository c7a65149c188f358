import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ownCommand } from "../adapters/rpc/paths.ts";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";

const MAIN = new URL("../main.ts", import.meta.url);
const OPTIONS = { timeout: 120_000 };
const WHERE = ["--where", "devices=serial", "--where", "machine=pc-1.7"];
const RUN = ["run", "--implementation", "qemu-model", "--paths", "pairs", ...WHERE];

test(
  "qemu-model served over each transport gives the report that it gives in process",
  OPTIONS,
  async () => {
    await inDirectory(async (directory) => {
      const socket = join(directory, "s");
      await using atSocket = await started("--socket", socket);
      await using atPort = await started("--http", "0");
      const served = ownCommand(MAIN, "serve", "adapter", "qemu-model");
      const ways = { stdio: served, socket: [`unix:${socket}`], http: [atPort.address] };
      assert.equal(atSocket.address, socket);
      assert.equal((await call([...RUN, "--out", directory], { product })).code, 0);
      const expected = readFileSync(join(directory, "run.ndjson"), "utf8");
      for (const [way, words] of Object.entries(ways)) {
        const out = join(directory, way);
        const args = [...RUN, "--jobs", "2", "--out", out, "--adapter", "--", ...words];
        const { code, err } = await call(args, { product });
        // How long it took is told where that was long.
        assert.equal(err.replace(/^Took .*\n/, ""), "", way);
        assert.equal(code, 0, way);
        assert.ok(readFileSync(join(out, "run.ndjson"), "utf8") === expected, `${way} differs`);
      }
    });
  },
);

/** A process that serves qemu-model, and where it says that it is. */
async function started(...place: readonly string[]) {
  const [program = "", ...args] = ownCommand(MAIN, "serve", "adapter", "qemu-model", ...place);
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const [, found] = /^Serving qemu-model at (\S+)\n/m.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(text)));
  });
  return {
    address,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}
