import { claudeError } from "../errors/claude-error.ts";
import { invalidArgument, strictRefusal } from "../errors/google-error.ts";
import type { Reply } from "../http/reply.ts";
import type { Check, CheckContext } from "./check.ts";
import { checkParameters } from "./schema.ts";
import type { UncheckedDeclaration, UncheckedTool } from "./unchecked.ts";

const GEMINI_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;
const CLAUDE_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const SEARCH_FIELDS = ["googleSearch", "googleSearchRetrieval", "urlContext"] as const;
const DECLARATION_KEYS = new Set(["name", "description", "parameters"]);

/** Tools: kinds that cannot be mixed, names, duplicates, schemas. Source: cloud-code §6.1, §6.4, §14.13. */
export const toolChecks: readonly Check[] = [checkKinds, checkDeclarations, checkDuplicates];

/** All functions that the request declares. */
export function declarationsOf(
  tools: readonly UncheckedTool[] | undefined,
): readonly UncheckedDeclaration[] {
  return tools?.flatMap((tool) => tool.functionDeclarations ?? []) ?? [];
}

/** Whether the request asks for a grounded answer. */
export function asksForSearch(tools: readonly UncheckedTool[] | undefined): boolean {
  return tools?.some((tool) => SEARCH_FIELDS.some((field) => tool[field] !== undefined)) ?? false;
}

function checkKinds({ request, model }: CheckContext): Reply | undefined {
  const { tools } = request;
  if (tools === undefined) return undefined;
  const searches = asksForSearch(tools);
  if (searches && declarationsOf(tools).length > 0) {
    return invalidArgument("Multiple tools are supported only when they are all search tools.");
  }
  if (searches && model.family !== "gemini") {
    return invalidArgument(`Search Grounding is not supported for model ${model.id}.`);
  }
  if (tools.some((tool) => tool.codeExecution !== undefined)) {
    return invalidArgument("Code execution is not enabled for this model.");
  }
  const empty = tools.findIndex((tool) => Object.keys(tool).length === 0);
  return empty < 0
    ? undefined
    : invalidArgument(`* GenerateContentRequest.tools[${empty}]: tool must not be empty.\n`);
}

function checkDeclarations(context: CheckContext): Reply | undefined {
  let number = 0;
  for (const [index, tool] of (context.request.tools ?? []).entries()) {
    for (const [position, declaration] of (tool.functionDeclarations ?? []).entries()) {
      const path = `GenerateContentRequest.tools[${index}].function_declarations[${position}]`;
      const refusal =
        checkName(declaration, path, number, context) ??
        checkHasSchema(declaration, number, context) ??
        checkKeys(declaration, path, context) ??
        checkParameters(declaration, path, number, context);
      if (refusal !== undefined) return refusal;
      number += 1;
    }
  }
  return undefined;
}

function checkName(
  { name = "" }: UncheckedDeclaration,
  path: string,
  number: number,
  { model }: CheckContext,
): Reply | undefined {
  if (!GEMINI_NAME.test(name)) {
    return invalidArgument(
      `* ${path}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n`,
    );
  }
  if (model.family !== "claude" || CLAUDE_NAME.test(name)) return undefined;
  return claudeError(
    `tools.${number}.custom.name: String should match pattern '${CLAUDE_NAME.source}'`,
  );
}

function checkHasSchema(
  { parameters }: UncheckedDeclaration,
  number: number,
  { model }: CheckContext,
): Reply | undefined {
  if (parameters !== undefined || model.family !== "claude") return undefined;
  return claudeError(`tools.${number}.custom.input_schema: Field required`);
}

function checkKeys(
  declaration: UncheckedDeclaration,
  path: string,
  { rules }: CheckContext,
): Reply | undefined {
  const extra = Object.keys(declaration).find((key) => !DECLARATION_KEYS.has(key));
  if (extra === undefined || !rules.strict) return undefined;
  return strictRefusal(`${path}: ${extra} should not be sent`);
}

function checkDuplicates({ request, model }: CheckContext): Reply | undefined {
  const names = new Set<string>();
  for (const { name = "" } of declarationsOf(request.tools)) {
    if (names.has(name)) {
      return model.family === "claude"
        ? claudeError("tools: Tool names must be unique.")
        : invalidArgument(`Duplicate function declaration found: ${name}`);
    }
    names.add(name);
  }
  return undefined;
}
