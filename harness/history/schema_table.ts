/**
 * The tables of a history, by version: each entry is what has to be done to a file of the version
 * before. Entries are never changed, as files of every version are about.
 *
 * @module
 */

/** In the head of the file; `frzt` in ASCII. */
export const APPLICATION_ID = 0x66727a74;

/** Statements by version, the first for an empty file. */
export const SCHEMAS: readonly string[] = [
  `
  -- Texts that many results share: conditions, rows of cells.
  CREATE TABLE text (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, value TEXT NOT NULL);
  -- Runs in the order in which they came. The digest is of the NDJSON that they were read from.
  CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    implementation TEXT NOT NULL,
    header TEXT NOT NULL,
    ending TEXT
  );
  -- What each condition of a run has shown.
  CREATE TABLE result (
    run INTEGER NOT NULL REFERENCES run (id),
    number INTEGER NOT NULL,
    name INTEGER NOT NULL REFERENCES text (id),
    condition INTEGER NOT NULL REFERENCES text (id),
    cells INTEGER NOT NULL REFERENCES text (id),
    PRIMARY KEY (run, number)
  ) WITHOUT ROWID;
  `,
  `
  -- What really happened; unknown of runs that came before.
  ALTER TABLE result ADD COLUMN transcript INTEGER REFERENCES text (id);
  -- What else its line says, as a JSON object.
  ALTER TABLE result ADD COLUMN more TEXT;
  ALTER TABLE result ADD COLUMN fault TEXT;
  -- The cells of a row that did not pass, or should not have.
  CREATE TABLE finding (
    cells INTEGER NOT NULL REFERENCES text (id),
    scenario TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT,
    edge INTEGER,
    expected TEXT,
    surprise TEXT
  );
  CREATE INDEX finding_of_cells ON finding (cells);
  INSERT INTO finding
    SELECT text.id, cell.value ->> 'scenario', cell.value ->> 'verdict', cell.value ->> 'reason',
      cell.value ->> 'edge', cell.value ->> 'expected', cell.value ->> 'surprise'
    FROM text, json_each(text.value) AS cell
    WHERE text.id IN (SELECT cells FROM result)
      AND (cell.value ->> 'verdict' <> 'passed' OR cell.value ->> 'surprise' IS NOT NULL);
  -- For people with a SQL shell: every cell of every run that did not pass.
  CREATE VIEW not_passed AS
    SELECT result.run, text.value AS condition, finding.scenario, finding.verdict, finding.reason,
      finding.edge, finding.expected, finding.surprise
    FROM result
    JOIN finding ON finding.cells = result.cells
    JOIN text ON text.id = result.name;
  `,
  `
  -- What was measured, in the order in which it came. The digest is of the JSON it was read from.
  CREATE TABLE measurement (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    implementation TEXT NOT NULL,
    header TEXT NOT NULL
  );
  -- What hops cost, over all configurations.
  CREATE TABLE cost (
    measurement INTEGER NOT NULL REFERENCES measurement (id),
    writer TEXT NOT NULL,
    reader TEXT NOT NULL,
    keepalive TEXT NOT NULL,
    metric TEXT NOT NULL,
    class TEXT NOT NULL,
    unit TEXT NOT NULL,
    count INTEGER NOT NULL,
    p50 REAL NOT NULL,
    p99 REAL NOT NULL,
    max REAL NOT NULL,
    PRIMARY KEY (measurement, writer, reader, keepalive, metric)
  ) WITHOUT ROWID;
  `,
  `
  -- Milliseconds that a condition of a run took; unknown of runs that came before.
  CREATE TABLE took (
    run INTEGER NOT NULL REFERENCES run (id),
    name INTEGER NOT NULL REFERENCES text (id),
    ms REAL NOT NULL,
    PRIMARY KEY (run, name)
  ) WITHOUT ROWID;
  `,
  `
  -- When a run was, as ISO 8601 in UTC, to the second; unknown of runs that came before.
  ALTER TABLE run ADD COLUMN date TEXT;
  `,
];
