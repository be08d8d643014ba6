import type {
  Content,
  FunctionCall,
  GenerateContentRequest,
  Part,
  Schema,
} from "../../google/generate-content.ts";
import type { ModelInfo } from "../../models/catalogue.ts";
import type { TranslatedRequest } from "../context.ts";
import { encodeEnvelope, serialiseRequest } from "../envelope.ts";
import { LOST_SIGNATURE } from "../signatures.ts";

/** Notes a row of cloud-code §14 that does not hold. */
type Check = (row: number, holds: boolean, what?: unknown) => void;

/**
 * The rows of cloud-code §14 that a translated request breaks, with what breaks them; all but 19, which compares two
 * requests, and 20. Signatures are those of `arbitrary-request.ts`, which say where they come from.
 */
export function checkInvariants(translated: TranslatedRequest, model: ModelInfo): string[] {
  const broken: string[] = [];
  const check: Check = (row, holds, what) => {
    if (!holds) broken.push(`${row}: ${JSON.stringify(what)}`);
  };
  const { request } = translated;
  checkEnvelope(translated, model, check);
  checkKeys(3, request, "contents systemInstruction tools toolConfig generationConfig sessionId", check);
  check(3, /^-\d{1,19}$/.test(request.sessionId ?? ""), request.sessionId);
  checkContents(request.contents, model, check);
  checkTurn(request, model, check);
  checkSystem(request, check);
  checkTools(request, model, check);
  checkGenerationConfig(request, model, check);
  checkThinkingConfig(request, model, check);
  return broken;
}

function checkEnvelope({ request, requestType }: TranslatedRequest, model: ModelInfo, check: Check) {
  const head = { project: "p", model: model.id, userAgent: "u", requestType, requestId: "agent-1" };
  const body: object = JSON.parse(encodeEnvelope(head, serialiseRequest(request)));
  check(1, !hasLoneSurrogate(body));
  checkKeys(2, body, "project model userAgent requestType requestId request", check);
}

function checkContents(contents: readonly Content[], model: ModelInfo, check: Check): void {
  check(4, contents.length > 0 && contents.at(-1)?.role === "user");
  const ids = new Set<string | undefined>();
  for (const [index, content] of contents.entries()) {
    const { role, parts } = content;
    check(4, role === (index % 2 === 0 ? "user" : "model"), index);
    checkKeys(4, content, "role parts", check);
    check(4, parts.length > 0, index);
    for (const part of parts) checkPart(part, role, model, check);
    check(9, parts[0]?.thought === true || !parts.some((part) => part.thought), parts);
    if (role === "user") checkResponses(parts, callsOf(contents[index - 1]), check);
    for (const { id } of callsOf(content)) {
      check(8, !ids.has(id), id);
      ids.add(id);
    }
  }
}

function checkResponses(parts: readonly Part[], calls: readonly FunctionCall[], check: Check): void {
  const answered = parts.flatMap(({ functionResponse }) => functionResponse ?? []);
  const pairs = (list: readonly { id?: string; name: string }[]) =>
    JSON.stringify(list.map(({ id, name }) => [id, name]));
  check(8, pairs(answered) === pairs(calls), { answered, calls });
  check(8, !parts.slice(answered.length).some((part) => part.functionResponse), parts);
}

const DATA = ["text", "inlineData", "fileData", "functionCall", "functionResponse"];
const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;

function checkPart(part: Part, role: Content["role"], model: ModelInfo, check: Check): void {
  const isClaude = model.family === "claude";
  const { text, thought, inlineData, fileData, functionCall, functionResponse } = part;
  check(5, Object.keys(part).filter((key) => DATA.includes(key)).length === 1, part);
  checkKeys(5, part, `${DATA.join(" ")} thought thoughtSignature`, check);
  check(5, text === undefined || thought === true || /\S/.test(text), part);
  check(6, !inlineData || /^image\/png$|^application\/pdf$/.test(inlineData.mimeType), part);
  check(6, !inlineData || /^[A-Za-z0-9+/_-]+={0,2}$/.test(inlineData.data), part);
  check(6, !isClaude || fileData === undefined, part);
  if (functionCall !== undefined) {
    check(7, role === "model" && NAME.test(functionCall.name), part);
    check(7, typeof functionCall.args === "object", part);
    check(8, !isClaude || /^[a-zA-Z0-9_-]+$/.test(functionCall.id ?? ""), part);
  }
  if (functionResponse !== undefined) {
    check(7, role === "user" && NAME.test(functionResponse.name), part);
    check(7, Object.keys(functionResponse.response).length === 1, part);
  }
  if (thought === true) checkThought(part, role, model, check);
  else checkSignature(part, model, check);
}

function checkThought(part: Part, role: Content["role"], model: ModelInfo, check: Check): void {
  check(9, role === "model" && model.family === "claude", part);
  check(9, part.text !== "" && part.thoughtSignature === `claude:${part.text}`, part);
}

function checkSignature(part: Part, model: ModelInfo, check: Check): void {
  const { thoughtSignature: signature } = part;
  if (signature === undefined) return;
  const isLost = signature === LOST_SIGNATURE;
  check(11, model.family === "gemini" && (isLost || signature.startsWith("gemini:")), part);
  check(11, !isLost || model.generation >= 3, part);
}

/** 10 and 11: what the tool loop that is going on needs. */
function checkTurn(request: GenerateContentRequest, model: ModelInfo, check: Check): void {
  const steps = currentTurn(request.contents).filter((content) => callsOf(content).length > 0);
  const [first] = steps;
  const thinks = request.generationConfig?.thinkingConfig !== undefined;
  if (model.family === "claude" && thinks && first !== undefined) {
    check(10, first.parts[0]?.thought === true, first);
  }
  if (model.family !== "gemini" || model.generation < 3) return;
  for (const { parts } of steps) {
    const call = parts.find((part) => part.functionCall);
    check(11, call?.thoughtSignature !== undefined, call);
  }
}

function checkSystem({ systemInstruction }: GenerateContentRequest, check: Check): void {
  if (systemInstruction === undefined) return;
  checkKeys(12, systemInstruction, "role parts", check);
  check(12, systemInstruction.parts.length > 0);
  for (const part of systemInstruction.parts) {
    checkKeys(12, part, "text", check);
    check(12, /\S/.test(part.text), part);
  }
}

function checkTools(request: GenerateContentRequest, model: ModelInfo, check: Check): void {
  const { tools, toolConfig, generationConfig } = request;
  const declarations = (tools ?? []).flatMap((tool) =>
    "functionDeclarations" in tool ? tool.functionDeclarations : [],
  );
  const names = declarations.map(({ name }) => name);
  const isSearch = JSON.stringify(tools) === '[{"googleSearch":{}}]';
  check(13, tools === undefined || isSearch || (tools.length === 1 && names.length > 0), tools);
  check(13, new Set(names).size === names.length, names);
  for (const declaration of declarations) {
    checkKeys(13, declaration, "name description parameters", check);
    check(13, /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/.test(declaration.name), declaration.name);
    check(14, declaration.parameters.type === "object", declaration);
    checkSchema(declaration.parameters, model, check);
  }
  if (toolConfig === undefined) return;
  const { mode, allowedFunctionNames = [] } = toolConfig.functionCallingConfig;
  check(15, tools !== undefined);
  check(15, allowedFunctionNames.every((name) => names.includes(name)), toolConfig);
  check(15, allowedFunctionNames.length === 0 || /^(?:ANY|VALIDATED)$/.test(mode), toolConfig);
  const thinks = model.family === "claude" && generationConfig?.thinkingConfig !== undefined;
  check(15, !thinks || mode !== "ANY", toolConfig);
}

/** The schemas' own tests go further. */
function checkSchema(schema: Schema, model: ModelInfo, check: Check): void {
  checkKeys(14, schema, "type description nullable format enum items properties required anyOf", check);
  const properties = schema.properties ?? {};
  for (const [name, property] of Object.entries(properties)) {
    check(14, model.family !== "claude" || /^[a-zA-Z0-9_.-]{1,64}$/.test(name), name);
    checkSchema(property, model, check);
  }
  check(14, (schema.required ?? []).every((name) => Object.hasOwn(properties, name)), schema);
}

const CONFIG_KEYS =
  "maxOutputTokens temperature topP topK stopSequences responseMimeType responseSchema thinkingConfig";

function checkGenerationConfig(request: GenerateContentRequest, model: ModelInfo, check: Check) {
  const config = request.generationConfig ?? {};
  const { maxOutputTokens: limit = 0, topK, topP, temperature, stopSequences } = config;
  const isClaude = model.family === "claude";
  checkKeys(16, config, CONFIG_KEYS, check);
  check(16, Number.isInteger(limit) && limit >= 1 && limit <= model.maxOutputTokens, limit);
  check(16, topK === undefined || (topK >= 1 && topK <= (isClaude ? 500 : 64)), topK);
  check(16, model.family !== "gemini" || (stopSequences?.length ?? 0) <= 5, stopSequences);
  if (!isClaude) return;
  check(17, temperature === undefined || topP === undefined, config);
  if (config.thinkingConfig === undefined) return;
  check(17, topK === undefined && temperature === undefined && (topP ?? 1) >= 0.95, config);
}

function checkThinkingConfig(request: GenerateContentRequest, model: ModelInfo, check: Check) {
  const { thinkingConfig, maxOutputTokens = 0 } = request.generationConfig ?? {};
  if (thinkingConfig === undefined) return;
  const { includeThoughts, thinkingBudget: budget } = thinkingConfig;
  const { minThinkingBudget: least, maxThinkingBudget: most } = model;
  check(18, model.thinking !== "none", thinkingConfig);
  checkKeys(18, thinkingConfig, "includeThoughts thinkingBudget", check);
  check(18, budget === undefined || (budget >= least && budget <= most), thinkingConfig);
  if (model.family !== "claude") return;
  const isInRange = budget !== undefined && budget >= 1024 && budget < maxOutputTokens;
  check(18, includeThoughts === true && isInRange, thinkingConfig);
}

/** Contents behind the last one of the user that holds no function response. */
function currentTurn(contents: readonly Content[]): readonly Content[] {
  const start = contents.findLastIndex(
    ({ role, parts }) => role === "user" && !parts.some((part) => part.functionResponse),
  );
  return contents.slice(start + 1);
}

function callsOf(content: Content | undefined): FunctionCall[] {
  return (content?.parts ?? []).flatMap(({ functionCall }) => functionCall ?? []);
}

function checkKeys(row: number, value: object, allowed: string, check: Check): void {
  const names = allowed.split(" ");
  for (const [key, item] of Object.entries(value)) {
    check(row, names.includes(key) && item !== undefined, key);
  }
}

function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => !key.isWellFormed() || hasLoneSurrogate(item));
}
