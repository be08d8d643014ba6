import type { DroppedField } from "../../dropped-field.ts";
import type { AnthropicError } from "../errors.ts";
import { validateMessagesRequest } from "../validate-request.ts";
import type { ValidationOptions } from "../validate-request.ts";

export const OLD: ValidationOptions = { betas: new Set(), apiVersion: "2023-06-01" };
export const NEW: ValidationOptions = { betas: new Set(), apiVersion: "2026-10-21" };

export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** The smallest valid request, with `fields` over it; undefined takes a field away. */
export function request(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const body: Record<string, unknown> = {
    model: "claude-sonnet-4-6",
    max_tokens: 100,
    messages: [{ role: "user", content: "hi" }],
    ...fields,
  };
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) delete body[name];
  }
  return body;
}

/** A request whose only user message has these blocks. */
export function userBlocks(...content: readonly unknown[]): Record<string, unknown> {
  return request({ messages: [{ role: "user", content }] });
}

/** A request with one finished turn of the assistant, made of these blocks. */
export function assistantBlocks(...content: readonly unknown[]): Record<string, unknown> {
  return request({
    messages: [
      { role: "user", content: "hi" },
      { role: "assistant", content },
      { role: "user", content: "go on" },
    ],
  });
}

export function tool(name: string, fields: Readonly<Record<string, unknown>> = {}): unknown {
  return { name, input_schema: { type: "object" }, ...fields };
}

export function errorOf(body: unknown, options: ValidationOptions = OLD): AnthropicError | "valid" {
  const result = validateMessagesRequest(body, options);
  return result.kind === "refused" ? result.error : "valid";
}

export function messageOf(body: unknown, options: ValidationOptions = OLD): string {
  const error = errorOf(body, options);
  return error === "valid" ? error : error.message;
}

export function droppedOf(body: unknown, options: ValidationOptions = OLD): DroppedField[] {
  const result = validateMessagesRequest(body, options);
  if (result.kind === "refused") throw new Error(result.error.message);
  return result.dropped;
}
