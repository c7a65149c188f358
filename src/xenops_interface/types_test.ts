/**
 * Octets written by hand from the definition of the interface (origin: hand): no encoder of ours
 * has made them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Codec,
  ERROR,
  METADATA,
  METHODS,
  type MethodName,
  readJson,
  TASK,
  TASK_STATE,
  UPDATES,
  VBD,
  VGPU,
  VIF,
  VM,
  VM_STATE,
  writeJson,
  XenopsError,
} from "./mod.ts";

/** Reads text as a type and writes it again. */
function again<T>(codec: Codec<T>, text: string): string {
  return writeJson(codec.encode(codec.decode(readJson(text))));
}

function read<T>(codec: Codec<T>, text: string): T {
  return codec.decode(readJson(text));
}

/** As the known implementation writes it: fields in reverse, options left out if none. */
const PV_VM =
  '{"has_vendor_device":false,"pci_power_mgmt":false,"pci_msitranslate":true,' +
  '"on_softreboot":["Softreboot"],"on_reboot":["Start"],"on_shutdown":["Shutdown"],' +
  '"on_crash":["Shutdown"],"scheduler_params":{"affinity":[],"priority":[256,0]},' +
  '"vcpus":2,"vcpu_max":4,"memory_dynamic_min":134217728,"memory_dynamic_max":134217728,' +
  '"memory_static_max":134217728,"suppress_spurious_page_faults":false,' +
  '"ty":["PV",{"pci_passthrough":false,"vncterm":true,"framebuffer":false,' +
  '"boot":["Direct",{"cmdline":"root=/dev/xvda","kernel":"/boot/vmlinuz"}]}],' +
  '"bios_strings":{},"platformdata":{"b":"1","a":"2","b":"3"},"xsdata":{"vm-data":""},' +
  '"ssidref":0,"name":"Example","id":"7b719ce6-0b17-9733-e8ee-dbc1e6e7b701"}';

const HALTED_STATE =
  '{"numa_node_memory":[[0,9007199254740993]],"numa_nodes":1,"numa_optimised":true,' +
  '"featureset":"","domain_type":"Domain_undefined","nested_virt":false,"nomigrate":false,' +
  '"hvm":false,"last_start_time":0.0,"pv_drivers_detected":false,"xsdata_state":{},' +
  '"guest_agent":{},"uncooperative_balloon_driver":false,"rtc_timeoffset":"",' +
  '"shadow_multiplier_target":1.0,"vcpu_target":0,"memory_limit":0,"memory_actual":0,' +
  '"memory_target":0,"consoles":[{"path":"/dev/vc/1","port":5900,"protocol":"Rfb"}],' +
  '"domids":[1],"power_state":"Halted"}';

const DEFAULT_VBD =
  '{"can_attach_early":false,"persistent":true,"extra_private_keys":{},"extra_backend_keys":{},' +
  '"unpluggable":true,"ty":"Disk","mode":"ReadWrite","id":["",""]}';
const IONICE = '["Ionice",["BestEffort",["Other",5]]]';

const DEFAULT_VIF =
  '{"trunks":[],"ipv6_configuration":"Unspecified6","ipv4_configuration":"Unspecified4",' +
  '"extra_private_keys":{},"locking_mode":"Unlocked","other_config":{},' +
  '"backend":["Local","xenbr0"],"mtu":1500,"carrier":true,"mac":"fe:ff:ff:ff:ff:ff",' +
  '"position":0,"id":["",""]}';

const EXACT: readonly (readonly [what: string, codec: Codec<unknown>, text: string])[] = [
  ["a VM", VM, PV_VM],
  ["the state of a VM", VM_STATE, HALTED_STATE],
  ["updates", UPDATES, '[[],[["Vm","7b719ce6"],["Vbd",["7b719ce6","xvda"]],["Task","12"]],47]'],
  ["a barrier", UPDATES, '[[[7,[["Vm","u"]]]],[],50]'],
  [
    "a pending task",
    TASK,
    '{"cancellable":true,"backtrace":"()","debug_info":{"cancel_points_seen":"9"},' +
      '"subtasks":{},"state":["Pending",0.25],"ctime":1700000000.5,"dbg":"client-1","id":"12"}',
  ],
  [
    "a failed task",
    TASK,
    '{"cancellable":true,"backtrace":"()","debug_info":{},"subtasks":{"a":["Completed",' +
      '{"result":{"rc":0},"duration":3.2}]},"state":["Failed",["Cancelled","12"]],' +
      '"ctime":0.5,"dbg":"","id":"12"}',
  ],
  ["a failure with null", TASK_STATE, '"Failed"'],
  ["all defaults of a VBD", VBD, DEFAULT_VBD],
  ["a position", VBD, DEFAULT_VBD.replace('"id"', '"position":["Xen",26,15],"id"')],
  ["a class of I/O", VBD, DEFAULT_VBD.replace('"extra_pri', `"qos":${IONICE},"extra_pri`)],
  ["all defaults of a VIF", VIF, DEFAULT_VIF],
  ["an error without payload", ERROR, '"Domain_not_built"'],
  ["an error with two", ERROR, '["Does_not_exist",["VM","missing/config"]]'],
  ["an error of 64 bits", ERROR, '["Cannot_free_this_much_memory",[9007199254740993,0]]'],
];

for (const [what, codec, text] of EXACT) {
  test(`a reader and writer keep ${what}`, () => {
    assert.equal(again(codec, text), text);
  });
}

test("W01: options that are absent are none, and null is refused", () => {
  const get = METHODS["UPDATES.get"].params;
  assert.deepEqual(read(get, '{"debug_info":"client-1"}'), { debug_info: "client-1" });
  assert.deepEqual(read(get, '{"timeout":30,"last_id":41,"debug_info":"d"}'), {
    debug_info: "d",
    last_id: 41,
    timeout: 30,
  });
  assert.throws(
    () => read(get, '{"timeout":null,"debug_info":"d"}'),
    /^RpcDecodeError|Cannot decode timeout as a whole number: current value is null$/,
  );
  assert.throws(() => read(VM, PV_VM.replace('"vcpus"', '"generation_id":null,"vcpus"')), /null$/);
});

test("W02: keys and tags are read without regard to case", () => {
  const text = PV_VM.replace('"vcpus":2', '"vCPUs":2').replace('"PV"', '"pv"');
  assert.equal(again(VM, text), PV_VM);
  assert.deepEqual(read(UPDATES, '[[],[["vM","u"]],1]'), [[], [["Vm", "u"]], 1]);
});

test("W03: keys that are not known are passed over at every level", () => {
  const text = PV_VM.replace('"vcpus":2', '"new":[1],"vcpus":2')
    .replace('"affinity"', '"new":{},"affinity"')
    .replace('"framebuffer"', '"new":null,"framebuffer"');
  assert.equal(again(VM, text), PV_VM);
});

test("W04: a default hides what is malformed, and nothing else does", () => {
  assert.equal(read(VM, PV_VM.replace('"Example"', "[5]")).name, "unnamed");
  assert.equal(again(VBD, '{"id":5,"position":"x","mode":"Sideways","qos":3}'), DEFAULT_VBD);
  assert.throws(
    () => read(VM, PV_VM.replace('"vcpus":2', '"vcpus":"two"')),
    /^RpcDecodeError|Cannot decode vcpus as a whole number: current value is "two"$/,
  );
  assert.throws(
    () => read(VM, PV_VM.replace('"vcpus":2,', "")),
    /vcpus .*current value is absent$/,
  );
});

test("W05: a list of pairs is an object, whose keys keep their order and may come twice", () => {
  const pairs = [
    ["b", "1"],
    ["a", "2"],
    ["b", "3"],
  ];
  assert.deepEqual(read(VM, PV_VM).platformdata, pairs);
  assert.throws(() => read(VM, PV_VM.replace('"xsdata":{"vm-data":""}', '"xsdata":[]')));
});

test("W06: whole numbers of 64 bits stay what they are, and may be decimal texts", () => {
  const text = PV_VM.replace(
    '"memory_static_max":134217728',
    '"memory_static_max":9007199254740993',
  );
  assert.equal(read(VM, text).memory_static_max, 9_007_199_254_740_993n);
  assert.equal(again(VM, text), text);
  assert.equal(again(VM, text.replace("9007199254740993", '"9007199254740993"')), text);
  assert.throws(() => read(VM, text.replace("9007199254740993", "9007199254740993.0")));
  assert.throws(() => read(VM, text.replace("9007199254740993", '"0x10"')));
  assert.throws(() => read(VM, PV_VM.replace('"ssidref":0', '"ssidref":2147483648')), /32 bits/);
});

test("W07: three types have a variant for tags that are not known", () => {
  const hvm = PV_VM.replace(/"ty":\["PV",.*?\}\]\}\]/, '"ty":["HVM",{"video":"Holographic"}]');
  const [tag, info] = read(VM, hvm).ty;
  assert.ok(tag === "HVM" && info.video === "Cirrus" && info.video_mib === 4);
  assert.equal(read(ERROR, '["Out_of_luck",[1,2,3]]').tag, "Unknown_error");
  assert.equal(read(VGPU, '{"implementation":["Quantum",{}]}').implementation, "Empty");
  assert.throws(() => read(VM, hvm.replace('"HVM"', '"WASM"')), /a builder_info, one of HVM, PV/);
  assert.throws(() => read(ERROR, '["Cancelled",5]'), /Cancelled as a text: current value is 5/);
});

test("an option within a tuple is a list of none or one", () => {
  const static4 = DEFAULT_VIF.replace(
    '"Unspecified4"',
    '["Static4",[["10.0.0.2/24"],["10.0.0.1"]]]',
  );
  assert.equal(again(VIF, static4), static4);
  assert.deepEqual(read(VIF, static4).ipv4_configuration, [
    "Static4",
    [["10.0.0.2/24"], "10.0.0.1"],
  ]);
  const open = static4.replace('["10.0.0.1"]', "[]");
  assert.equal(again(VIF, open), open);
  assert.equal(
    read(VIF, static4.replace('["10.0.0.1"]', '"10.0.0.1"')).ipv4_configuration,
    "Unspecified4",
  );
});

test("tuples have exactly their length", () => {
  assert.throws(() => read(UPDATES, "[[],[]]"), /a list of 3: current value is a list of 2/);
  assert.throws(() => read(UPDATES, "[[],[],1,2]"), /a list of 3/);
});

test("a variant without payload may have null, and nothing else", () => {
  assert.equal(
    read(VM_STATE, HALTED_STATE.replace('"Halted"', '["halted",null]')).power_state,
    "Halted",
  );
  assert.throws(() => read(VM_STATE, HALTED_STATE.replace('"Halted"', '["Halted",1]')));
  assert.throws(() => read(VM_STATE, HALTED_STATE.replace('"Halted"', '["Halted"]')));
});

test("metadata without lists has empty ones", () => {
  const metadata = read(METADATA, `{"vm":${PV_VM},"future":1,"vbds":7}`);
  assert.deepEqual([metadata.vbds, metadata.vusbs, metadata.domains], [[], [], undefined]);
  assert.throws(() => read(METADATA, "{}"), /vm as a VM: current value is absent/);
});

test("parameters are read with regard to case, the first of two counts", () => {
  const start = METHODS["VM.start"].params;
  const text = '{"paused":false,"id":"u","id":"v","debug_info":"client-1"}';
  assert.deepEqual(read(start, text), { debug_info: "client-1", id: "u", paused: false });
  assert.throws(() => read(start, text.replace('"paused"', '"Paused"')), /paused .*absent$/);
  assert.equal(again(start, text), text.replace('"id":"v",', ""));
});

test("METHODS has every method of the interface", () => {
  const names = Object.keys(METHODS) as MethodName[];
  const count = (prefix: string) => names.filter((name) => name.startsWith(prefix)).length;
  assert.deepEqual(
    ["Task.", "HOST.", "VM.", "VBD.", "VIF.", "PCI.", "VUSB.", "VGPU.", "UPDATES.", "DEBUG."].map(
      count,
    ),
    [5, 9, 31, 8, 13, 5, 6, 4, 5, 2],
  );
  assert.equal(names.length, 90);
  assert.equal(names.filter((name) => METHODS[name].task).length, 38);
});

test("XenopsError tells its tag and payload in one line", () => {
  const error = new XenopsError("Does_not_exist", ["VM", "x"]);
  assert.equal(error.message, 'Does_not_exist ["VM","x"]');
});
