/**
 * Hostile streams: small fixtures cut at every length and with every octet changed are refused
 * with an offset, or read to a stream that can be written again; lengths, depths and floods cost
 * no more than their octets.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fixture, fixtureNames } from "./fixture.ts";
import {
  BLOCKS_MAX,
  CutError,
  DEPTH_MAX,
  DESCRIPTION_SIZE_MAX,
  FIELDS_MAX,
  JSON_DEPTH_MAX,
  PARTS_MAX,
  readStream,
  StreamError,
  StreamReader,
  VALUES_OF_FIELD,
  writeStream,
} from "./mod.ts";

const SMALL = fixtureNames().filter((name) => name.startsWith("none"));
/** One bit at either end of an octet, or all of them. */
const MASKS = [0x01, 0x80, 0xff];

/** What is read must be written again as the same octets. */
function attack(octets: Uint8Array, where: string): void {
  let again: Uint8Array;
  try {
    again = writeStream(readStream(octets));
  } catch (error) {
    assert.ok(error instanceof StreamError, `${where}: ${error}`);
    assert.ok(error.offset >= 0 && error.offset <= octets.length, `${where}: ${error.message}`);
    assert.doesNotMatch(error.message, /\n/);
    return;
  }
  assert.equal(Buffer.compare(again, octets), 0, where);
}

function changeEach(name: string, from: number, step: number): void {
  const octets = fixture(name);
  const changed = octets.slice();
  for (let at = from; at < octets.length; at += step) {
    const mask = MASKS[at % MASKS.length] as number;
    changed[at] = (octets[at] as number) ^ mask;
    attack(changed, `${name} with octet ${at} changed by ${mask}`);
    changed[at] = octets[at] as number;
  }
}

for (const name of SMALL) {
  test(`${name}, cut at every length, is cut and nothing else`, { timeout: 60_000 }, () => {
    const octets = fixture(name);
    for (let length = 0; length < octets.length; length++) {
      const where = `${name} cut at ${length}`;
      try {
        readStream(octets.subarray(0, length));
      } catch (error) {
        assert.ok(error instanceof CutError, `${where}: ${error}`);
        assert.ok(error.offset <= length, `${where}: ${error.message}`);
        continue;
      }
      // All but the description is there: a machine may be told to send none.
      assert.equal(octets[length - 1], 0, where);
    }
  });

  test(`${name}, with each octet changed`, { timeout: 60_000 }, () => {
    changeEach(name, 0, 1);
  });
}

test("isapc_10.0.13, with octets of its devices changed", { timeout: 60_000 }, () => {
  const { parts } = readStream(fixture("isapc_10.0.13"));
  const first = parts.find((part) => part.kind === "section" && part.content.kind === "fields");
  // Seven is coprime to three, so that every mask has its turn.
  changeEach("isapc_10.0.13", first?.offset as number, 7);
});

/** Big-endian numbers of so many octets, octets, and text. */
function stream(...pieces: (Uint8Array | string | [size: number, value: number])[]): Uint8Array {
  const head = Buffer.from("QEVM\0\0\0\x03", "latin1");
  const octets = pieces.map((piece) => {
    if (typeof piece === "string") return Buffer.from(piece, "latin1");
    if (piece instanceof Uint8Array) return piece;
    const [size, value] = piece;
    return Buffer.from(value.toString(16).padStart(2 * size, "0"), "hex");
  });
  return new Uint8Array(Buffer.concat([head, ...octets]));
}

/** A stream of one device section that says `fields` of itself. */
function described(data: Uint8Array, fields: unknown): Uint8Array {
  const device = { name: "dev", instance_id: 0, vmsd_name: "dev", version: 1, fields };
  return withDescription(data, JSON.stringify({ page_size: 4096, devices: [device] }));
}

function withDescription(data: Uint8Array, text: string): Uint8Array {
  const section: [number, number][] = [
    [1, 4],
    [4, 0],
    [1, 3],
  ];
  const ids: [number, number][] = [
    [4, 0],
    [4, 1],
  ];
  return stream(...section, "dev", ...ids, data, "\0\x06", [4, text.length], text);
}

test("a field larger than what is there is refused where it begins, with its names", () => {
  const inner = { vmsd_name: "s", version: 1, fields: [{ name: "f", type: "buffer", size: 2e9 }] };
  const fields = [{ name: "state", type: "struct", struct: inner, size: 2e9 }];
  assert.throws(
    () => readStream(described(new Uint8Array(4), fields)),
    /dev\.state\.f at offset 25: 2000000000 octets must follow: there are 5$/,
  );
});

test("arrays of nothing are refused at the limit of fields, not counted out", () => {
  const at = (count: number) => {
    const fields = [{ name: "none", type: "buffer", size: 0, array_len: count }];
    return described(new Uint8Array(0), fields);
  };
  assert.throws(() => readStream(at(1e15)), /dev\.none at offset 25: at most 1000000 fields/);
  assert.throws(() => readStream(at(FIELDS_MAX + 1)), /at most 1000000 fields may come$/);
  assert.equal(readStream(at(FIELDS_MAX)).parts.length, 1);
  const values = [{ name: "v", type: "uint8", size: 1, array_len: VALUES_OF_FIELD * FIELDS_MAX }];
  assert.throws(() => readStream(described(new Uint8Array(0), values)), /at most 1000000 fields/);
});

test("structures may be so deep and no deeper", () => {
  const nested = (depth: number): unknown =>
    depth === 0
      ? []
      : [
          {
            name: "s",
            type: "struct",
            size: 0,
            struct: { vmsd_name: "s", version: 1, fields: nested(depth - 1) },
          },
        ];
  const at = (depth: number) => described(new Uint8Array(0), nested(depth));
  assert.equal(readStream(at(DEPTH_MAX)).parts.length, 1);
  assert.throws(() => readStream(at(DEPTH_MAX + 1)), /structures must be at most 32 deep$/);
  const deep = `{"devices":${"[".repeat(1e6)}`;
  const error = /VMDESCRIPTION at offset 145: brackets must be at most 104 deep$/;
  assert.throws(() => readStream(withDescription(new Uint8Array(0), deep)), error);
});

test("a description that is none is refused in one line", () => {
  const refused = (text: string) => {
    try {
      readStream(withDescription(new Uint8Array(0), text));
    } catch (error) {
      return (error as StreamError).reason;
    }
    return undefined;
  };
  assert.equal(refused("{"), "must be JSON text");
  assert.equal(refused("{}"), "page_size must be a whole number from 0 on");
  assert.equal(refused('{"page_size":1,"devices":{}}'), "devices must be an array");
  assert.equal(refused('{"page_size":1,"devices":[[]]}'), "device must be an object");
  assert.equal(
    refused('{"page_size":1,"devices":[{"name":"d","instance_id":0,"fields":[{"name":1}]}]}'),
    ".name must be text",
  );
  const field = '{"name":"f","type":"t","size":-1}';
  assert.equal(
    refused(`{"page_size":1,"devices":[{"name":"d","instance_id":0,"fields":[${field}]}]}`),
    ".f.size must be a whole number from 0 on",
  );
});

test("RAM may have so many blocks and no more, and pages only inside of them", () => {
  const ram = (...pieces: Parameters<typeof stream>) =>
    stream([1, 1], [4, 2], [1, 3], "ram", [4, 0], [4, 4], ...pieces);
  const blocks = (count: number) =>
    Array.from({ length: count }, () => stream([1, 1], "b", [8, 4096]).subarray(8));
  const list = (count: number) => ram([8, 4096 * count + 4], ...blocks(count), [8, 0x10]);
  assert.throws(() => readStream(list(BLOCKS_MAX)), CutError);
  assert.throws(() => readStream(list(BLOCKS_MAX + 1)), /ram\.blocks .* at most 10000 blocks/);
  const one = (...pieces: Parameters<typeof stream>) => ram([8, 4100], ...blocks(1), ...pieces);
  const outside = one([8, 0x1002], [1, 1], "b", [1, 0]);
  assert.throws(() => readStream(outside), /must be inside of b: it is at 0x1000$/);
  const unnamed = one([8, 0x22], [1, 0]);
  assert.throws(() => readStream(unnamed), /a block must be named first$/);
  const unlisted = one([8, 0x02], [1, 1], "c", [1, 0]);
  assert.throws(() => readStream(unlisted), /block "c" must be listed$/);
  const hook = one([8, 0x80]);
  assert.throws(() => readStream(hook), /flags must be known and alone: they are 0x80$/);
  const packed = one([8, 0x100], [1, 1], "b", [4, 0xffff_ffff]);
  assert.throws(() => readStream(packed), /length at .* must be at most 8192: .* is 4294967295$/);
  assert.throws(() => readStream(one([8, 0x100], [1, 1], "b", [4, 8192])), CutError);
  const larger = one([8, 0x100], [1, 1], "b", [4, 8193]);
  assert.throws(() => readStream(larger), /length at .* must be at most 8192: .* is 8193$/);
});

test("a size of blocks that is larger than their sum is cut, one that is smaller refused", () => {
  const ram = (total: number) =>
    stream([1, 1], [4, 2], [1, 3], "ram", [4, 0], [4, 4], [8, total + 4], [1, 1], "b", [8, 8192]);
  assert.throws(() => readStream(ram(4096)), /must have 4096 octets together: they have 8192$/);
  assert.throws(() => readStream(ram(2 ** 52 - 4096)), CutError);
});

test("what is no part, or a piece of what has not begun, is refused where it stands", () => {
  assert.throws(() => readStream(stream([1, 9])), /section at offset 8: .* value is 0x9$/);
  const piece = stream([1, 2], [4, 7]);
  assert.throws(() => readStream(piece), /section_id at offset 9: section 7 must have begun$/);
  const late = stream([1, 8], [2, 1], [2, 0], [1, 7]);
  assert.throws(() => readStream(late), /section at offset 13: must be a known part/);
  assert.throws(() => readStream(new TextEncoder().encode("QEVX....")), /must be "QEVM"$/);
  const old = new TextEncoder().encode("QEVM\0\0\0\x02");
  assert.throws(() => readStream(old), /version at offset 4: must be 3: current value is 2$/);
});

test("octets behind the end are refused", () => {
  const whole = fixture("none_7.2");
  const { described } = readStream(whole);
  const end = (described?.offset as number) - 1;
  const longer = new Uint8Array(end + 3);
  longer.set(whole.subarray(0, end));
  const error = new RegExp(`EOF at offset ${end + 1}: must be the end: 2 octets follow$`);
  assert.throws(() => readStream(longer), error);
});

test("StreamReader holds what is not RAM up to its limit, and no more", () => {
  const octets = fixture("q35-52-misc_10.0.2");
  const held = (heldMax: number) => {
    const reader = new StreamReader({ heldMax });
    for (let at = 0; at < octets.length; at += 1000) reader.push(octets.subarray(at, at + 1000));
    return reader.end();
  };
  assert.equal(held(octets.length).size, octets.length);
  assert.throws(() => held(octets.length - 1), /octets that are not RAM may come$/);
});

test("a stream of RAM that is a hundred times the limit is read, as nothing of it is held", () => {
  const head = stream([1, 1], [4, 2], [1, 3], "ram", [4, 0], [4, 4], [8, 2 ** 40 + 4], [1, 1], "b");
  const end = fixture("none_7.2").subarray(readStream(fixture("none_7.2")).parts[3]?.offset);
  const reader = new StreamReader({ heldMax: 1_000_000 });
  const push = (...pieces: Parameters<typeof stream>) => reader.push(stream(...pieces).subarray(8));
  reader.push(head);
  push([8, 2 ** 40], [8, 0x02], [1, 1], "b", [1, 0]);
  const page = stream([8, 0x1028], new Uint8Array(4096)).subarray(8);
  for (let index = 0; index < 25_000; index++) reader.push(page);
  push([8, 0x10], [1, 0x7e], [4, 2]);
  reader.push(end);
  const { ram, size } = reader.end();
  assert.ok(size > 100_000_000);
  assert.deepEqual(ram, [
    { name: "b", size: 2 ** 40, fill: 1, page: 25_000, xbzrle: 0, compressed: 0 },
  ]);
});

test("a search for footers and descriptions is linear", { timeout: 20_000 }, () => {
  for (const octet of [0x7e, 0x06, 0x00]) {
    const flood = new Uint8Array(8_000_000).fill(octet);
    attack(stream([1, 4], [4, 0x7e7e7e7e], [1, 3], "dev", [4, 0], [4, 1], flood), `of ${octet}`);
  }
});

test("blocks are so many and no more in all lists together", () => {
  const named = (count: number, first: number) =>
    Array.from({ length: count }, (_, index) => {
      return stream([1, 5], String(first + index).padStart(5, "0"), [8, 4096]).subarray(8);
    });
  const full = named(BLOCKS_MAX, 0);
  const lists = (name: number) =>
    stream(
      ...[
        ...([
          [1, 1],
          [4, 2],
          [1, 3],
        ] as [number, number][]),
        "ram",
      ],
      ...([
        [4, 0],
        [4, 4],
        [8, 4096 * BLOCKS_MAX + 4],
      ] as [number, number][]),
      ...full,
      [8, 4096 + 4],
      ...named(1, name),
    );
  assert.throws(() => readStream(lists(BLOCKS_MAX - 1)), CutError);
  assert.throws(
    () => readStream(lists(BLOCKS_MAX)),
    /ram\.blocks .* at most 10000 blocks may come$/,
  );
});

test("commands are held, and count as what is held", () => {
  const command = stream([1, 8], [2, 1], [2, 60_000], new Uint8Array(60_000)).subarray(8);
  const read = (count: number) => {
    const reader = new StreamReader({ heldMax: 1_000_000 });
    reader.push(stream());
    for (let index = 0; index < count; index++) reader.push(command);
    reader.push(new Uint8Array(1));
    return reader.end();
  };
  assert.equal(read(16).parts.length, 16);
  assert.throws(() => read(17), /at most 1000000 octets that are not RAM may come$/);
});

test("parts are so many and no more", { timeout: 60_000 }, () => {
  const commands = new Uint8Array(8 + 5 * (PARTS_MAX + 1) + 1);
  commands.set(stream());
  for (let at = 8; at < commands.length - 1; at += 5) commands[at] = 8;
  const read = (count: number) => {
    const octets = commands.slice(0, 8 + 5 * count + 1);
    octets[octets.length - 1] = 0;
    return readStream(octets);
  };
  assert.equal(read(PARTS_MAX).parts.length, PARTS_MAX);
  const error = /section at offset 5000008: at most 1000000 sections may come$/;
  assert.throws(() => read(PARTS_MAX + 1), error);
});

test("a description is so large and no larger", { timeout: 60_000 }, () => {
  const sized = (size: number) => {
    const head = stream("\0\x06", [4, size]);
    const octets = new Uint8Array(head.length + size).fill(0x20);
    octets.set(head);
    octets.set(Buffer.from('{"page_size":4096,"devices":[]'), head.length);
    octets[octets.length - 1] = 0x7d;
    return octets;
  };
  assert.equal(readStream(sized(DESCRIPTION_SIZE_MAX)).described?.description.pageSize, 4096);
  const error = /EOF at offset 9: must be the end: 67108870 octets follow$/;
  assert.throws(() => readStream(sized(DESCRIPTION_SIZE_MAX + 1)), error);
});

test("brackets may be so deep and no deeper", () => {
  const nested = (depth: number) => {
    const inner = "[".repeat(depth - 1) + "]".repeat(depth - 1);
    const text = `{"page_size":4096,"devices":[],"later":${inner}}`;
    return stream("\0\x06", [4, text.length], text);
  };
  assert.ok(readStream(nested(JSON_DEPTH_MAX)).described !== undefined);
  assert.throws(() => readStream(nested(JSON_DEPTH_MAX + 1)), /brackets must be at most 104 deep$/);
});
