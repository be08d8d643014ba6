import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";
import { declarationsOf } from "./tools.ts";

/** `toolConfig`: only with functions, names only where they are forced. Source: cloud-code §5.3, §14.15. */
export const toolConfigChecks: readonly Check[] = [checkToolConfig];

function checkToolConfig({ request, model }: CheckContext): Reply | undefined {
  if (request.toolConfig === undefined) return undefined;
  const declared = new Set(declarationsOf(request.tools).map((declaration) => declaration.name));
  if (declared.size === 0) {
    return invalidArgument("Function calling config is set without function_declarations.");
  }
  const { mode, allowedFunctionNames = [] } = request.toolConfig.functionCallingConfig ?? {};
  if (allowedFunctionNames.length > 0 && mode !== "ANY" && mode !== "VALIDATED") {
    return invalidArgument(
      "* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: allowed_function_names should only be set when function calling mode is ANY.\n",
    );
  }
  const unknown = allowedFunctionNames.find((name) => !declared.has(name));
  if (unknown !== undefined) {
    return invalidArgument(
      `* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: ${unknown} is not declared in tools.\n`,
    );
  }
  const thinks = request.generationConfig?.thinkingConfig?.thinkingBudget !== undefined;
  if (model.family === "claude" && mode === "ANY" && thinks) {
    return claudeError("Thinking may not be enabled when tool_choice forces tool use.");
  }
  return undefined;
}
