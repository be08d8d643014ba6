import type { UpstreamFailure } from "@agp/core";

import type { ExchangeResult } from "../upstream/exchange.ts";

/** A small RPC's answer as JSON, or why there is none. */
export type RpcResult =
  | { readonly kind: "answer"; readonly body: Record<string, unknown> }
  | { readonly kind: "failure"; readonly failure: UpstreamFailure };

const MAX_RPC_BODY_BYTES = 8 * 1024 * 1024;

/** Reads the answer of an RPC that is no stream. */
export async function readRpc(result: ExchangeResult): Promise<RpcResult> {
  if (result.kind === "aborted") {
    return { kind: "failure", failure: { kind: "network", code: "ABORTED", message: "aborted" } };
  }
  if (result.kind === "failure") return result;
  const { status, headers } = result.response;
  const body = await result.response.text(MAX_RPC_BODY_BYTES);
  if (status === 200) {
    const value = parse(body);
    if (value !== undefined) return { kind: "answer", body: value };
  }
  return { kind: "failure", failure: { kind: "http", status, headers, body } };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
