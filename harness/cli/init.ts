/**
 * `freezethaw init`: writes a configuration and the adapter of a toy monitor, to be replaced by
 * one's own. Nothing that is there already is touched.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Session } from "./session.ts";

const TEMPLATES = new URL("../templates/", import.meta.url);
const CONFIG_NAME = "freezethaw.config.ts";

/** An adapter in some language: how it is made, where that is needed, and how it is started. */
export interface Template {
  readonly file: string;
  readonly command: readonly string[];
  readonly build?: readonly string[];
}

const BUILT = ["./adapter"];

export const LANGUAGES: Readonly<Record<string, Template>> = {
  typescript: { file: "adapter.ts", command: ["node", "adapter.ts"] },
  python: { file: "adapter.py", command: ["python3", "adapter.py"] },
  rust: {
    file: "adapter.rs",
    command: BUILT,
    build: ["rustc", "--edition", "2021", "-O", "-o", "adapter", "adapter.rs"],
  },
  go: { file: "adapter.go", command: BUILT, build: ["go", "build", "-o", "adapter", "adapter.go"] },
  c: {
    file: "adapter.c",
    command: BUILT,
    build: ["cc", "-std=c11", "-O2", "-o", "adapter", "adapter.c"],
  },
};

export function addInit(program: Command, { shell }: Pick<Session, "shell">): void {
  const names = Object.keys(LANGUAGES);
  program
    .command("init")
    .description("write a configuration and an adapter to begin with")
    .argument("[directory]", "where to; made when it is not there", ".")
    .option("--language <name>", `one of ${names.join(", ")}`, names[0])
    .action(async (directory: string, { language }: { language: string }) => {
      const template = LANGUAGES[demandName("language", language, names)] as Template;
      write(directory, template);
      await shell.write(nextSteps(directory, template));
    });
}

function write(directory: string, { file, command }: Template): void {
  const files = [
    { path: join(directory, CONFIG_NAME), text: configText(directory, command) },
    { path: join(directory, file), text: readFileSync(new URL(file, TEMPLATES), "utf8") },
  ];
  for (const { path } of files) {
    if (existsSync(path)) throw new UsageError(`Cannot write ${path} as it must not be there yet`);
  }
  try {
    mkdirSync(directory, { recursive: true });
    // Whatever has come there since is not overwritten either.
    for (const { path, text } of files) writeFileSync(path, text, { flag: "wx" });
  } catch (error) {
    throw new UsageError(`Cannot write to ${directory}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function configText(directory: string, command: readonly string[]): string {
  const words = command.map((word) => JSON.stringify(word)).join(", ");
  return `import { defineConfig } from ${JSON.stringify(configModule(directory))};

export default defineConfig({
  // Started in this folder, asked on standard input.
  adapter: { command: [${words}] },
});
`;
}

/** Where the types of a configuration are, as seen from `directory`. */
function configModule(directory: string): string {
  const path = relative(directory, fileURLToPath(new URL("../configuration.ts", import.meta.url)));
  const name = path.split(sep).join("/");
  return name.startsWith(".") ? name : `./${name}`;
}

function nextSteps(directory: string, { file, build }: Template): string {
  const config = join(directory, CONFIG_NAME);
  const asked = directory === "." ? "" : ` --config ${config}`;
  // Whoever has started it by npm has no command of that name.
  const name =
    process.env.npm_lifecycle_event === "freezethaw" ? "npm run -s freezethaw --" : "freezethaw";
  const make = build === undefined ? [] : [`  ${inside(directory, build.join(" "))}`];
  return `Wrote ${config} and ${join(directory, file)}, the adapter of a toy monitor

Next:
${[...make, `  ${name} doctor${asked}`, `  ${name} run${asked}`].join("\n")}
Then put your monitor where the first part of ${file} has the toy.
`;
}

function inside(directory: string, command: string): string {
  return directory === "." ? command : `(cd ${directory} && ${command})`;
}
