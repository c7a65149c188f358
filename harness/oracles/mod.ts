/**
 * Every oracle, in the order of a servicing operation.
 *
 * @module
 */
import type { Oracle } from "../oracle.ts";
import { allOrNothing } from "./all_or_nothing.ts";
import { busVersion } from "./bus_version.ts";
import { correlationIdKept } from "./correlation_id_kept.ts";
import { decodesWithReaderSchema } from "./decodes_with_reader_schema.ts";
import { detour } from "./detour.ts";
import { earlyProcessors } from "./early_processors.ts";
import { exactlyOnceIo } from "./exactly_once_io.ts";
import { unlessKilled, whenQuiet, whenSame } from "./excused.ts";
import { fairOutcome } from "./fair_outcome.ts";
import { fieldEvolution } from "./field_evolution.ts";
import { flushLogResult } from "./flush_log_result.ts";
import { guestStateLifetime } from "./guest_state_lifetime.ts";
import { guestTakesLeave } from "./guest_takes_leave.ts";
import { keepaliveDecision } from "./keepalive_decision.ts";
import { keepaliveMismatch } from "./keepalive_mismatch.ts";
import { lazyRestore } from "./lazy_restore.ts";
import { manaDowngrade } from "./mana_downgrade.ts";
import { noAllocationLost } from "./no_allocation_lost.ts";
import { noResetUnderKeepalive } from "./no_reset_under_keepalive.ts";
import { noStrayDma } from "./no_stray_dma.ts";
import { normalForm } from "./normal_form.ts";
import { oneOwnerPerDmaPage } from "./one_owner_per_dma_page.ts";
import { queueLayout } from "./queue_layout.ts";
import { relayConversion } from "./relay_conversion.ts";
import { restoreTwice } from "./restore_twice.ts";
import { sameGuest } from "./same_guest.ts";
import { savesAgain } from "./saves_again.ts";
import { servicingErrors } from "./servicing_errors.ts";
import { spansComplete } from "./spans_complete.ts";
import { stateUnitsComplete } from "./state_units_complete.ts";
import { stickyKeepalive } from "./sticky_keepalive.ts";
import { unknownFieldsKept } from "./unknown_fields_kept.ts";

/** Oracles that know what they see from tables, or from how a quiet run is. */
const OF_QUIET_RUNS = [
  servicingErrors,
  keepaliveDecision,
  stickyKeepalive,
  correlationIdKept,
  flushLogResult,
  oneOwnerPerDmaPage,
  decodesWithReaderSchema,
  fieldEvolution,
  relayConversion,
  guestStateLifetime,
  keepaliveMismatch,
  queueLayout,
  lazyRestore,
  unlessKilled(earlyProcessors),
  manaDowngrade,
  noAllocationLost,
  noResetUnderKeepalive,
  unlessKilled(noStrayDma),
  whenQuiet(busVersion),
  stateUnitsComplete,
  spansComplete,
  restoreTwice,
  savesAgain,
  whenSame(normalForm),
  unknownFieldsKept,
  allOrNothing,
  detour,
  guestTakesLeave,
] as readonly Oracle[];

/** Oracles that know themselves what is fair. */
const OF_EVERY_RUN = [fairOutcome, sameGuest, exactlyOnceIo] as readonly Oracle[];

export const ORACLES: readonly Oracle[] = [...OF_EVERY_RUN, ...OF_QUIET_RUNS.map(whenQuiet)];
