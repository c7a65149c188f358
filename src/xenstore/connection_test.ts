import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Connection } from "./connection.ts";

const WAYS: readonly (readonly [string, (connection: Connection) => void])[] = [
  ["output()", (it) => it.output()],
  ["output() in pieces", (it) => it.waitingOctets > 0 && [it.output(5), it.output()]],
  ["sent()", (it) => it.sent(it.front.length)],
  ["dropOutput()", (it) => it.dropOutput()],
];

for (const [name, take] of WAYS) {
  test(`an event that waits does not wait twice, and comes again after ${name}`, () => {
    const connection = new Connection(1, 0, "socket", true);
    for (let round = 0; round < 3; round++) {
      connection.sendEvent("/a", "token");
      const { waitingOctets } = connection;
      connection.sendEvent("/a", "token");
      assertEquals(connection.waitingOctets, waitingOctets);
      assertEquals(waitingOctets > 0, true);
      take(connection);
      assertEquals(connection.waitingOctets, 0);
    }
  });
}
