import type { MessagesRequest, OutputFormat } from "../anthropic/messages.ts";
import type { GenerationConfig } from "../google/generate-content.ts";
import type { TranslationContext } from "./context.ts";
import { refuse } from "./refusal.ts";
import { renamesNothing } from "./schema/property-renames.ts";
import { sanitizeSchema } from "./schema/sanitize-schema.ts";

/** The answer's format, from its present or its deprecated field. Source: anthropic-messages §3.1. */
export function outputFormat(request: MessagesRequest): OutputFormat | undefined {
  return request.output_config?.format ?? request.output_format ?? undefined;
}

/**
 * Adds the schema of a structured answer to `config`.
 *
 * Refuses tools beside it before Gemini 3, and property names that Claude would see under another name: an answer is text
 * that goes out as it comes, so that nothing could be renamed in it. Source: cloud-code §5.2.
 */
export function addOutputFormat(
  config: GenerationConfig,
  request: MessagesRequest,
  context: TranslationContext,
  hasTools: boolean,
): void {
  const format = outputFormat(request);
  if (format === undefined) return;
  const { model, sha256Hex } = context;
  if (hasTools && model.family === "gemini" && model.generation < 3) {
    refuse(`output_config.format: ${model.id} cannot combine structured output with tools`);
  }
  const { schema, renamed } = sanitizeSchema(format.schema, {
    family: model.family,
    placeholder: false,
    sha256Hex,
  });
  if (!renamesNothing(renamed)) {
    refuse(
      "output_config.format.schema: property names must match ^[a-zA-Z0-9_.-]{1,64}$ for this model",
    );
  }
  config.responseMimeType = "application/json";
  config.responseSchema = schema;
}
