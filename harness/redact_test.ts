import assert from "node:assert/strict";
import { test } from "node:test";
import { redacted } from "./redact.ts";

const PRIVATE: Readonly<Record<string, string>> = {
  "no file /home/alice/vm/disk.img: ENOENT": "no file <path>/disk.img: ENOENT",
  "(/Users/Alice Smith)": "(<path>/Alice Smith)",
  "at file:///home/bob/x/y.ts:7:3": "at file:<path>/y.ts:7:3",
  "C:\\Users\\bob\\vm.img is gone": "<path>/vm.img is gone",
  "run in /tmp/freezethaw-x1/": "run in <path>/freezethaw-x1",
  "/home/carol/.ssh/id_rsa": "<path>/id_rsa",
  ghp_0123456789abcdefghijABCDEFGHIJ0123: "<secret>",
  "token github_pat_11ABCDEFG0123456789_abcdef": "token <secret>",
  "key AKIAIOSFODNN7EXAMPLE.": "key <secret>.",
  "Authorization: Bearer abcdef.123456": "Authorization: Bearer <secret>",
  "https://user:pa55@host/x": "https://<secret>@host/x",
  'password="hunter 2", next': "password=<secret>, next",
  "api_key: 12345 rest": "api_key: <secret> rest",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl": "<secret>",
  "-----BEGIN RSA PRIVATE KEY----- MIIE -----END RSA PRIVATE KEY-----!": "<secret>!",
  "glpat-abcdefghij0123456789 xoxb-1234567890-abc": "<secret> <secret>",
};

/** What reports are full of. */
const PUBLIC = [
  "s/a counter@1.7.2511[up]>2505[down] size=small",
  "WRITE /local/domain/0/backend/vbd refused",
  "https://github.com/o/r/issues/7?a=1&b=2",
  "nvme_driver.IoQueueSavedState lacks field 3/4 and/or 5",
  "--replay ft1_5_s/b_counter@1.7.2511,up~2505,up_size=small_6e2fba31",
  "missing required field: tokens of 12 pages",
  "/vm/1234/uuid and /tool/xenstored",
  "10:20:30.5 ratio 3:4",
];

test("redacted() leaves out places and secrets", () => {
  for (const [text, shown] of Object.entries(PRIVATE)) assert.equal(redacted(text), shown);
});

test("redacted() leaves alone what a report is about", () => {
  for (const text of PUBLIC) assert.equal(redacted(text), text);
});

test("redacted() changes nothing twice", () => {
  for (const text of Object.values(PRIVATE)) assert.equal(redacted(text), text);
});

test("redacted() takes time that grows with the text only", { timeout: 10_000 }, () => {
  for (const piece of ["/home", "/home/", "a:", "\\", "eyJ", "token=", "-----BEGIN ", "://a:"]) {
    redacted(piece.repeat(20_000));
  }
});
