import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { blockOf, withBlock } from "./readme_block.ts";

const TEXT = "a\n\n<!-- x -->\nold\n<!-- /x -->\n\nb\n";

test("withBlock() replaces what stands between the marks, and blockOf() reads it", () => {
  const text = withBlock(TEXT, "x", "new\nlines\n");
  assertEquals(text, "a\n\n<!-- x -->\nnew\nlines\n<!-- /x -->\n\nb\n");
  assertEquals(blockOf(text, "x"), "new\nlines\n");
  assertEquals(withBlock(text, "x", "old"), TEXT);
});

test("withBlock() says which marks are not there", () => {
  for (const text of ["", "<!-- y -->", "<!-- /y --><!-- y -->"]) {
    assertThrows(() => withBlock(text, "y", ""), RangeError, "Cannot write y as the text must");
  }
});
