import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "@agp/core";
import { googleError, invalidArgument } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import { isObject } from "../json.ts";
import { checkMessage, type Violation } from "./check-message.ts";
import type { MessageName } from "./messages.ts";

export type ParsedBody =
  | { readonly kind: "message"; readonly message: JsonObject }
  | { readonly kind: "refused"; readonly reply: Reply; readonly raw?: JsonObject };

/** Parses a body as proto-JSON of one message, or gives the 400 that says what is wrong with it. Source: cloud-code §1.3, §9.3. */
export function parseBody(
  headers: IncomingHttpHeaders,
  bytes: Buffer,
  message: MessageName,
): ParsedBody {
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return refused(
      invalidArgument(
        `Unsupported content type ${JSON.stringify(type)}: expected application/json.`,
      ),
    );
  }
  if (!isUtf8(bytes)) {
    return refused(invalidArgument("Invalid JSON payload received. Invalid UTF-8."));
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString("utf8"));
  } catch {
    return refused(invalidArgument("Invalid JSON payload received. Unexpected token."));
  }
  if (!isObject(parsed)) {
    return refused(
      invalidArgument("Invalid JSON payload received. Root element must be a message."),
    );
  }
  const checked = checkMessage(parsed, message);
  if (checked.violations.length === 0) return { kind: "message", message: checked.message };
  return { kind: "refused", reply: violationReply(checked.violations), raw: parsed };
}

function refused(reply: Reply): ParsedBody {
  return { kind: "refused", reply };
}

function violationReply(violations: readonly Violation[]): Reply {
  const message = violations.map((violation) => violation.description).join("\n");
  const details = [
    { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: violations },
  ];
  return googleError(400, message, { details });
}
