/**
 * Stand-in for `@std/assert` where JSR cannot be reached: our own code, and the part of the API
 * that suites and tests use. `contract_test.ts` holds for both; `deno.jsr.json` runs it, and
 * every other test, against the genuine package. Texts of failures are alike, not identical.
 *
 * Not here: `assertNotInstanceOf` and the paths below the package, such as `@std/assert/equals`.
 *
 * @module
 */
export { assertAlmostEquals } from "./almost_equals.ts";
export { assertArrayIncludes } from "./array_includes.ts";
export { assert } from "./assert.ts";
export { AssertionError } from "./assertion_error.ts";
export { equal } from "./equal.ts";
export { assertEquals } from "./equals.ts";
export { assertExists } from "./exists.ts";
export { fail } from "./fail.ts";
export { assertFalse } from "./false.ts";
export { assertGreater } from "./greater.ts";
export { assertGreaterOrEqual } from "./greater_or_equal.ts";
export { assertInstanceOf } from "./instance_of.ts";
export { assertIsError } from "./is_error.ts";
export { assertLess } from "./less.ts";
export { assertLessOrEqual } from "./less_or_equal.ts";
export { assertMatch } from "./match.ts";
export { assertNotEquals } from "./not_equals.ts";
export { assertNotMatch } from "./not_match.ts";
export { assertNotStrictEquals } from "./not_strict_equals.ts";
export { assertObjectMatch } from "./object_match.ts";
export { assertRejects } from "./rejects.ts";
export { assertStrictEquals } from "./strict_equals.ts";
export { assertStringIncludes } from "./string_includes.ts";
export { assertThrows } from "./throws.ts";
export { unimplemented } from "./unimplemented.ts";
export { unreachable } from "./unreachable.ts";
