/**
 * What every command gets: the product, the outside, and where it leaves its exit code.
 *
 * @module
 */
import { EXIT_OK, UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Format, Implementation, Implementations, Json, Product } from "./product.ts";
import type { Shell } from "./shell.ts";

type Load = Implementations[string];

/** `P`: the part of the product that the command needs. */
export class Session<P = Product> {
  readonly product: P;
  readonly shell: Shell;
  exitCode: number = EXIT_OK;
  /** Words behind `--`, where a command takes a program there. */
  readonly behind: readonly string[];
  readonly #ends: (() => Promise<void>)[] = [];

  constructor(product: P, shell: Shell, behind: readonly string[] = []) {
    this.product = product;
    this.shell = shell;
    this.behind = behind;
  }

  /** Has `end` done when the command is over, however it ends. */
  atEnd(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0)) await end();
  }

  /** Names of the implementations. */
  names(this: Session): readonly string[] {
    return Object.keys(this.product.implementations);
  }

  /** The implementation `name`, or the first one. */
  implementation(this: Session, name: string | undefined): Promise<Implementation> {
    const names = this.names();
    const chosen = demandName("implementation", name ?? names[0] ?? "", names);
    return (this.product.implementations[chosen] as Load)();
  }

  format(this: Session<Pick<Product, "formats">>, name: string): Format {
    const { formats } = this.product;
    return formats[demandName("format", name, Object.keys(formats))] as Format;
  }

  /** Prints `value`: compact for machines, indented for people. */
  async print(value: Json, compact: boolean): Promise<void> {
    await this.shell.write(`${textOf(value, compact)}\n`);
  }
}

function textOf(value: Json, compact: boolean): string {
  try {
    return JSON.stringify(value, null, compact ? 0 : 2);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError("Cannot print the value as JSON as its text must fit in a string");
  }
}
