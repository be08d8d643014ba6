import { closeSync, openSync, readSync } from "node:fs";

const HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\0";

/** What the first 100 bytes of a SQLite file say. */
export interface FileHeader {
  readonly applicationId: number;
  /** `user_version`. */
  readonly version: number;
  /** Pages times page size: a file that is shorter was cut. 0 where the header does not tell. */
  readonly expectedBytes: number;
}

/** The bytes of the header, fewer when the file is shorter. */
export function readStart(path: string): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** The header of a database file, or undefined when it is too short or begins otherwise. Source: sqlite.org/fileformat2.html §1.3. */
export function parseHeader(bytes: Buffer): FileHeader | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  const pageSize = bytes.readUInt16BE(16);
  // The number of pages counts only if it was written with the last change.
  const isCurrent = bytes.readUInt32BE(24) === bytes.readUInt32BE(92);
  const pages = isCurrent ? bytes.readUInt32BE(28) : 0;
  return {
    applicationId: bytes.readInt32BE(68),
    version: bytes.readInt32BE(60),
    // 1 stands for 65536, which has no room in two bytes.
    expectedBytes: pages * (pageSize === 1 ? 65_536 : pageSize),
  };
}
