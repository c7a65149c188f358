/**
 * Streams that lie about their lengths, or hold what no daemon would write: to read them is not to
 * crash, to read what is not there, or to lose what is.
 *
 * Method: see xenstore_stream_claims.ts.
 *
 * @module
 */
import { suite } from "../harness/mod.ts";
import { allOrNothing, allowed, refused } from "./xenstore_stream_claims.ts";

export default suite("xenstore-hostile", [
  refused("empty", "Nothing at all is no stream", "Header"),
  refused("cut-header", "A stream that ends within its header is not whole", "Header"),
  refused("length-max", "A record that is longer than the stream is not read", "Records: len"),
  refused(
    "path-beyond",
    "A path that is longer than its record is not read",
    "NODE_DATA: path-len",
  ),
  refused("permissions-beyond", "More permissions than fit are not read", "NODE_DATA: perm-count"),
  allowed("flood", "Any number of unknown records costs no other record", "Records"),
  allOrNothing("path-not-text", "A path of octets that no name has costs no node", "NODE_DATA"),
  allOrNothing("path-empty", "A node without a path costs no other node", "NODE_DATA: path"),
]);
