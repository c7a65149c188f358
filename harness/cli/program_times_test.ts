import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { programTimes } from "./program_times.ts";

/** A shell that has a child compute and say which one it is; both wait for the end. */
const SCRIPT =
  "sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo $$; read end'; read end";

test("programTimes() counts programs and what they have started, as long as they run", {
  skip: process.platform === "linux" ? false : "needs /proc",
  timeout: 60_000,
}, async () => {
  const child = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
  const [said] = await once(child.stdout, "data");
  const [own, others] = [`${child.pid}`, `${said}`.trim()];
  const times = programTimes();
  assert(own !== others && times.has(own), [...times.keys()].join());
  assert((times.get(others) ?? 0) > 1, `${times.get(others)} ms`);
  const ended = once(child, "close");
  child.stdin.end();
  await ended;
  assertEquals(
    [own, others].filter((pid) => programTimes().has(pid)),
    [],
  );
});
