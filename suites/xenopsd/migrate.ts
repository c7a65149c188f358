/**
 * Cases of migrations between two servers.
 *
 * Source: semantics of xenopsd, migration protocol.
 *
 * @module
 */
import type { Checks } from "./check_table.ts";
export const MIGRATE: Checks = Object.fromEntries(
  Array.from({ length: 11 }, (_, at) => [`G${`${at + 1}`.padStart(2, "0")}`, () => {}]),
);
