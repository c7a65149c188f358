import assert from "node:assert/strict";
import { test } from "node:test";
import { cidOf, encodeCommand, nvmCommand } from "../nvme/mod.ts";
import { PENDING_MAX, PendingCommands } from "./pending_commands.ts";

const READ = nvmCommand("READ", 1);

test("PendingCommands.insert() numbers by key and sequence", () => {
  const table = new PendingCommands(1);
  assert.deepEqual([table.insert(READ, null), table.insert(READ, null)], [0x000, 0x401]);
  table.remove(0x000);
  assert.equal(table.insert(READ, null), 0x800);
});

test("PendingCommands.insert() wraps the sequence after 64 commands", () => {
  const table = new PendingCommands(1);
  for (let index = 0; index < 64; index++) table.remove(table.insert(READ, null));
  assert.equal(table.insert(READ, null), 0);
});

test("PendingCommands is full at 1024 commands, not before", () => {
  const table = new PendingCommands(1);
  for (let index = 0; index < PENDING_MAX - 1; index++) table.insert(READ, null);
  assert.equal(table.full, false);
  const last = table.insert(READ, null);
  assert.equal(table.full, true);
  table.remove(last);
  assert.deepEqual([table.full, table.size], [false, PENDING_MAX - 1]);
});

test("PendingCommands.remove() panics on an identifier that it has not given", () => {
  const table = new PendingCommands(3);
  assert.throws(() => table.remove(5), {
    name: "Panic",
    message: "completion for unknown cid: qid=3, cid=5",
  });
  table.insert(READ, null);
  assert.throws(() => table.remove(0x400), {
    message: /cid sequence number mismatch: qid=3, command_opcode=0x2$/,
  });
});

test("PendingCommands.restore() takes key and identifier from the command's octets", () => {
  const octets = new Uint8Array(64);
  encodeCommand(READ, 0x1403, octets);
  octets[60] = 0xee; // An octet that this model does not know.
  const saved = { commands: [{ command: octets }], next_cid_high_bits: 0x1800, cid_key_bits: 7 };
  const table = PendingCommands.restore(saved, 1);
  assert.deepEqual(
    table.values().map(({ cid, command, restored }) => [cid, command.opcode, restored]),
    [[0x1403, 2, octets]],
  );
  assert.equal(table.insert(READ, null), 0x1800);
  const again = table.save();
  assert.equal(again.next_cid_high_bits, 0x1c00);
  assert.equal(again.cid_key_bits, 10);
  assert.deepEqual(
    again.commands.map(({ command }) => cidOf(command)),
    [0x1800, 0x1403],
  );
  assert.equal(again.commands[1]?.command, octets);
});

test("PendingCommands.save() writes commands as their queue has them", () => {
  const table = new PendingCommands(1);
  const command = nvmCommand("WRITE", 37, { prp1: 0x5000, cdw10: 8 });
  const cid = table.insert(command, null);
  const entry = new Uint8Array(64);
  encodeCommand(command, cid, entry);
  assert.deepEqual(table.save().commands, [{ command: entry }]);
});
