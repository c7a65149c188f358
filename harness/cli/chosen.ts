/**
 * The implementation that a run is of: as the product has it, with a captured state as what its
 * first hop saves, or with programs and devices of the user's own.
 *
 * @module
 */
import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { readCaptured } from "./captured.ts";
import type { ChoiceOptions } from "./choice.ts";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { type OutsideOptions, outsideImplementation } from "./outside.ts";
import type { Implementation } from "./product.ts";
import type { Session } from "./session.ts";

export interface ImplementationOptions extends ChoiceOptions, OutsideOptions {
  readonly file?: string;
  readonly fileRelease?: string;
  readonly deviceSets?: string;
  readonly binary?: readonly string[];
}

/** The implementation to run, with a captured state as first hop when one is given. */
export async function chosenImplementation(
  options: ImplementationOptions,
  session: Session,
): Promise<Implementation> {
  const { implementation, file, fileRelease } = options;
  const own = await outsideImplementation(options, session);
  const chosen = widened(own ?? (await session.implementation(implementation)), options);
  if (file === undefined && fileRelease === undefined) return chosen;
  const writer = capturedRelease(options);
  if (file === undefined || writer === undefined) {
    throw new UsageError("Cannot run a captured state as --file and --file-release go together");
  }
  const release = demandName("release", writer, chosen.space.releases);
  return await readCaptured(chosen, session, file, release);
}

/** The release that wrote the captured state; `--where` may name it as the only writer. */
function capturedRelease({ file, fileRelease, where }: ImplementationOptions): string | undefined {
  if (file === undefined || fileRelease !== undefined) return fileRelease;
  const writers = where.filter((text) => /^(first|writer)=[^,&|<>\s]+$/.test(text));
  return writers[0]?.slice(writers[0].indexOf("=") + 1);
}

/** A captured state stands on a first hop, of its own release; unless told so, in pairs only. */
export function narrowed(options: ImplementationOptions): ChoiceOptions {
  const { where, paths } = options;
  const release = capturedRelease(options);
  if (release === undefined) return options;
  const only = [`first=${release}`, `writer=${release}`].filter((text) => !where.includes(text));
  return {
    ...options,
    where: [...where, ...only],
    paths: paths.includes("all") ? ["pairs"] : paths,
  };
}

/** `implementation` with programs and sets of devices that the command line brings. */
function widened(
  implementation: Implementation,
  { deviceSets, binary = [] }: ImplementationOptions,
): Implementation {
  if (deviceSets === undefined && binary.length === 0) return implementation;
  if (implementation.widened === undefined) {
    const { space } = implementation;
    throw new UsageError(
      "Cannot run with --device-sets or --binary as the implementation must take them: " +
        `current value is ${space.implementation}`,
    );
  }
  const binaries = binariesOf(binary, implementation.space.releases);
  try {
    return implementation.widened({
      binaries,
      ...(deviceSets === undefined ? {} : { deviceSets }),
    });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${error.message} (${deviceSets})`);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UsageError(`Cannot read ${deviceSets}: ${code}`);
  }
}

const BINARY = /^([A-Za-z0-9][A-Za-z0-9._+-]{0,49})=(.+)$/;

/** Programs by the names that they are given. */
function binariesOf(
  given: readonly string[],
  releases: readonly string[],
): Readonly<Record<string, string>> {
  const binaries: Record<string, string> = Object.create(null);
  for (const text of given) {
    const [, name = "", path = ""] = BINARY.exec(text) ?? [];
    if (name === "" || releases.includes(name) || name in binaries) {
      throw new UsageError(
        `Cannot run as --binary must be NAME=PATH with a new name: current value is ${text}`,
      );
    }
    if (!isProgram(path)) {
      throw new UsageError(`Cannot run as --binary must name a program: current value is ${path}`);
    }
    binaries[name] = resolve(path);
  }
  return binaries;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
