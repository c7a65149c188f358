/** The client of qtest, against a program that says what it is told to, and against real QEMUs. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Emulator } from "./emulator.ts";
import { MachineFiles } from "./files.ts";
import { installed } from "./installation.ts";
import { Qtest, QtestError, qtestArguments } from "./qtest.ts";
import { mapFirstBar, pciFunctions } from "./qtest_pci.ts";
import { real } from "./real.ts";
import { RELEASES } from "./releases.ts";

/** A client whose machine answers by `answer`; without an answer it goes. */
async function served(
  answer: (command: string) => string | undefined,
  body: (qtest: Qtest) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-qtest-"));
  const path = join(folder, "socket");
  const qtest = await Qtest.listen(path);
  const socket = connect(path);
  socket.on("error", () => {});
  socket.setEncoding("latin1").on("data", (text: string) => {
    for (const line of text.trim().split("\n")) {
      const said = answer(line);
      if (said === undefined) socket.destroy();
      else socket.write(said);
    }
  });
  try {
    await body(qtest);
  } finally {
    socket.destroy();
    await qtest[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  }
}

test("Qtest writes commands and reads answers, past interrupts", { timeout: 20_000 }, async () => {
  const asked: string[] = [];
  const answers: Readonly<Record<string, string>> = { inl: "OK 0x1234\n", read: "OK 0x0a0b\n" };
  const answer = (command: string) => {
    asked.push(command);
    return `IRQ raise 4\n${answers[command.split(" ")[0] ?? ""] ?? "OK\n"}`;
  };
  await served(answer, async (qtest) => {
    await qtest.outl(0xcf8, -1);
    assert.equal(await qtest.inl(0xcfc), 0x1234);
    assert.deepEqual([...(await qtest.read(0x8000, 2))], [10, 11]);
    await qtest.write(0x8000, Uint8Array.of(1, 0xff));
  });
  const expected = ["outl 0xcf8 0xffffffff", "inl 0xcfc", "read 0x8000 0x2"];
  assert.deepEqual(asked, [...expected, "write 0x8000 0x2 0x01ff"]);
});

test("Qtest tells what is refused, what is no answer, and that all is lost", async () => {
  const answers: Readonly<Record<string, string | undefined>> = {
    outl: "FAIL Unknown command\n",
    inl: "OK\n",
    read: "OK 0x00\n",
  };
  const answer = (command: string) => answers[command.split(" ")[0] ?? ""];
  await served(answer, async (qtest) => {
    await assert.rejects(qtest.outl(1, 1), new QtestError("outl 0x1 0x1: FAIL Unknown command"));
    await assert.rejects(qtest.inl(1), /QtestError: no number/);
    await assert.rejects(qtest.read(0, 2), /RangeError: .* as there must be 2/);
    await assert.rejects(qtest.readl(1), QtestError);
    await assert.rejects(qtest.readl(1), QtestError);
  });
});

for (const release of RELEASES) {
  test(`${release.name} shows its PCI devices and memory by qtest`, real(release), async () => {
    const program = installed(release);
    if (typeof program === "string") throw new Error(program);
    using files = new MachineFiles();
    const folder = mkdtempSync(join(tmpdir(), "freezethaw-qtest-"));
    const path = join(folder, "socket");
    await using qtest = await Qtest.listen(path);
    const machine = ["-machine", "pc-i440fx-5.2", "-m", "8", "-bios", "{rom}", "-S"];
    const args = [...files.named(machine), "-device", "edu,addr=5", ...qtestArguments(path)];
    await using emulator = await Emulator.start(program, args);
    try {
      const found = await pciFunctions(qtest);
      assert.equal(found[0]?.vendor, 0x8086);
      const edu = found.find(({ slot }) => slot === 5);
      assert.deepEqual(edu, { slot: 5, vendor: 0x1234, device: 0x11e8, class: 0x00ff00 });
      const { address, size } = await mapFirstBar(qtest, 5);
      assert.equal(size, 0x10_0000);
      // Identification, and a register that gives back the complement of what it is given.
      assert.equal(await qtest.readl(address), 0x0100_00ed);
      await qtest.writel(address + 4, 0x1234_5678);
      assert.equal(await qtest.readl(address + 4), ~0x1234_5678 >>> 0);
      const octets = Uint8Array.from({ length: 5000 }, (_, at) => at & 0xff);
      await qtest.write(0x10_0000, octets);
      assert.deepEqual(await qtest.read(0x10_0000, 5000), octets);
    } finally {
      await emulator[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    }
  });
}
