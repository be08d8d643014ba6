import { Pool } from "undici";

export const TARGET_NAMES = ["direct", "passThrough", "server"] as const;

/** The emulator itself, the pass-through before it, and our server before it. */
export type TargetName = (typeof TARGET_NAMES)[number];

/** One way to the same answer. */
export interface Target {
  readonly name: TargetName;
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Stands in the last bytes of a whole answer, and only there. */
  readonly endMark: string;
}

const END_BYTES = 600;

/** Keep-alive connections to a target, at most so many. */
export function connect(target: Target, connections: number): Pool {
  return new Pool(target.url, { connections });
}

/** Sends a body and reads the whole answer; rejects when it is another one than the complete stream. */
export async function send(target: Target, pool: Pool, body: Buffer): Promise<void> {
  const response = await pool.request({
    method: "POST",
    path: target.path,
    headers: { "content-type": "application/json", ...target.headers },
    body,
  });
  let end: Buffer = Buffer.alloc(0);
  for await (const piece of response.body as AsyncIterable<Buffer>) {
    end = piece.length >= END_BYTES ? piece : Buffer.concat([end.subarray(-END_BYTES), piece]);
  }
  if (response.statusCode === 200 && end.includes(target.endMark)) return;
  throw new Error(`${target.name}: ${response.statusCode} ${end.toString()}`);
}
