/**
 * The real xenstore daemons: C xenstored and oxenstored as Debian builds them.
 *
 * @module
 */
export { xenstoredAdapter } from "./adapter.ts";
