import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Child, ChildChannel } from "./child_channel.ts";

const isPosix = process.platform !== "win32";
const skip = isPosix ? false : "needs a shell";
const seesAll = existsSync("/proc/self/environ");
const GIB = 1024 * 1024 * 1024;

/** What `script` says in one message before it ends, and how it ends. */
function said(script: string, more: Partial<Child> = {}) {
  return new Promise<{ message: Record<string, string>; reason: string }>((resolve) => {
    let message: Record<string, string> = {};
    const child = { command: ["sh", "-c", script], cwd: ".", ...more };
    new ChildChannel(child, {
      hear: (it) => {
        message = it as Record<string, string>;
      },
      lose: ({ reason }) => resolve({ message, reason }),
      log: () => {},
    });
  });
}

test("ChildChannel gives a process a folder of its own, and removes it", { skip }, async () => {
  const script =
    'mkdir "$TMPDIR/below"; echo x > "$TMPDIR/below/file"; echo "{\\"at\\":\\"$TMPDIR\\"}"';
  const [one, other] = await Promise.all([said(script), said(script)]);
  assert.match(one.message.at ?? "", /freezethaw-/);
  assert.notEqual(one.message.at, other.message.at);
  assert.equal(existsSync(one.message.at ?? ""), false);
});

test("ChildChannel keeps the folder of a process where it is asked to, but no empty one", {
  skip,
}, async () => {
  const keep = mkdtempSync(join(tmpdir(), "kept-"));
  try {
    await said('echo left > "$TMPDIR/file"', { keep });
    await said("true", { keep });
    const [name = "", ...others] = readdirSync(keep);
    assert.deepEqual(others, []);
    assert.equal(readFileSync(join(keep, name, "file"), "utf8"), "left\n");
  } finally {
    rmSync(keep, { recursive: true });
  }
});

test("ChildChannel has the system hold a process to its limits", { skip }, async () => {
  const limits = { memoryBytes: GIB, fileBytes: 1_000_000 };
  const { message } = await said(
    'echo "{\\"files\\":\\"$(ulimit -f)\\",\\"cores\\":\\"$(ulimit -c)\\"}"',
    {
      limits,
    },
  );
  assert.deepEqual(message, { files: "1954", cores: "0" });
  const { reason } = await said('yes > "$TMPDIR/file"', { limits });
  assert.match(reason, /^the adapter ended: /);
});

test("ChildChannel ends those who have left the group of a process", {
  timeout: 10_000,
  skip: seesAll ? skip : "needs /proc",
}, async () => {
  const script = `mkfifo "$TMPDIR/pid"
    setsid sh -c 'echo $$ > "$TMPDIR/pid"; exec sleep 20' >/dev/null 2>&1 </dev/null &
    read pid < "$TMPDIR/pid"; echo "{\\"pid\\":\\"$pid\\"}"`;
  const { message } = await said(script);
  const state = () => {
    try {
      return readFileSync(`/proc/${message.pid}/stat`, "utf8").split(") ")[1]?.[0] ?? "";
    } catch {
      return "gone";
    }
  };
  // A signal may take a while to be heard.
  while (!/^(gone|Z)$/.test(state())) await new Promise((resolve) => setImmediate(resolve));
});

test("ChildChannel tells a program that is not there from one that ends", { skip }, async () => {
  const missing = await said("", { command: ["./no-such-program"] });
  assert.equal(missing.reason, "the adapter cannot be started: ENOENT");
  const barred = await said("", { command: ["./package.json"] });
  assert.equal(barred.reason, "the adapter cannot be started: EACCES");
  const ended = await said('echo "{}"; exit 127');
  assert.equal(ended.reason, "the adapter ended: exit code 127");
});

test("ChildChannel writes what is said in one go in its order, and before it closes", {
  skip,
}, async () => {
  let log = "";
  const child = { command: ["sh", "-c", "cat >&2"], cwd: "." };
  const hears = { hear: () => {}, lose: () => {}, log: (text: string) => (log += text) };
  const channel = new ChildChannel(child, hears);
  channel.send({ text: "one" });
  channel.send({ text: "two", octets: Buffer.from("octets,") });
  channel.send({ text: "three" });
  await channel.close();
  assert.equal(log, "one\ntwo\noctets,three\n");
});
