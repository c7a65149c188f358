/**
 * Loaded before anything else by the npm scripts: an older Node cannot read TypeScript, and would
 * say so with a stack trace instead of this line. JavaScript for that reason. What Node makes of
 * the sources is kept for the next start, which is then twice as fast.
 *
 * @module
 */
import module from "node:module";

const NODE_MIN = 24;

if (Number.parseInt(process.versions.node, 10) < NODE_MIN) {
  console.error(
    `Cannot start freezethaw as Node must be ${NODE_MIN} or newer: ` +
      `current version is ${process.version} (npm ci installs one that npm run uses)`,
  );
  process.exit(2);
}

// Other runtimes than Node have no such thing.
module.enableCompileCache?.();
