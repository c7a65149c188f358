/**
 * Mutations of the state units that a guest programs: chipset, firmware and its variables, VMGS,
 * platform, processors, and the hardware channel of MANA.
 *
 * @module
 */
import type { Mutation } from "./mutation.ts";

const PLAIN = "openhcl@main[host,privatepool]>main[host,privatepool] devices=none request=none";

const EPHEMERAL = `${PLAIN} lifetime=Ephemeral`;

const MESSAGE = `${PLAIN} point=answers:pending`;

const SHORTENED = `${PLAIN} fault=variable:shortened:after`;

const LEGACY = PLAIN.replace("devices=none", "devices=relay");

const RESET = PLAIN.replace("devices=none", "devices=nvme+mana");

const KEPT = RESET.replace("request=none", "request=nvme+mana");

export const UNIT_MUTATIONS: readonly Mutation[] = [
  // Emulated devices.
  {
    name: "base-addresses-have-a-new-number-in-1-7",
    file: "src/openhcl_state/pci.ts",
    find: 'field(2, "base_addresses", array(u32, 6)),',
    replace:
      'field(2, "base_addresses", array(u32, 6), { until: "2505" }), ' +
      'field(32, "base_addresses", array(u32, 6), { since: "1.7.2511" }),',
    scenario: "upgrade-principles/restore/understands-every-version",
    condition: LEGACY.replace("@main", "@2505"),
  },
  {
    name: "command-register-is-not-restored",
    file: "src/chipset/pci_config.ts",
    find: "    command,\n    baseAddresses: base_addresses,",
    replace: "    command: 0,\n    baseAddresses: base_addresses,",
    scenario: "state-units/content/is-kept",
    condition: LEGACY,
  },
  {
    name: "interrupt-line-is-not-saved",
    file: "src/chipset/pci_config.ts",
    find: "interrupt_line: interruptLine,",
    replace: "interrupt_line: 0,",
    scenario: "chipset/registers/read-back",
    condition: LEGACY,
  },
  {
    name: "acpi-ports-are-switched-off",
    file: "src/chipset/piix4_pm.ts",
    find: "({ ...saved, cfg_space: restorePciConfig(saved.cfg_space) })",
    replace: "({ ...saved, cfg_space: restorePciConfig(saved.cfg_space), base_io_enable: false })",
    scenario: "chipset/registers/read-back",
    condition: LEGACY,
  },
  {
    name: "redirection-entries-are-masked",
    file: "src/chipset/ioapic.ts",
    find: "=== ENTRIES) return saved;",
    replace: "=== ENTRIES) return IO_APIC.powerOn;",
    scenario: "chipset/registers/read-back",
    condition: PLAIN,
  },
  {
    name: "certificate-of-the-tpm-is-not-renewed",
    file: "src/chipset/tpm.ts",
    find: "allow_ak_cert_renewal: allowed ?? false,",
    replace: "allow_ak_cert_renewal: false,",
    scenario: "chipset/registers/read-back",
    condition: PLAIN,
  },
  {
    name: "devices-come-back-at-power-on",
    file: "src/openhcl/chipset_unit.ts",
    find: "    this.#goTo(this.#device.unpack(this.#release, blob));\n",
    replace: "    this.#device.unpack(this.#release, blob);\n",
    scenario: "state-units/content/is-kept",
    condition: PLAIN,
  },
  {
    name: "clock-of-pcat-has-another-name",
    file: "src/chipset/cmos_rtc.ts",
    find: 'unit: "piix4-rtc"',
    replace: 'unit: "rtc"',
    scenario: "oracle/state-units-complete",
    condition: LEGACY,
  },

  // Firmware and its variables.
  {
    name: "no-word-on-variables-means-none",
    file: "src/openhcl/nvram.ts",
    find: "return saved?.nvram ?? null;",
    replace: "return saved?.nvram ?? [];",
    scenario: "firmware/variables/are-kept",
    condition: PLAIN.replace("@main", "@2411"),
  },
  {
    name: "variables-are-not-saved",
    file: "src/openhcl/uefi_unit.ts",
    find: "withStorage(state, [...variables])",
    replace: "withStorage(state, variables.slice(1))",
    scenario: "firmware/variables/are-kept",
    condition: PLAIN,
  },
  {
    name: "variables-stay-in-memory",
    file: "src/openhcl/nvram.ts",
    find: "    this.#vmgs.write(FILE.biosNvram, file);\n",
    replace: "",
    scenario: "firmware/variables/are-kept",
    condition: PLAIN.replace("@main", "@2411"),
  },
  {
    name: "there-is-no-room-for-variables",
    file: "src/openhcl/nvram.ts",
    find: "octets <= FILE_OCTETS_MAX;",
    replace: "octets > FILE_OCTETS_MAX;",
    scenario: "firmware/variables/can-be-changed",
    condition: PLAIN,
  },
  {
    name: "room-for-variables-is-signed",
    file: "src/openhcl/nvram.ts",
    find: "const wraps = octets < 0;",
    replace: "const wraps = false;",
    scenario: "firmware/variables/can-be-shortened",
    condition: SHORTENED,
  },

  // VMGS.
  {
    name: "header-of-vmgs-falls-behind",
    file: "src/openhcl/vmgs.ts",
    find: "disk.writeHeader(this.#headerIndex, this.#sequence,",
    replace: "disk.writeHeader(this.#headerIndex, this.#sequence + 1,",
    scenario: "guest-state/vmgs/agrees-with-the-disk",
    condition: PLAIN,
  },
  {
    name: "last-file-of-vmgs-is-forgotten",
    file: "src/openhcl/vmgs.ts",
    find: 'new Vmgs("saved", disk, state, metadata)',
    replace: 'new Vmgs("saved", disk, { ...state, fcbs: state.fcbs.slice(0, -1) }, metadata)',
    scenario: "guest-state/vmgs/keeps-its-files",
    condition: PLAIN,
  },
  {
    name: "files-of-vmgs-lie-over-each-other",
    file: "src/openhcl/vmgs.ts",
    find: "for (let end = endOfOverlap(files, taken, offset, blocks); end > 0; ) {",
    replace: "for (let end = 0; end > 0; ) {",
    scenario: "guest-state/vmgs/keeps-its-files",
    condition: PLAIN,
  },

  // The platform and its clocks.
  {
    name: "clock-of-the-guest-is-the-host-s",
    file: "src/openhcl/local_clock.ts",
    find: "saved ? Number(saved.offset_from_host_time_millis) : storedOffset(vmgs)",
    replace: "storedOffset(vmgs)",
    scenario: "guest-state/clock/goes-on",
    condition: EPHEMERAL,
  },
  {
    name: "clock-of-the-guest-is-never-behind",
    file: "src/openhcl/local_clock.ts",
    find: "Math.max(offsetMillis, OFFSET_MIN_MILLIS)",
    replace: "Math.max(offsetMillis, 0)",
    scenario: "guest-state/clock/keeps-its-offset",
    condition: PLAIN,
  },
  {
    name: "machine-time-begins-anew",
    file: "src/openhcl/vm_time.ts",
    find: "set: ({ vmtime }) => time.set(vmtime),",
    replace: "set: () => time.set(0n),",
    scenario: "guest-state/clock/machine-time-does-not-go-back",
    condition: PLAIN,
  },
  {
    name: "shadowed-ranges-are-not-saved",
    file: "src/openhcl/emuplat.ts",
    find: "gpaRanges?.save() ?? null",
    replace: "null",
    scenario: "chipset/bios-area/can-be-shadowed",
    condition: LEGACY,
  },

  {
    name: "registers-of-the-bios-area-are-cleared",
    file: "src/chipset/i440bx.ts",
    find: "restore: (saved) => ({ ...saved,",
    replace: "restore: (saved) => ({ ...saved, pam_reg2: 0,",
    scenario: "chipset/bios-area/stays-shadowed",
    condition: LEGACY,
  },

  // Processors.
  {
    name: "only-the-first-processor-is-restored",
    file: "src/openhcl/partition_unit.ts",
    find: "vps.map(({ data }) => unpacked(data))",
    replace: "vps.slice(0, 1).map(({ data }) => unpacked(data))",
    scenario: "chipset/processors/keep-their-registers",
    condition: PLAIN,
  },
  {
    name: "crash-registers-are-cleared",
    file: "src/openhcl/processor.ts",
    find: "crash_reg: crash_reg ?? NO_CRASH,",
    replace: "crash_reg: NO_CRASH,",
    scenario: "chipset/processors/keep-their-crash-registers",
    condition: PLAIN,
  },
  {
    name: "messages-that-wait-are-dropped",
    file: "src/openhcl/processor.ts",
    find: "per_vtl?.[0]?.message_queue.queues ?? NO_MESSAGES",
    replace: "NO_MESSAGES",
    scenario: "chipset/processors/keep-messages-that-wait",
    condition: MESSAGE,
  },

  // Network adapters and their channel.
  {
    name: "packets-go-to-openhcl-again",
    file: "src/openhcl/network_adapter.ts",
    find: "      adapter.directionToVtl0 = state.direction_to_vtl0;\n",
    replace: "",
    scenario: "mana/adapters/pass-packets",
    condition: RESET,
  },
  {
    name: "adapters-are-numbered-as-they-come",
    file: "src/openhcl/network_adapter.ts",
    find: "known?.adapter_index ?? numbers(next++)",
    replace: "numbers(next++)",
    scenario: "mana/adapters/keep-their-index",
    condition: RESET,
  },
  {
    name: "hardware-is-not-told-its-number",
    file: "src/openhcl/mana.ts",
    find: "this.hardware.setSerial(adapter.index);",
    replace: "",
    scenario: "mana/adapters/have-the-number-of-the-hardware",
    condition: KEPT,
  },
  {
    name: "restored-channel-sends-from-the-start",
    file: "src/openhcl/mana_channel.ts",
    find: "sendTail: sq.tail,",
    replace: "sendTail: 0,",
    scenario: "mana/keepalive/takes-over",
    condition: KEPT,
  },
  {
    name: "changes-of-the-link-are-not-saved",
    file: "src/openhcl/mana_channel.ts",
    find: "link_toggle: [...this.#linkToggle],",
    replace: "link_toggle: [],",
    scenario: "mana/keepalive/tells-of-the-link",
    condition: KEPT,
  },
  {
    name: "restored-adapter-sets-up-its-channel-anew",
    file: "src/openhcl/mana.ts",
    find: "    const channel = ManaChannel.restore(hardware, memory, gdma, env);\n",
    replace:
      "    const channel = ManaChannel.establish(hardware, memory, " +
      "client.parameters.deviceName, env);\n",
    scenario: "mana/keepalive/channel-goes-on",
    condition: KEPT,
  },
];
