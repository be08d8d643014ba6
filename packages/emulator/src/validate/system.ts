import { invalidArgument } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";

/** `systemInstruction`: parts of exactly one non-empty text each. Source: cloud-code §3, §14.12. */
export const systemChecks: readonly Check[] = [checkSystem];

function checkSystem({ request }: CheckContext): Reply | undefined {
  const system = request.systemInstruction;
  if (system === undefined) return undefined;
  const path = "* GenerateContentRequest.system_instruction.parts";
  if (!system.parts?.length) return invalidArgument(`${path}: parts must not be empty.\n`);
  for (const [index, part] of system.parts.entries()) {
    if (!part.text) {
      return invalidArgument(
        `${path}[${index}].data: required oneof field 'data' must have one initialized field\n`,
      );
    }
    const extra = Object.keys(part).find((key) => key !== "text");
    if (extra !== undefined) {
      return invalidArgument(`${path}[${index}]: only text is supported, found ${extra}.\n`);
    }
  }
  return undefined;
}
