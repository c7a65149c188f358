/**
 * What is not timed, as nobody has brought a clock.
 *
 * @module
 */
import type { Timer } from "../../adapter.ts";

export const untimed: Timer = async (act) => ({ answer: await act(), took: undefined });
