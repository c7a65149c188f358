/** The monitor's client, against servers that say what they are told to. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connectMonitor, type Monitor, MonitorError, MonitorLost } from "./monitor.ts";

const LIMIT = { timeout: 20_000 };

/** A client whose server says `greeting`, and then what `answer` makes of each command. */
async function served(
  greeting: string,
  answer: (command: string, socket: Socket) => void,
  body: (monitor: Monitor) => Promise<void>,
  answerMs?: number,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-monitor-"));
  const path = join(folder, "socket");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(greeting);
    socket.on("data", (data) => {
      for (const line of String(data).trim().split("\n")) {
        answer((JSON.parse(line) as { execute: string }).execute, socket);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const monitor = await connectMonitor(path, answerMs);
  try {
    await body(monitor);
  } finally {
    monitor.close();
    server.close();
    rmSync(folder, { recursive: true });
  }
}

const GREETING = '{"QMP": {"version": {"package": "mine"}}}\r\n';

test("Monitor gives each command its answer, past events and in pieces", LIMIT, async () => {
  const answer = (command: string, socket: Socket) => {
    socket.write('{"event": "STOP"}\r\n{"retu');
    setTimeout(() => socket.write(`rn": {"of": "${command}"}}\r\n`), 5);
  };
  await served(GREETING, answer, async (monitor) => {
    assert.deepEqual(await monitor.greeting(), { version: { package: "mine" } });
    assert.deepEqual(await monitor.execute("one"), { of: "one" });
    assert.deepEqual(await monitor.execute("two"), { of: "two" });
    assert.deepEqual(monitor.events, ["STOP", "STOP"]);
  });
});

test("Monitor keeps a greeting that comes before anybody asks for it", LIMIT, async () => {
  const answer = (_: string, socket: Socket) => void socket.write('{"return": {}}\r\n');
  await served(GREETING, answer, async (monitor) => {
    assert.deepEqual(await monitor.execute("query-status"), {});
    assert.deepEqual(await monitor.greeting(), { version: { package: "mine" } });
  });
});

test("Monitor tells a refusal in QEMU's words, and goes on", LIMIT, async () => {
  const answer = (command: string, socket: Socket) => {
    const error = '{"error": {"class": "GenericError", "desc": "State blocked"}}\r\n';
    socket.write(command === "migrate" ? error : '{"return": {}}\r\n');
  };
  await served(GREETING, answer, async (monitor) => {
    await monitor.greeting();
    await assert.rejects(monitor.execute("migrate"), new MonitorError("State blocked"));
    assert.deepEqual(await monitor.execute("query-status"), {});
  });
});

test("Monitor is lost when QEMU goes, also for what is asked later", LIMIT, async () => {
  await served(
    GREETING,
    (_, socket) => void socket.destroy(),
    async (monitor) => {
      await monitor.greeting();
      await assert.rejects(monitor.execute("quit"), MonitorLost);
      await assert.rejects(monitor.execute("quit"), MonitorLost);
    },
  );
});

test("Monitor is lost when a program says no JSON", LIMIT, async () => {
  await served(
    "SSH-2.0-server\r\n",
    () => {},
    async (monitor) => {
      await assert.rejects(monitor.greeting(), /^MonitorLost: the monitor said no JSON: SSH-2\.0/);
    },
  );
});

test("Monitor is lost when a program says what is no answer", LIMIT, async () => {
  for (const line of ["null", "7", '"text"']) {
    await served(
      `${line}\r\n`,
      () => {},
      async (monitor) => {
        const lost = (error: unknown) => error instanceof MonitorLost && !error.isEnd;
        await assert.rejects(monitor.greeting(), lost);
      },
    );
  }
});

test("Monitor is lost when a command has no answer", LIMIT, async () => {
  const body = async (monitor: Monitor) => {
    await monitor.greeting();
    const lost = /^MonitorLost: the monitor does not answer within 50 ms$/;
    await assert.rejects(monitor.execute("query-status"), lost);
    await assert.rejects(monitor.execute("query-status"), lost);
  };
  await served(GREETING, () => {}, body, 50);
});
