#!/usr/bin/env -S node --max-semi-space-size=8
/**
 * The command `freezethaw` for who starts it without npm. JavaScript, as Node takes longer to get
 * ready to read TypeScript than to read the stream of a machine; what it has made of the sources
 * is kept, so that the next start needs to read none.
 *
 * @module
 */
import "./node_version.js";

await import("./main.ts");
