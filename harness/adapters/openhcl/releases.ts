/**
 * The releases of OpenHCL in the matrix.
 *
 * @module
 */

/** Oldest first. */
export const RELEASES: readonly string[] = ["2411", "2505", "1.7.2511", "1.8.2607", "main"];
