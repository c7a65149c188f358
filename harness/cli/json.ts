/**
 * Values that the command line prints as JSON.
 *
 * @module
 */

/** A value that `JSON.stringify` shows in full. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
