/**
 * What each leaf does.
 *
 * @module
 */
import { delay, runHook, runScript, shutDownGuest } from "./blocking_leaves.ts";
import { plugDevice, setActive, setVif, startVgpu, unplugDevice } from "./device_leaves.ts";
import {
  createDeviceModel,
  destroyDeviceModel,
  setMarker,
  setXsdata,
  softReboot,
} from "./device_model.ts";
import type { Result } from "./engine.ts";
import { requestRdp, resumeFast } from "./guest_requests.ts";
import { restoreDomain, saveDomain } from "./image_leaves.ts";
import type { DeviceLeaf, Leaf, VmLeaf } from "./operation.ts";
import { renameVm } from "./rename_vm.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { plugVbd, unplugVbd } from "./vbd_leaves.ts";
import { beginEpoch, eject, endEpoch, insert } from "./vbd_media.ts";
import { pause, setMemoryRange, setShadow, setVcpus, unpause } from "./vm_changes.ts";
import { buildDomain, createDomain, destroyDomain } from "./vm_leaves.ts";

/** Some are done at once, others have parts that can be struck. */
type Body = Run<Result> | Result;

/** All effects of the leaf. */
export function bodyOf(site: Site, leaf: Leaf): Body {
  return "dev" in leaf ? deviceBody(site, leaf) : vmBody(site, leaf);
}

function vmBody(site: Site, leaf: VmLeaf): Body {
  const { vm } = leaf;
  switch (leaf.a) {
    case "VM_hook_script":
      return runHook(site, leaf.hook, leaf.reason);
    case "VM_create":
      return createDomain(site, vm, leaf.resume);
    case "VM_build":
      return buildDomain(site, vm);
    case "VM_create_device_model":
      return createDeviceModel(site, vm, leaf.saveState);
    case "VM_destroy_device_model":
      return destroyDeviceModel(site, vm);
    case "VM_destroy":
      return destroyDomain(site, vm);
    case "VM_pause":
      return pause(site, vm);
    case "VM_unpause":
      return unpause(site, vm);
    case "VM_set_domain_action_request":
      return setMarker(site, vm, leaf.request);
    case "VM_shutdown_domain":
      return shutDownGuest(site, vm, leaf.reason);
    case "VM_delay":
      return delay(site, leaf.seconds);
    case "VM_set_xsdata":
      return setXsdata(site, vm, leaf.xsdata);
    case "VM_set_vcpus":
      return setVcpus(site, vm, leaf.vcpus);
    case "VM_set_shadow_multiplier":
      return setShadow(site, vm, leaf.multiplier);
    case "VM_set_memory_dynamic_range":
      return setMemoryRange(site, vm, leaf.minimum, leaf.maximum);
    case "VM_run_script":
      return runScript(site, vm);
    case "VM_softreboot":
      return softReboot(site, vm);
    case "VM_save":
      return saveDomain(site, vm, leaf.disk);
    case "VM_restore":
      return restoreDomain(site, vm, leaf.disk);
    case "VM_rename":
      return renameVm(site, vm, leaf.to);
    case "VM_request_rdp":
      return requestRdp(site, vm);
    case "VM_s3suspend":
      return pause(site, vm);
    case "VM_s3resume":
      return unpause(site, vm);
    case "VM_fast_resume":
      return resumeFast(site, vm);
    case "PCI_dequarantine":
      return;
  }
}

function deviceBody(site: Site, leaf: DeviceLeaf): Body {
  const { vm, dev } = leaf;
  switch (leaf.a) {
    case "VBD_set_active":
      return setActive(site, "vbd", vm, dev, leaf.active);
    case "VIF_set_active":
      return setActive(site, "vif", vm, dev, leaf.active);
    case "VGPU_set_active":
      return setActive(site, "vgpu", vm, dev, leaf.active);
    case "VBD_epoch_begin":
      return beginEpoch(site, vm, dev);
    case "VBD_epoch_end":
      return endEpoch(site, vm, dev);
    case "VBD_plug":
      return plugVbd(site, vm, dev);
    case "VBD_unplug":
      return unplugVbd(site, vm, dev);
    case "VBD_insert":
      return insert(site, vm, dev, leaf.disk);
    case "VBD_eject":
      return eject(site, vm, dev);
    case "VIF_plug":
      return plugDevice(site, "vif", vm, dev);
    case "VIF_unplug":
      return unplugDevice(site, "vif", vm, dev);
    case "PCI_plug":
      return plugDevice(site, "pci", vm, dev);
    case "PCI_unplug":
      return unplugDevice(site, "pci", vm, dev);
    case "VUSB_plug":
      return plugDevice(site, "vusb", vm, dev);
    case "VUSB_unplug":
      return unplugDevice(site, "vusb", vm, dev);
    case "VGPU_start":
      return startVgpu(site, vm, dev);
    case "VIF_move":
      return setVif(site, vm, dev, { backend: leaf.network });
    case "VIF_set_carrier":
      return setVif(site, vm, dev, { carrier: leaf.carrier });
    case "VIF_set_locking_mode":
      return setVif(site, vm, dev, { locking_mode: leaf.mode });
    case "VIF_set_ipv4_configuration":
      return setVif(site, vm, dev, { ipv4_configuration: leaf.configuration });
    case "VIF_set_ipv6_configuration":
      return setVif(site, vm, dev, { ipv6_configuration: leaf.configuration });
    case "VIF_set_pvs_proxy":
      return setVif(site, vm, dev, { pvs_proxy: leaf.proxy });
    case "VIF_set_trunks":
      return setVif(site, vm, dev, { trunks: leaf.trunks });
  }
}
