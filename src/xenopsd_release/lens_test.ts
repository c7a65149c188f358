/**
 * What each release writes and reads, held against lists that were written from the history of
 * xen-api.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contentsOf, imageOf, readImage } from "../suspend_image/mod.ts";
import { RpcDict, type RpcValue, readJson } from "../xenops_interface/mod.ts";
import { imageWritten, placeOf, RELEASES, releaseOf } from "./mod.ts";
import { understood, written } from "./text_lens.ts";

/** Releases by the first that has it: history of xenops_types.ml and xenops_interface.ml. */
const SINCE: Readonly<Record<string, string>> = {
  "vm.has_vendor_device": "2017",
  "vm.generation_id": "2022",
  "vm.on_softreboot": "2023",
  "hvm.firmware": "naples",
  "hvm.tpm": "2022",
  "vbd.can_attach_early": "2026",
  "metadata.vgpus": "2017",
  "metadata.vusbs": "lima",
  "persistent.version": "lima",
  "persistent.domain_config": "lima",
  "persistent.profile": "lima",
  "persistent.platformdata": "2022",
  "persistent.suspend_memory_bytes": "lima",
};

const NAMES = ["2013", "2017", "lima", "naples", "2022", "2023", "2026"];

/** Metadata with every field that some release lacks. */
const METADATA = JSON.stringify({
  vm: {
    name: "v",
    has_vendor_device: false,
    generation_id: "g",
    on_softreboot: [],
    ty: ["HVM", { hap: true, firmware: "Bios", tpm: ["Vtpm", "u"] }],
  },
  vbds: [{ id: ["v", "xvda"], can_attach_early: true }],
  vgpus: [],
  vusbs: [],
  domains: JSON.stringify({
    version: 2,
    domain_config: ["X86", {}],
    profile: "Qemu_none",
    platformdata: {},
    suspend_memory_bytes: 1,
    last_start_time: 1.5,
  }),
});

/** Records of metadata by name. */
function recordsOf(text: string): Record<string, RpcDict> {
  const dict = (value: RpcValue | undefined) => {
    if (!(value instanceof RpcDict)) throw new RangeError("Cannot look into it: it is no dict");
    return value;
  };
  const metadata = dict(readJson(text));
  const vm = dict(metadata.get("vm"));
  const vbds = metadata.get("vbds") as readonly RpcValue[];
  const domains = metadata.get("domains");
  return {
    metadata,
    vm,
    hvm: dict((vm.get("ty") as readonly RpcValue[])[1]),
    vbd: dict(vbds[0]),
    persistent: dict(readJson(domains as string)),
  };
}

test("releases are those of the lists, oldest first", () => {
  assert.deepEqual(
    RELEASES.map(({ name }) => name),
    NAMES,
  );
  const dates = RELEASES.map(({ date }) => date);
  assert.deepEqual(dates, [...dates].sort());
  assert.throws(() => releaseOf("2099"), /^RangeError: Cannot find release as it must be known/);
});

for (const release of RELEASES) {
  test(`${release.name} writes and reads exactly the fields that it has`, () => {
    for (const text of [
      written(release, "metadata", METADATA),
      understood(release, "metadata", METADATA),
    ]) {
      const records = recordsOf(text);
      for (const [place, since] of Object.entries(SINCE)) {
        const [name = "", field = ""] = place.split(".");
        const has = NAMES.indexOf(release.name) >= NAMES.indexOf(since);
        assert.equal(records[name]?.get(field) !== undefined, has, place);
      }
      // What every release has is not touched.
      assert.equal(records.vm?.get("name"), "v");
      assert.equal(records.hvm?.get("hap"), true);
      assert.equal(records.persistent?.get("last_start_time"), 1.5);
    }
  });
}

test("a kind of guest that a release does not have cannot be decoded by it", () => {
  const text = (kind: string) => `{"ty":["${kind}",{}]}`;
  for (const [kind, since] of [
    ["HVM", "2013"],
    ["PV", "2013"],
    ["PVinPVH", "lima"],
    ["PVH", "2022"],
    ["Container", "never"],
  ] as const) {
    for (const release of RELEASES) {
      const first = since === "never" ? NAMES.length : NAMES.indexOf(since);
      const has = NAMES.indexOf(release.name) >= first;
      const read = () => understood(release, "config", text(kind));
      if (has) assert.equal(read(), text(kind));
      else
        assert.throws(read, { message: /^Cannot decode ty as a builder_info: current value is/ });
    }
  }
});

const EXTRA =
  '{"persistent":{"version":2,"last_start_time":1.5,"suspend_memory_bytes":9,"qemu_vbds":[]}}';

test("files of before 2018 have two parts, and readers of then demand both", () => {
  const old = releaseOf("2017");
  const text = written(old, "extra", EXTRA);
  const moved = '{"suspend_memory_bytes":9,"qemu_vbds":[]}';
  assert.equal(text, `{"non_persistent":${moved},"persistent":{"last_start_time":1.5}}`);
  assert.equal(
    understood(old, "extra", text),
    '{"persistent":{"last_start_time":1.5,"suspend_memory_bytes":9,"qemu_vbds":[]}}',
  );
  assert.throws(() => understood(old, "extra", written(releaseOf("lima"), "extra", EXTRA)), {
    message: "Cannot decode non_persistent as a record: current value is absent",
  });
  assert.equal(written(releaseOf("2026"), "extra", EXTRA), EXTRA);
  assert.equal(understood(releaseOf("2026"), "extra", EXTRA), EXTRA);
});

test("placeOf() tells kinds of files by their path", () => {
  assert.deepEqual(
    [
      ["VM", "v", "config"],
      ["VM", "v", "vbd.xvda"],
      ["VM", "v", "vif.0"],
      ["extra", "v"],
    ].map(placeOf),
    ["config", "vbd", "other", "extra"],
  );
});

test("the platform device of a guest goes by version and profile, and by neither in 2017", () => {
  const persistent = (text: string) => readJson(text) as RpcDict;
  const rows: readonly (readonly [string, string, readonly [number, number]])[] = [
    ["2013", "{}", [1, 1]],
    ["2017", '{"platformdata":{"device_id":"0002"}}', [2, 2]],
    ["lima", '{"version":1,"original_profile":"Qemu_upstream_compat"}', [1, 2]],
    ["lima", '{"version":1,"original_profile":"Qemu_trad"}', [1, 1]],
    ["naples", '{"version":2,"original_profile":"Qemu_upstream_compat"}', [1, 1]],
  ];
  for (const [name, text, expected] of rows) {
    assert.deepEqual(releaseOf(name).platformDevice(persistent(text)), expected, name);
  }
});

/** The image of a guest with all that a guest of the release can have. */
function imageBy(name: string): Uint8Array {
  const release = releaseOf(name);
  const { tpmUnit } = release.image;
  const contents = {
    record: { time: "t", word_size: 64, vm_str: "" },
    isHvm: true,
    memory: new Uint8Array(4096).fill(3),
    ...(release.lacks.hvm.includes("firmware") ? {} : { nvram: Uint8Array.of(1) }),
    ...(tpmUnit === undefined ? {} : { tpm: Uint8Array.of(0xff, 0xfe) }),
    qemu: Uint8Array.of(2),
  };
  return imageWritten(release, imageOf(contents, tpmUnit));
}

test("a writer puts the state of a TPM into the unit of its time", () => {
  for (const [name, unit] of [
    ["2022", "Swtpm0"],
    ["2023", "Swtpm"],
    ["2026", "Swtpm"],
  ] as const) {
    const image = readImage(imageBy(name));
    assert.ok(
      image.units.some((it) => it.name === unit),
      name,
    );
    assert.deepEqual(contentsOf(image).tpm, Uint8Array.of(0xff, 0xfe));
  }
});

/** Units that readers know: history of suspend_image.ml. */
const REFUSALS: readonly (readonly [string, string, RegExp | undefined])[] = [
  ["2026", "2026", undefined],
  ["2022", "2026", undefined],
  ["2023", "2022", /Cannot decode type at offset \d+: must be one .*: is 0xf13$/],
  ["2026", "naples", /Cannot decode type at offset \d+: must be one .*: is 0xf13$/],
  ["2022", "naples", /: is 0xf12$/],
  ["naples", "2022", undefined],
  ["naples", "lima", /: is 0xf11$/],
  ["lima", "2017", undefined],
  ["2013", "2013", undefined],
  ["2013", "2026", undefined],
  ["2017", "2013", /^Cannot decode signature at offset 0: must be XenSavedDomain$/],
];

for (const [writer, reader, refusal] of REFUSALS) {
  test(`${reader} ${refusal === undefined ? "reads" : "refuses"} an image of ${writer}`, () => {
    const read = () => readImage(imageBy(writer), releaseOf(reader).image.reader);
    if (refusal === undefined) {
      const { units } = read();
      const record = units.find(({ name }) => name === "Qemu_trad")?.record;
      assert.deepEqual(record, Uint8Array.of(2));
      const legacy = units.find(({ name }) => name === "Libxc_legacy")?.record;
      const { memory } = contentsOf({ layout: "v2", units, end: 0 });
      assert.deepEqual(legacy ?? memory, new Uint8Array(4096).fill(3));
    } else assert.throws(read, { name: "SuspendImageError", message: refusal });
  });
}
