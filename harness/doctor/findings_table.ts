/**
 * What can be wrong with an adapter: how bad it is, and what to change.
 *
 * A defect makes verdicts wrong or stops a run; advice is about what is lost or fragile.
 *
 * @module
 */
export type Severity = "defect" | "advice";

interface Kind {
  readonly severity: Severity;
  /** What to change, in words that follow a semicolon. */
  readonly change: string;
}

const defect = (change: string): Kind => ({ severity: "defect", change });
const advice = (change: string): Kind => ({ severity: "advice", change });

export const FINDINGS = {
  // What is on the wire.
  "stdout-noise": defect("print to standard error, or send the notification log"),
  "no-newline": defect("end each message with a line feed"),
  "no-flush": defect("flush standard output after each message"),
  "many-lines": defect("write each message on one line, without indentation"),
  "header-framing": defect("write the message alone on a line, without headers"),
  "not-utf8": defect("write UTF-8"),
  floods: defect("write nothing but answers"),
  batch: defect("answer each request with an object of its own"),
  "no-version": defect('put "jsonrpc": "2.0" into each message'),
  "wrong-id": defect("send back the id of the request as it came"),
  "doubled-answer": defect("answer each request once"),
  "stray-answer": defect("answer requests only; what is told unasked is the notification log"),
  "late-answer": defect("answer each request before the next one is read"),
  "result-or-error": defect("answer with either result or error"),
  "error-shape": defect("give an error a whole number as code and a text as message"),
  "error-code": defect("use a code of the protocol, such as -32001 for a refusal"),
  "message-lines": defect("say why in one line; what is longer belongs into standard error"),
  "asks-harness": defect("leave the id out of notifications; the harness serves no methods"),
  "unknown-notification": advice("send no notification but log, with level and text"),
  // Beginning and end.
  "no-start": defect("make the command start, and answer hello on standard output"),
  "slow-start": advice("start faster, as a crash or a hang costs a new start"),
  "hello-refused": defect("answer hello with protocol, name, releases and facets"),
  "hello-shape": defect("correct that member of hello"),
  "hello-changes": defect("answer hello alike in every process"),
  "ignores-end": defect("exit when standard input is closed"),
  "leaves-children": defect("end what was started before exiting"),
  "exit-code": advice("exit with 0 when standard input is closed"),
  dies: defect("answer with an error, such as -32002 when the monitor has crashed"),
  hangs: defect("answer every request; give the monitor a deadline and answer -32003"),
  // What it says that it can do.
  "start-refused": defect("leave the release out of releases, or answer -32006 where it is absent"),
  "release-lies": defect("report the release that really runs"),
  "role-refused": defect("leave the role out of roles, or serve it"),
  "role-undeclared": advice("name the role in roles, or nobody will use it"),
  "facet-refused": defect("leave the facet out of facets, or serve it"),
  "facet-undeclared": advice("name the facet in facets, or nobody will look at it"),
  "frames-refused": defect("leave frames out of hello, or read the octets behind the newline"),
  "frames-undeclared": advice('say "frames": true in hello, which saves base64'),
  "frames-unasked": defect("send base64 unless the harness has said frames, too"),
  "rigs-refused": defect("leave rigs out of capabilities, or answer endRig"),
  "in-flight-refused": defect("leave limits.inFlight out, or answer all requests at once"),
  "one-machine": advice('say "limits": {"machines": 1}'),
  "pointer-lost": defect("make ticks and volatile JSON pointers to what observe tells"),
  "unknown-release": defect("refuse releases that hello does not list, with -32602"),
  // What it answers.
  "result-shape": defect("answer as the protocol says"),
  "unknown-member": advice("leave it out, as nobody reads it; observe has value for what is told"),
  base64: defect("write the state as base64 with padding, of the usual alphabet"),
  "internal-error": defect("answer -32001 when the release does not take a state"),
  "unknown-method": defect("answer methods that you do not know with -32601"),
  "unknown-parameter": defect("ignore parameters that you do not know"),
  "bad-parameters": defect("answer bad parameters with -32602"),
  "accepts-anything": defect("answer what cannot be meant with -32602"),
  "state-unread": defect("make the machine of the state that is given"),
  "damaged-state": defect("answer a state that cannot be read with -32001"),
  "non-ascii": defect("read standard input as UTF-8"),
  "large-message": defect("read lines of any length, or say limits.messageBytes"),
  "stop-refused": defect("answer stop with {}, after a save, too"),
  "alive-after-stop": advice("forget a machine when it is stopped, and answer -32602"),
  // Whether the same is the same.
  "observe-changes": defect("name what runs on in ticks, and what changes at will in volatile"),
  "ticks-back": defect("name in ticks only what never goes back"),
  "start-differs": defect("take all that looks random from seed, or name it in volatile"),
  "save-differs": advice("save without time and chance, so that states can be compared"),
  "stable-lies": defect("save without time and chance, or leave stable out of capabilities"),
  "same-id": defect("give each machine an id of its own"),
  "leaks-machines": defect(
    "keep what belongs to a machine in it, not in a variable of the process",
  ),
  "leaks-rigs": defect("keep what belongs to a rig apart from other rigs"),
  "leaks-stop": defect("end only the machine that is stopped"),
  "leaks-remains": defect("start from nothing, whatever ran before"),
  "state-used-up": defect("restore from a copy, as a state is used more than once"),
  "state-elsewhere": defect("put all of it into the state, as another process will read it"),
} as const satisfies Readonly<Record<string, Kind>>;

export type Code = keyof typeof FINDINGS;
