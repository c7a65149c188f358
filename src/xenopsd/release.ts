/** What differs between releases in what the machine writes and reads. */
import type { ReaderRules } from "../suspend_image/mod.ts";

export interface Release {
  /** What its reader of suspend images knows. */
  readonly imageRules: ReaderRules;
  /** The unit in which its writer has the state of a TPM. */
  readonly tpmUnit: "Swtpm0" | "Swtpm";
  /** What its sender of a migration does not tell the receiver. */
  readonly withoutCookies: ReadonlySet<string>;
  /** The version in runtime records of VMs that it starts. */
  readonly extraVersion: 0 | 1 | 2;
}
