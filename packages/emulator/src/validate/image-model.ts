import { invalidArgument } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";

/** Image models take no tools and no system instruction. Source: cloud-code §11. */
export const imageModelChecks: readonly Check[] = [checkImageModel];

function checkImageModel({ model, request }: CheckContext): Reply | undefined {
  if (!model.makesImages) return undefined;
  if (request.tools !== undefined) {
    return invalidArgument(`Tool use is not supported for model ${model.id}.`);
  }
  return request.systemInstruction === undefined
    ? undefined
    : invalidArgument(`Developer instruction is not enabled for model ${model.id}.`);
}
