import type { AddressInfo } from "node:net";

import { startPassThrough } from "./pass-through.ts";

export interface PassThroughReady {
  readonly url: string;
}

const [target = "", path = "", accessToken = ""] = process.argv.slice(2);
const server = await startPassThrough(target, path, () => ({
  authorization: `Bearer ${accessToken}`,
  "content-type": "application/json",
}));
// A server that listens on TCP has an address of this type.
const { port } = server.address() as AddressInfo;
const ready: PassThroughReady = { url: `http://127.0.0.1:${port}` };
process.on("disconnect", () => process.exit());
process.send?.(ready);
