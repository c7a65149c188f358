import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../machine/mod.ts";
import { PagePool } from "./page_pool.ts";
import { refuseSharedPages, SHARED_PAGES_2411 } from "./shared_pages_2411.ts";

test("refuseSharedPages() refuses any VM with shared pages, used or not", () => {
  const pool = new PagePool([{ pfn: 1n, pages: SHARED_PAGES_2411 }], new Log());
  assert.throws(() => refuseSharedPages(pool), {
    message: "save not supported for shared pages yet",
  });
  refuseSharedPages(null);
});
