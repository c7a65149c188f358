import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { sequenceOf } from "./generator.ts";
import { step } from "./step.ts";
import { stepOfText, textOfStep } from "./step_text.ts";
import { sequenceOfToken, tokenOf } from "./token.ts";

test("stepOfText() reads every step as textOfStep() wrote it", () => {
  for (let number = 0; number < 40; number++) {
    for (const one of sequenceOf(7, number, 250)) {
      const text = textOfStep(one);
      assertEquals(/^[ -~]+$/.test(text), true, text);
      assertEquals(stepOfText(text), one, text);
    }
  }
});

test("textOfStep() escapes what is not printable and counts long runs", () => {
  const body = `a"\\{}\0\xff${"v".repeat(2048)}`;
  const text = textOfStep(step("dom5", "WRITE", body, { tx: "t1", times: 3 }));
  const escaped = String.raw`a\x22\x5c\x7b\x7d\0\xff`;
  assertEquals(text, `dom5 WRITE*3 @t1 "${escaped}\\{v*2048}"`);
  assertEquals(stepOfText(text).body, body);
});

test("stepOfText() refuses a line that is no step", () => {
  for (const line of ["", "c0", 'c0 read "/"', "c0 READ /", 'c0 READ "/']) {
    assertThrows(() => stepOfText(line), RangeError, "Cannot read step");
  }
});

test("sequenceOfToken() gives the steps that tokenOf() was given, and refuses other words", () => {
  const steps = sequenceOf(1, 2, 60);
  const token = tokenOf("c-4.20", steps);
  assertEquals(/^[\w.-]+$/.test(token), true);
  assertEquals(sequenceOfToken(token), { daemon: "c-4.20", steps });
  for (const bad of ["", "x", token.slice(0, -9), token.replace("xsp1", "xsp2"), "xsp1_c-4.20"]) {
    assertThrows(() => sequenceOfToken(bad), RangeError, "Cannot re");
  }
});
