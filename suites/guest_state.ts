/**
 * The guest's own persistent state: VMGS, firmware settings, clock and what its adapters told it.
 *
 * Method: settings are noted before the first save and compared after each restore. Files and
 * clocks are compared with what the guest itself keeps in mind, as it goes on changing them.
 *
 * @module
 */
import type { GuestState } from "../harness/facets/guest_state.ts";
import { check, type Scenario, scenario, suite } from "../harness/mod.ts";

const SERVICING = "openvmm, underhill_core/src/servicing.rs";

/** What it means that a release does not know a setting. */
type Unknown = "lost" | "nothing";

/**
 * The claim that settings whose name ends in `suffix` stay, and stay as they are. One that the
 * other side does not know is lost, unless nothing depends on it there.
 */
function kept(
  name: string,
  suffix: string,
  must: string,
  source: string,
  unknown: Unknown = "lost",
): Scenario {
  return scenario({
    name,
    must,
    source,
    needs: ["guestState"],
    before: ({ guestState }) => new Map(settingsOf(guestState, suffix)),
    after({ guestState }, noted) {
      const now = guestState.settings();
      for (const [setting, was] of noted) {
        const is = now.get(setting);
        if (is === undefined && unknown === "nothing") continue;
        check(is !== undefined, `${setting} is lost`);
        check(is === was, `${setting} was ${was}, is ${is}`);
      }
      // What a later hop shows for the first time must stay from there on.
      return new Map([...noted, ...settingsOf(guestState, suffix)]);
    },
  });
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  if (left === right) return true;
  return left.length === right.length && left.every((octet, at) => octet === right[at]);
}

function settingsOf(guestState: GuestState, suffix: string): [string, string][] {
  return [...guestState.settings()].filter(([setting]) => setting.endsWith(suffix));
}

export default suite("guest-state", [
  scenario({
    name: "vmgs/is-taken-over",
    must: "The open VMGS file is taken over from the saved state and not opened from disk again",
    source: `${SERVICING}, ServicingInitState.vmgs`,
    needs: ["guestState"],
    when: { lifetime: "Default" },
    after({ guestState }) {
      check(guestState.source() === "saved", `VMGS comes from ${guestState.source()}`);
    },
  }),

  scenario({
    name: "vmgs/ephemeral-has-none",
    must: "Ephemeral guest state has no VMGS file, before or after servicing",
    source: "openvmm, get_protocol/src/lib.rs, GuestStateLifetime",
    needs: ["guestState"],
    when: { lifetime: "Ephemeral" },
    before: ({ guestState }) => guestState.source(),
    after({ guestState }, before) {
      check(before === "none", `VMGS came from ${before} at the first boot`);
      check(guestState.source() === "none", `VMGS comes from ${guestState.source()}`);
    },
  }),

  kept(
    "vmgs/keeps-its-origin",
    "vmgs.reprovisioned",
    "The marker that VMGS has been reset stays, so that it is not reset again",
    "openvmm, vmgs/src/vmgs_impl.rs, SavedVmgsState.reprovisioned; pull 2126",
  ),

  scenario({
    name: "vmgs/keeps-its-files",
    must: "Every file of the persistent guest state has the content that was last written to it",
    source: "openvmm, vmgs/src/vmgs_impl.rs, open_from_saved: the state must match the disk",
    needs: ["recall"],
    when: { lifetime: "Default" },
    after({ recall }) {
      const now = recall.found()?.files;
      for (const [id, was] of recall.knew()?.files ?? []) {
        const is = now?.get(id);
        check(is !== undefined, `file ${id} is gone`);
        check(same(was, is), `file ${id} has other content`);
      }
      const refused = recall.refused().find((text) => text.startsWith("file "));
      check(refused === undefined, `${refused} has not the content that was just written to it`);
    },
  }),

  scenario({
    name: "vmgs/agrees-with-the-disk",
    must: "What is known of the open VMGS file is what stands on its disk",
    source: "openvmm, vmgs/src/vmgs_impl.rs, open_from_saved: the state must match the disk",
    needs: ["guestState"],
    after({ guestState }) {
      const disagreement = guestState.disagreement();
      check(disagreement === null, `${disagreement}`);
    },
  }),

  scenario({
    name: "clock/goes-on",
    must: "The guest's clock goes on by the time that has passed outside, not more and never back",
    source: "openvmm, underhill_core/src/emuplat/local_clock.rs: an offset to the host's time",
    needs: ["recall"],
    after({ recall }) {
      const [was, is] = [recall.knew()?.clock, recall.found()?.clock];
      if (was === undefined || is === undefined) return;
      const passed = is.hostMillis - was.hostMillis;
      const went = is.localMillis - was.localMillis;
      check(went === passed, `the clock went on by ${went} ms in ${passed} ms`);
    },
  }),

  scenario({
    name: "clock/machine-time-does-not-go-back",
    must: "The machine's own time goes on from where it was stopped",
    source: "openvmm, vmcore/src/vmtime.rs",
    needs: ["recall"],
    after({ recall }) {
      const [was, is] = [recall.knew()?.clock.vmTime, recall.found()?.clock.vmTime];
      if (was === undefined || is === undefined) return;
      check(is >= was, `time was ${was}, is ${is}`);
    },
  }),

  kept(
    "clock/keeps-its-offset",
    "clock.offset_ms",
    "The guest's clock has the same offset from the host's as before",
    `${SERVICING}, EmuplatSavedState.rtc_local_clock`,
  ),

  kept(
    "firmware/keeps-its-phase",
    "firmware.runtime_state",
    "Firmware whose boot phase is over does not go back to it",
    "openvmm, firmware_uefi/src/service/nvram/spec_services, runtime_state",
  ),

  kept(
    "firmware/keeps-its-log-level",
    "firmware.log_level",
    "Firmware whose log has a level logs at the one that it had before",
    "openvmm, firmware_uefi/src/service/diagnostics/mod.rs, log_level",
    "nothing",
  ),

  scenario({
    name: "firmware/still-logs",
    must: "Firmware that logs after a boot logs after servicing: its level does not become zero",
    source: "openvmm, firmware_uefi/src/service/diagnostics/mod.rs, log_level",
    needs: ["guestState"],
    after({ guestState }) {
      const level = guestState.settings().get("firmware.log_level");
      check(level === undefined || Number(level) !== 0, `the log level is ${level}`);
    },
  }),

  kept(
    "hibernation/keeps-its-token",
    "hibernate.token",
    "The hibernation token that was taken from VMGS is not lost",
    `${SERVICING}, HibernateSavedState; pull 4235: servicing persistence`,
  ),

  kept(
    "network/keeps-its-packet-filter",
    ".packet_filter",
    "A network adapter filters packets as the guest has set it",
    "openvmm, netvsp/src/saved_state.rs, ReadyPrimary.packet_filter",
  ),

  kept(
    "network/keeps-the-vf-serial-number",
    ".advertised_vf_serial_number",
    "A network adapter remembers which accelerated function it has advertised to the guest",
    "openvmm, netvsp/src/saved_state.rs, ReadyPrimary.advertised_vf_serial_number; pull 3698",
  ),
]);
