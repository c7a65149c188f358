/**
 * Mutations of the formats: the codec, and the history of the messages.
 *
 * @module
 */
import type { Mutation } from "./mutation.ts";

const NVME_KEPT =
  "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme request=nvme";

const PLAIN =
  "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=none request=none";

/** A machine whose platform has a list with gaps. */
const LEGACY = PLAIN.replace("devices=none", "devices=relay");

export const FORMAT_MUTATIONS: readonly Mutation[] = [
  // The codec.
  {
    name: "zero-in-an-option-is-left-out",
    file: "src/mesh/encoder_source.ts",
    find: "return inSequence ? write : `if",
    replace: "return `if",
    scenario: "nvme-keepalive/restore/sends-no-second-aer",
    condition: NVME_KEPT,
  },
  {
    name: "empty-message-in-an-option-is-left-out",
    file: "src/mesh/encoder_source.ts",
    find: "const guarded = inSequence ? head : `if",
    replace: "const guarded = `if",
    scenario: "state-units/content/is-kept",
    condition: LEGACY,
  },
  {
    name: "lists-are-read-backwards",
    file: "src/mesh/decoder_cases.ts",
    find: ".push(item);",
    replace: ".unshift(item);",
    scenario: "nvme-keepalive/namespaces/are-the-same",
    condition: NVME_KEPT,
  },
  {
    name: "zigzag-is-written-without-sign",
    file: "src/mesh/writer.ts",
    find: "(value << 1n) ^ (value >> 63n)",
    replace: "value << 1n",
    scenario: "guest-state/clock/keeps-its-offset",
    condition: PLAIN,
  },
  {
    name: "zigzag-is-read-without-sign",
    file: "src/mesh/reader.ts",
    find: "return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));",
    replace: "return value >> 1n;",
    scenario: "guest-state/clock/keeps-its-offset",
    condition:
      "openhcl@2411[host,privatepool]>main[host,privatepool] " + "devices=none request=none",
  },
  {
    name: "u64-is-written-without-high-half",
    file: "src/mesh/writer.ts",
    find: "this.varint64(near >>> 0, (near / 2 ** 32) >>> 0)",
    replace: "this.varint64(near >>> 0, 0)",
    scenario: "dma-pool/ranges/stay",
    condition: NVME_KEPT,
  },
  {
    name: "u16-is-read-as-an-octet",
    file: "src/mesh/form.ts",
    find: '"r.uint32(END) & 65535"',
    replace: '"r.uint32(END) & 255"',
    scenario: "oracle/correlation-id-kept",
    condition: PLAIN,
  },
  {
    name: "bool-is-written-as-zero",
    file: "src/mesh/writer.ts",
    find: "this.octet(value ? 1 : 0);",
    replace: "this.octet(0);",
    scenario: "oracle/lazy-restore",
    condition: NVME_KEPT,
  },
  {
    name: "packed-list-is-read-to-its-first-element",
    file: "src/mesh/decoder_cases.ts",
    find: "const each = `while (r.pos",
    replace: "const each = `if (r.pos",
    scenario: "vmbus-relay/gpadls/stay",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme request=none",
  },
  {
    name: "struct-of-other-size-is-demanded",
    file: "src/mesh/decoder_cases.ts",
    find: "exactly(slot, bare.length, REASON.structSize)",
    replace: "exactly(slot, bare.length + 1, REASON.structSize)",
    scenario: "nvme-keepalive/namespaces/are-the-same",
    condition: NVME_KEPT,
  },
  {
    name: "absent-field-is-read-as-empty",
    file: "src/mesh/decoder_source.ts",
    find: "    if (reason !== undefined) {\n",
    replace:
      '    if (reason === REASON.missingField) return slot + " = [];";\n' +
      "    if (reason !== undefined) {\n",
    scenario: "oracle/decodes-with-reader-schema",
    condition:
      "openhcl@main[host,privatepool]>2505[host,privatepool] " +
      "devices=none request=none lifetime=Ephemeral",
  },
  {
    name: "unknown-field-is-refused",
    file: "src/mesh/reader.ts",
    find: "if (field === undefined) return;",
    replace: 'if (field === undefined) this.fail("unknown field");',
    scenario: "oracle/decodes-with-reader-schema",
    condition:
      "openhcl@main[host,privatepool]>2505[host,privatepool] " + "devices=none request=none",
  },
  {
    name: "codec-is-shared-by-all-releases",
    file: "src/mesh/codec.ts",
    find: "codecs.get(release) ?? compile(",
    replace: "codecs.values().next().value ?? compile(",
    scenario: "vmbus-relay/messages/pending-are-delivered-once",
    condition:
      "openhcl@2505[host,privatepool]>2505[host,privatepool] " +
      "devices=none request=none point=answers:pending",
  },

  // The schemas.
  {
    name: "last-release-of-a-field-lacks-it",
    file: "src/schema/history.ts",
    find: "return since <= at && at <= until;",
    replace: "return since <= at && at < until;",
    scenario: "oracle/field-evolution",
    condition:
      "openhcl@2505[host,privatepool]>main[host,privatepool] " + "devices=none request=none",
  },
  {
    name: "vmgs-may-be-absent-in-2505",
    file: "src/openhcl_state/servicing.ts",
    find:
      '      until: "2505",\n' +
      "    }),\n" +
      "    /** The same, or `null` for ephemeral guest state. */\n" +
      '    field(6, "vmgs", option(tuple(nested(SavedVmgsState), ' +
      "nested(SavedBlockStorageMetadata))), {\n" +
      '      since: "1.7.2511",',
    replace:
      '      until: "2411",\n' +
      "    }),\n" +
      '    field(6, "vmgs", option(tuple(nested(SavedVmgsState), ' +
      "nested(SavedBlockStorageMetadata))), {\n" +
      '      since: "2505",',
    scenario: "oracle/decodes-with-reader-schema",
    condition:
      "openhcl@main[host,privatepool]>2505[host,privatepool] " +
      "devices=none request=none lifetime=Ephemeral",
  },
  {
    name: "mana-state-is-unknown-to-2511",
    file: "src/openhcl_state/servicing.ts",
    find:
      'field(10003, "mana_state", option(vec(nested(ManaSavedState))), { since: ' + '"1.7.2511" })',
    replace:
      'field(10003, "mana_state", option(vec(nested(ManaSavedState))), { since: ' + '"1.8.2607" })',
    scenario: "mana/keepalive/takes-over",
    condition:
      "openhcl@1.7.2511[host,privatepool]>1.7.2511[host,privatepool] " +
      "devices=nvme+mana request=nvme+mana",
  },
  {
    name: "hibernation-token-is-unknown-to-2607",
    file: "src/openhcl_state/servicing.ts",
    find: 'field(8, "hibernate", option(nested(HibernateSavedState)), { since: "1.8.2607" })',
    replace: 'field(8, "hibernate", option(nested(HibernateSavedState)), { since: "main" })',
    scenario: "guest-state/hibernation/keeps-its-token",
    condition:
      "openhcl@1.8.2607[host,privatepool]>1.8.2607[host,privatepool] " +
      "devices=none request=none",
  },
  {
    name: "adapter-index-is-unknown-to-2607",
    file: "src/openhcl_state/servicing.ts",
    find: "nested(NetworkAdapterIndexSavedState))), {\n" + '      since: "1.8.2607",',
    replace: "nested(NetworkAdapterIndexSavedState))), {\n" + '      since: "main",',
    scenario: "mana/adapters/keep-their-index",
    condition:
      "openhcl@1.8.2607[host,privatepool]>1.8.2607[host,privatepool] " +
      "devices=nvme+mana request=none",
  },
  {
    name: "event-handler-is-unknown-to-2511",
    file: "src/openhcl_state/nvme_driver.ts",
    find: 'field(4, "aer_handler", option(nested(AerHandlerSavedState)), { since: "1.7.2511" })',
    replace: 'field(4, "aer_handler", option(nested(AerHandlerSavedState)), { since: "main" })',
    scenario: "nvme-keepalive/restore/sends-no-second-aer",
    condition:
      "openhcl@1.7.2511[host,privatepool]>1.7.2511[host,privatepool] " +
      "devices=nvme request=nvme",
  },
  {
    name: "lazy-restore-is-unknown-to-2607",
    file: "src/openhcl_state/nvme_driver.ts",
    find: 'field(5, "allow_lazy_restore", option(bool), { since: "1.8.2607" })',
    replace: 'field(5, "allow_lazy_restore", option(bool), { since: "main" })',
    scenario: "oracle/lazy-restore",
    condition:
      "openhcl@1.8.2607[host,privatepool]>main[host,privatepool] " + "devices=nvme request=nvme",
  },
  {
    name: "log-level-is-unknown-to-2511",
    file: "src/openhcl_state/firmware.ts",
    find: 'field(3, "log_level", u32, { since: "1.7.2511" })',
    replace: 'field(3, "log_level", u32, { since: "1.8.2607" })',
    scenario: "guest-state/firmware/keeps-its-log-level",
    condition:
      "openhcl@1.7.2511[host,privatepool]>1.7.2511[host,privatepool] " +
      "devices=none request=none",
  },
  {
    name: "packet-filter-is-unknown-to-2505",
    file: "src/openhcl_state/netvsp.ts",
    find: 'field(16, "packet_filter", option(u32), { since: "2505" })',
    replace: 'field(16, "packet_filter", option(u32), { since: "1.7.2511" })',
    scenario: "guest-state/network/keeps-its-packet-filter",
    condition:
      "openhcl@2505[host,privatepool]>2505[host,privatepool] " + "devices=nvme+mana request=none",
  },
];
