/**
 * How a virtio device is reached: what each transport saves of itself, before the device.
 *
 * Source: QEMU, hw/virtio/virtio-pci.c, virtio_pci_save_config(); hw/pci/msix.c, msix_save();
 * hw/virtio/virtio-mmio.c, virtio_mmio_save_config(). PCI Local Bus 3.0, 6.7, for capabilities.
 *
 * @module
 */
import type { FieldBuilder } from "./field_builder.ts";

export interface Transport {
  /** Queues have an alignment that the driver chose. */
  readonly hasAlign: boolean;
  /** Reads its own state; answers whether queues have interrupt vectors. */
  readConfig(builder: FieldBuilder): boolean;
}

/** Octets of configuration space, conventional and of PCI Express. */
const CONFIG_SIZE = 256;
const EXTENDED_SIZE = 4096;
const STATUS = 0x06;
const STATUS_CAPABILITIES = 0x10;
const CAPABILITIES = 0x34;
const CAPABILITY_EXPRESS = 0x10;
const CAPABILITY_MSIX = 0x11;
/** Capabilities of four octets that fit behind the header; more are a loop. */
const CAPABILITIES_MAX = 48;

export const TRANSPORTS: Readonly<Record<"pci" | "mmio", Transport>> = {
  pci: { hasAlign: false, readConfig: readPci },
  mmio: {
    hasAlign: true,
    readConfig(builder) {
      builder.number("host_features_sel", "uint32");
      builder.number("guest_features_sel", "uint32");
      builder.number("guest_page_shift", "uint32");
      return false;
    },
  },
};

function readPci(builder: FieldBuilder): boolean {
  const { cursor } = builder;
  builder.number("version_id", "int32");
  // Its first part says how long it is.
  const head = cursor.view.octets.subarray(cursor.at, cursor.at + CONFIG_SIZE);
  const isExpress = capabilityAt(head, CAPABILITY_EXPRESS) !== undefined;
  builder.octets("pci_config", isExpress ? EXTENDED_SIZE : CONFIG_SIZE);
  builder.numbers("irq_state", "uint32", 4);
  const msix = capabilityAt(head, CAPABILITY_MSIX);
  if (msix === undefined) return false;
  const control = (head[msix + 2] as number) | ((head[msix + 3] as number) << 8);
  const vectors = (control & 0x7ff) + 1;
  builder.octets("msix_table", 16 * vectors);
  builder.octets("msix_pending", Math.ceil(vectors / 8));
  builder.number("config_vector", "uint16");
  return true;
}

/** Where the capability `id` is in configuration space. */
function capabilityAt(config: Uint8Array, id: number): number | undefined {
  if (config.length < CONFIG_SIZE) return undefined;
  if (((config[STATUS] as number) & STATUS_CAPABILITIES) === 0) return undefined;
  let at = config[CAPABILITIES] as number;
  for (let count = 0; count < CAPABILITIES_MAX && at !== 0; count++) {
    if (at > CONFIG_SIZE - 4) return undefined;
    if (config[at] === id) return at;
    at = config[at + 1] as number;
  }
  return undefined;
}
