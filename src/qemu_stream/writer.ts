/**
 * Writes a stream. What was read and not changed becomes the same octets.
 *
 * @module
 */
import { writeCommand } from "./command.ts";
import { writeConfiguration } from "./configuration.ts";
import { WriteError } from "./error.ts";
import { writeBody, writeShortText } from "./field_writer.ts";
import { PackageWriter } from "./package.ts";
import { writeRamItem } from "./ram_writer.ts";
import { Sink } from "./sink.ts";
import { FOOTER, MAGIC, PARTS, type Section, type Stream, VERSION } from "./stream.ts";

/** What the octets depend on. */
export type StreamToWrite = Pick<Stream, "configuration" | "parts" | "described">;

export function writeStream({ configuration, parts, described }: StreamToWrite): Uint8Array {
  const sink = new Sink();
  sink.text(MAGIC);
  sink.u32(VERSION);
  if (configuration !== undefined) writeConfiguration(sink, configuration);
  const packages = new PackageWriter(sink);
  for (const part of parts) {
    if (part.kind === "command") writeCommand(sink, part);
    else writeSection(sink, part);
    packages.pass(part);
  }
  sink.u8(PARTS.EOF);
  if (described !== undefined) {
    sink.u8(PARTS.VMDESCRIPTION);
    sink.u32(described.octets.length);
    sink.put(described.octets);
  }
  return sink.octets;
}

function writeSection(sink: Sink, section: Section): void {
  const { type, sectionId, idstr, instanceId, version, content, hasFooter } = section;
  sink.u8(PARTS[type]);
  sink.u32(sectionId);
  if (type === "START" || type === "FULL") {
    writeShortText(sink, idstr);
    sink.u32(instanceId);
    sink.u32(version);
  }
  if (content.kind === "fields") writeBody(sink, content);
  else if (content.kind === "octets") sink.put(content.octets);
  else if (content.items === undefined) {
    throw new WriteError("Cannot write RAM as its items must be kept: they were not");
  } else {
    for (const item of content.items) writeRamItem(sink, item);
  }
  if (!hasFooter) return;
  sink.u8(FOOTER);
  sink.u32(sectionId);
}
