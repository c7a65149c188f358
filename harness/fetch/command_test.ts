import assert from "node:assert/strict";
import { test } from "node:test";
import { command, FetchError } from "./command.ts";

const LIMIT = { timeout: 20_000 };

test("command() answers what the program prints", LIMIT, async () => {
  assert.equal(await command("sh", ["-c", "echo one; echo two"]), "one\ntwo\n");
});

test("command() names a program that is not installed", LIMIT, async () => {
  const error = new FetchError("no-such-compiler is not installed");
  await assert.rejects(command("no-such-compiler", []), error);
});

test("command() tells in one line why a program failed", LIMIT, async () => {
  const failing = command("sh", ["-c", "echo first >&2; echo second >&2; exit 3"]);
  await assert.rejects(failing, new FetchError("sh ended with 3: first; second"));
});
