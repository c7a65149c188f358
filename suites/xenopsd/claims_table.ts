/**
 * What a xenopsd owes to its clients, in 139 claims: wire, objects, start, crash, tasks, queues,
 * updates, metadata and migration. How each is tried stands in the file of its group.
 *
 * Source: the cases of the reference model; interface and semantics of `xapi-project/xen-api` at
 * e2ee48d688.
 *
 * @module
 */
import type { Capability } from "../../harness/facets/xenopsd.ts";

export interface Claim {
  /** Letter of the group and number. */
  readonly id: string;
  readonly must: string;
  /** Without one of these the case is skipped. */
  readonly needs: readonly Capability[];
}

const claim = (id: string, must: string, ...needs: Capability[]): Claim => ({ id, must, needs });

export const CLAIMS: readonly Claim[] = [
  claim(
    "W01",
    "An option that is left out decodes as none, and an explicit null is an error",
    "wire",
  ),
  claim("W02", "Keys of records and tags of variants are matched whatever their case", "wire"),
  claim("W03", "Unknown keys are ignored at every level of a record", "wire"),
  claim("W04", "A wrong type means the default where there is one, and an error elsewhere", "wire"),
  claim("W05", "Lists of pairs are objects that keep order and duplicates", "wire"),
  claim("W06", "The integer 9007199254740993 comes back as it was sent", "wire"),
  claim(
    "W07",
    "Unknown tags fall back where their type has a default, and are errors elsewhere",
    "wire",
  ),
  claim("W08", "Answers belong to requests whatever id they bear", "wire"),
  claim("W09", "VM.import_metadata and query take positional parameters of old senders", "wire"),
  claim("W10", "debug_info is taken with and without a trace behind the key of the log", "wire"),
  claim(
    "W11",
    "A missing parameter is answered with Internal_error, and the server stays up",
    "wire",
  ),
  claim("W12", "Numbers of devices are what the golden table says, both ways"),

  claim("O01", "VM.add answers the id, and VM.stat the same configuration, Halted"),
  claim("O02", "A second VM.add overwrites the first"),
  claim("O03", "A device cannot be added to a VM that is not there"),
  claim("O04", "An empty MAC depends on VM and position alone, and a random one is local unicast"),
  claim("O05", "A device that is plugged cannot be removed"),
  claim("O06", "VM.remove removes all devices and files of the VM"),
  claim("O07", "A VM that is Running or Paused cannot be removed"),
  claim(
    "O08",
    "Files lie where the layout says, PCI devices in a namespace of their own",
    "db-access",
  ),
  claim(
    "O09",
    "A record that cannot be read costs its own VM and no other one",
    "db-access",
    "restart",
  ),
  claim("O10", "Temporary files and empty folders of VMs are no harm", "db-access", "restart"),
  claim(
    "O11",
    "Objects outlive a restart of the process, and not one of the host",
    "restart",
    "host-reboot",
  ),

  claim(
    "S01",
    "A VM without devices meets the post-conditions when its start is Completed",
    "pause-visible",
    "consoles",
  ),
  claim(
    "S02",
    "Disks to write on are plugged before those to read only, however they were added",
    "active-flag",
    "step",
  ),
  claim(
    "S03",
    "Network interfaces are begun by position, and all are plugged in the end",
    "active-flag",
    "step",
  ),
  claim("S04", "PCI devices are plugged after the device model, by position", "step"),
  claim(
    "S05",
    "No device is ever seen plugged and not active while a VM starts",
    "active-flag",
    "step",
  ),
  claim(
    "S06",
    "Only a Halted VM can be started, and a refused start changes nothing",
    "pause-visible",
  ),
  claim(
    "S07",
    "A VM is Paused after its start, whatever the parameter paused says",
    "pause-visible",
  ),
  claim(
    "S08",
    "An unpause that is queued behind a start does its work only if there is a domain",
    "faults",
  ),
  claim("S09", "To unpause a VM that is Running is Completed, and does nothing"),
  claim("S10", "A hook that answers 1 is ignored, and one that answers 2 ends the start", "hooks"),
  claim(
    "S11",
    "Whatever step of a start fails, its error is told and the VM is Halted",
    "faults",
    "step",
  ),
  claim(
    "S12",
    "When one disk fails the others are still tried, and the first error is told",
    "faults",
  ),
  claim("S13", "Twelve disks are plugged in a chunk of ten and a chunk of two", "step"),
  claim("S14", "A disk without a backend begins no epoch", "step"),
  claim("S15", "A hundred starts and shutdowns leave nothing behind, and no domain id comes twice"),

  claim(
    "K01",
    "A crash before any step of a start leaves the VM whole or Halted after a restart",
    "restart",
    "step",
  ),
  claim(
    "K02",
    "A crash after the runtime record and before the domain leaves the VM Halted",
    "restart",
    "step",
  ),
  claim(
    "K03",
    "A crash between the domain and its marker leaves the VM whole or Halted",
    "restart",
    "step",
  ),
  claim("K04", "A crash while a disk is plugged leaves no storage attached", "restart", "step"),
  claim(
    "K05",
    "A crash after the last step leaves the VM whole, and its task unknown",
    "restart",
    "step",
  ),
  claim(
    "K06",
    "With on_shutdown Start a crash under the marker ends in a new, Running domain",
    "restart",
    "step",
  ),
  claim(
    "K07",
    "A crash in the middle of the repair is repaired by the next start",
    "restart",
    "step",
  ),
  claim(
    "K08",
    "Operations that were queued at a crash vanish without a part of them done",
    "restart",
    "step",
  ),
  claim(
    "K09",
    "A crash in shutdown, reboot, suspend or resume leaves a valid VM",
    "restart",
    "step",
    "images",
  ),
  claim(
    "K10",
    "A crash in remove, import or rename leaves records that load, and it can be repeated",
    "restart",
    "step",
  ),
  claim("K11", "A crash does not touch a VM that runs beside", "restart"),
  claim("K12", "The first UPDATES.get after a restart lists all stored objects", "restart"),
  claim(
    "K13",
    "A token of the process before gets nothing, and itself, when its time is out",
    "restart",
  ),
  claim(
    "K14",
    "A VM that was Halted stays so over a restart, even with on_shutdown Start",
    "restart",
  ),
  claim("K15", "A domain that is in no record is left alone", "restart", "unmanaged"),

  claim("T01", "Every operation answers its task at once, while the queue is blocked"),
  claim("T02", "Progress never goes back, and ends in Completed with a duration"),
  claim("T03", "Nothing can be asked of a task that is unknown"),
  claim("T04", "A task that is over stays until it is destroyed, and then leaves no update"),
  claim("T05", "A task that is destroyed still ends its work"),
  claim("T06", "destroy_on_finish destroys a task at its end, or at once when it is over"),
  claim("T07", "A queued task that is cancelled fails when its turn comes, and has done nothing"),
  claim("T08", "To cancel a task that is over changes nothing"),
  claim("T09", "A start that is cancelled at any of its points ends valid", "cancel-trigger"),
  claim("T10", "A step that hangs is cancelled within 30 seconds", "cancel", "hangs"),
  claim("T11", "A trigger strikes one task, and one with its debug_info", "cancel-trigger"),
  claim("T12", "What a cancellation calls may throw, and nothing comes of it", "callbacks"),
  claim("T13", "Where a task is cancelled already, what it would call is called once", "callbacks"),
  claim("T14", "When success and cancellation meet, success wins", "cancel", "hangs"),
  claim(
    "T15",
    "From the suspension of the domain on a save is not cancelled any more, and says so",
    "images",
    "step",
  ),
  claim(
    "T16",
    "Children of a cancelled task end, and then the task fails and is cleaned up",
    "step",
  ),
  claim("T17", "A cancellation does not end the cleanup", "step"),
  claim("T18", "What a script has answered is the result of its task", "hooks"),

  claim("Q01", "Operations of one VM never overlap, and those of two VMs do", "step"),
  claim("Q02", "Operations of one VM are done in the order in which they came"),
  claim("Q03", "Of equal checks behind an operation exactly one is done", "checks"),
  claim("Q04", "A check that comes while an equal one is done is done, too", "checks"),
  claim(
    "Q05",
    "Checks of different devices are both done, and so are two equal operations",
    "checks",
  ),
  claim("Q06", "An equal check is dropped even if something stands between the two", "checks"),
  claim("Q07", "A VM with a hundred operations keeps no other one waiting", "step"),
  claim("Q08", "Nothing waits for itself with one worker in each pool", "pools"),
  claim("Q09", "Pools may grow and shrink while they work", "pools", "step"),
  claim(
    "Q10",
    "What is asked of an alias is queued behind its VM, as long as that is worked on",
    "queues",
  ),
  claim("Q11", "The diagnostics list queues, workers, tasks and actions of VMs", "diagnostics"),
  claim("Q12", "VMs with MxGPU wait for each other", "vgpu", "step"),

  claim("U01", "Nothing is known of an empty server, and the token is 0", "updates", "fresh"),
  claim("U02", "One change is told once, with its token", "updates"),
  claim("U03", "A key comes once, at its latest change", "updates"),
  claim("U04", "What is removed is not told, and moves last_id on", "updates"),
  claim("U05", "A barrier has what was known when it was injected", "updates", "barriers"),
  claim("U06", "A barrier that is removed does not come again", "updates", "barriers"),
  claim("U07", "Barriers come in the order in which they were injected", "updates", "barriers"),
  claim("U08", "A barrier knows keys of its own VM only", "updates", "barriers"),
  claim("U09", "A thousand changes of a key are one, with the last token", "updates"),
  claim(
    "U10",
    "A token from elsewhere blocks, and is answered as it is when time is out",
    "updates",
  ),
  claim("U11", "A change wakes everybody who waits for one"),
  claim("U12", "When time is out nothing is told, and the token is the same"),
  claim("U13", "Without a token all known objects are told"),
  claim("U14", "A thousand changes of one object are one entry", "updates"),
  claim("U15", "Nothing of a VM is told when it is removed"),
  claim("U16", "Barriers keep their order, tell of one VM, and never of tasks", "barriers"),
  claim("U17", "A barrier is told until it is removed, to whoever has an older token", "barriers"),
  claim("U18", "refresh_vm tells of the VM and all of its devices"),
  claim("U19", "What a client knows from updates and stat alone is what there is"),
  claim("U20", "A token of last_id is answered with later changes only"),
  claim("U21", "A removal moves last_id on, and is not told"),

  claim(
    "M01",
    "A VM that was suspended and resumed has its memory and its devices",
    "images",
    "witness",
  ),
  claim("M02", "A VM that is Suspended is so after a restart", "images", "restart"),
  claim(
    "M03",
    "An image has the signature, the units and the end that its kind of VM asks for",
    "image-bytes",
  ),
  claim(
    "M04",
    "An image that is cut off anywhere is refused, and leaves nothing behind",
    "image-bytes",
  ),
  claim(
    "M05",
    "A unit that is unknown or unsupported, or another signature, is refused",
    "image-bytes",
  ),
  claim("M06", "An image without the memory of the domain is refused", "image-bytes"),
  claim("M07", "A record of QEMU may have 1 MiB and not an octet more", "image-bytes"),
  claim(
    "M08",
    "Records of 2021 are accepted, and a reader refuses a field that it does not know",
    "image-bytes",
  ),
  claim("M09", "A TPM comes back the same from either of its units", "image-bytes"),
  claim("M10", "A legacy image is converted, and the length in it is big-endian", "image-bytes"),
  claim("M11", "Runtime records of all versions are upgraded to what the table says", "records"),
  claim("M12", "An upgrade that is done twice is done once", "records"),
  claim(
    "M13",
    "A restart upgrades a VM that runs without touching it, and bad records stop nobody",
    "restart",
    "db-access",
  ),
  claim("M14", "A featureset is extended to that of the host, and never cut", "records"),
  claim(
    "M15",
    "Records of before Lima load, and their VMs can still be resumed",
    "db-access",
    "images",
  ),
  claim("M16", "Without build_info a VM cannot be restored", "db-access", "images"),
  claim("M17", "A lost domain_config is made again, but for PVinPVH", "db-access", "images"),
  claim(
    "M18",
    "Disks called hd are called xvd when imported, and devices belong to who imports them",
    "metadata-export",
  ),
  claim(
    "M19",
    "An import over a VM waits for its operations, and drops what it does not have",
    "metadata-export",
  ),
  claim("M20", "What is exported and imported elsewhere is the same", "metadata-export"),
  claim(
    "M21",
    "Fields of the future are ignored, and a builder of the future is refused cleanly",
    "metadata-export",
  ),
  claim(
    "M22",
    "The generation id of the configuration wins over that of the runtime record",
    "records",
  ),
  claim(
    "M23",
    "The time offset of the configuration wins over that of the runtime record",
    "records",
  ),
  claim(
    "M24",
    "What VM.generate_state_string answers can be imported, and is of version 0",
    "records",
  ),

  claim("G01", "A migration passes its messages in order, and one VM runs in the end", "migrate"),
  claim(
    "G02",
    "A sender that crashes or is cancelled leaves one VM that runs, or none",
    "migrate",
    "step",
  ),
  claim(
    "G03",
    "A receiver that crashes leaves one VM that runs, or none, and no id of passage",
    "migrate",
    "step",
  ),
  claim("G04", "A sender without a channel for memory is received", "migrate"),
  claim("G05", "Without final_id nothing is renamed", "migrate"),
  claim("G06", "A vGPU without its cookie is refused, and the source runs on", "migrate", "vgpu"),
  claim("G07", "An error in the handshake is told by the task of the sender as it is", "migrate"),
  claim("G08", "The stream is compressed where the cookie says so, and nowhere else", "migrate"),
  claim("G09", "A sender may leave memory_total_source out", "migrate"),
  claim("G10", "When the import at the other end fails nothing happens to the source", "migrate"),
  claim(
    "G11",
    "What is asked of a VM on its way is queued, and done to the right domain",
    "migrate",
  ),
];
