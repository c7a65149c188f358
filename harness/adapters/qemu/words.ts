/**
 * What QEMU says when it does not take a machine, in its own words, and the class of it.
 *
 * Sources: QEMU, migration/savevm.c, migration/vmstate.c, migration/ram.c, hw/pci/pci.c,
 * hw/virtio/virtio.c, system/vl.c.
 *
 * @module
 */

/** Characters of its words that go into a reason; a line of QEMU has less than 300. */
const WORDS_LENGTH_MAX = 600;

const NOISE = /is deprecated|has no peer|warning:|^\s*$/i;
/** Folders of ours, which are called otherwise each time. */
const FOLDER = /\S*\/freezethaw-(?:machine|qemu)-[^/\s]+\//g;
/** What a terminal would obey. */
const CONTROL = /\p{Cc}/gu;
const PREFIX = /^(?:\S*\/)?(?:qemu-system-x86_64|qemu): /;
/** The device that a line speaks of, when a class has no own way to tell. */
const DEVICE = /error while loading state for instance 0x\w+ of device '([^']+)'/;

/** The first that matches is the class; a group `device` names the device. */
const CLASSES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["unmigratable", /State blocked by non-migratable device '(?<device>[^']+)'/],
  ["unmigratable", /Migration is disabled when using feature '[^']+' in device '(?<device>[^']+)'/],
  ["unmigratable", /(?:Migration|migration) (?:is )?(?:disabled|not supported|blocked)/],
  ["too-new", /unsupported version \d+ for '(?<device>[^']+)' v\d+/],
  ["unknown-section", /Unknown savevm section or instance '(?<device>[^']+)' \d+/],
  ["unknown-section", /Unknown ramblock "(?<device>[^"]+)"/],
  ["size", /(?:Size|Length) mismatch: (?<device>.+?): 0x\w+ (?:in )?!= 0x\w+/],
  ["command", /CMD_\w+ in wrong postcopy state/],
  ["command", /MIG_CMD 0x\w+ unknown|Unknown combination of migration flags/],
  ["validation", /VQ \d+ (?:vring\.num \d+ exceeds|size 0x\w+ (?:Guest|<))|exceeds allocated max/],
  ["validation", /Bad config data|Features 0x\w+ unsupported|get_pci_config_device/],
  ["validation", /Machine type received is '[^']+' and local is/],
  ["field", /Failed to load (?!element)[^:]+:.+|Failed to load element of type/],
  ["layout", /Missing section footer for (?<device>[^\s;]+)|Read section footer failed/],
  ["absent", /'(?<device>[^']+)' is not a valid device model name/],
  ["absent", /Property '(?<device>[^']+)' not found|unsupported machine type/],
  ["absent", /Parameter 'capability' does not accept value '(?<device>[^']+)'/],
  ["absent", /^Invalid parameter '(?<device>[^']+)'$/],
  [
    "absent",
    /invalid accelerator|No machine specified|invalid option|Parameter '\w+' (?:is un|expects)/,
  ],
  ["field", /error while loading state|load of migration failed/],
];

/** Its words on one line, without warnings and without its name. */
export function cleaned(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.replace(CONTROL, "?").trim().replace(PREFIX, "").replace(FOLDER, ""))
    .filter((line) => !NOISE.test(line));
  const text = lines.join("; ") || "it said nothing";
  return text.length <= WORDS_LENGTH_MAX ? text : `${text.slice(0, WORDS_LENGTH_MAX)} ...`;
}

/** Class, device and words as the beginning of a reason: `layout of mc146818rtc: Missing ...`. */
export function classified(words: string): string {
  const found = CLASSES.map(([name, pattern]) => ({ name, match: pattern.exec(words) })).find(
    ({ match }) => match !== null,
  );
  if (found === undefined) return `unclassified: ${words}`;
  const device = DEVICE.exec(words)?.[1] ?? found.match?.groups?.device;
  return `${found.name}${device === undefined ? "" : ` of ${device}`}: ${words}`;
}

/** Whether `words` say that it declined, in place of having broken. */
export function declines(words: string): boolean {
  return CLASSES.some(([, pattern]) => pattern.test(words));
}

/** What who loads says when it only knows that nobody sends any more; 11.1 says more of it. */
const CUT_OFF =
  /^\S+ load of migration failed: Input\/output error(?:: .*Unable to read from socket: .*)?$/;

/** Whether the words of a class only say that the other end is gone, which knows why. */
export function isCutOff(classifiedWords: string): boolean {
  return CUT_OFF.test(classifiedWords);
}
