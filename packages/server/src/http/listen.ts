import type { AddressInfo } from "node:net";

import { UserError } from "@agp/core";
import type { FastifyInstance } from "fastify";

/** Listens and gives the base URL; throws PORT_IN_USE or ADDRESS_UNUSABLE. */
export async function listen(
  app: FastifyInstance,
  address: { readonly port: number; readonly host: string },
): Promise<string> {
  const { port, host } = address;
  try {
    await app.listen({ port, host });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      throw new UserError("PORT_IN_USE", `Port ${port} of ${host} is taken by another program.`, {
        nextSteps: ["Choose another one with PORT or --port, or end that program."],
        cause: error,
      });
    }
    if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new UserError("ADDRESS_UNUSABLE", `Cannot listen on ${host}:${port} (${code}).`, {
        nextSteps: ["Choose another address with HOST, or another port with PORT."],
        cause: error,
      });
    }
    throw error;
  }
  // A server that listens on TCP has an address with a port.
  const bound = app.server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" || host === "127.0.0.1" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${bound.port}`;
}
