import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { startWorld, type World } from "../support/world.ts";
import { claude, createProject, type Project } from "./claude.ts";

let world: World;
let project: Project;
beforeAll(async () => {
  world = await startWorld({ accounts: 2 });
});
afterAll(() => world.close());
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

const generates = () =>
  world.emulator.requests.filter(({ rpc }) => rpc === "streamGenerateContent");
const run = (prompt: string, args: readonly string[] = [], env: Record<string, string> = {}) =>
  claude(prompt, { url: world.url, project, args, env });
/** Statuses of the server's request lines since `from`. */
const failedSince = (from: number) =>
  world.log.slice(from).filter(({ msg, status }) => msg === "request" && status !== 200);

test("P31: an answer from the default model", async () => {
  const result = await run("say hello");
  expect(result).toMatchObject({ code: 0 });
  expect(result.out.trim()).not.toBe("");
  expect(generates().at(-1)?.model).toBe("claude-opus-4-6-thinking");
});

test("a tool loop that edits a file, with thinking on", async () => {
  const file = join(project.dir, "a.txt");
  writeFileSync(file, "one\n");
  const from = world.log.length;
  const read = `[[call Read {"file_path":"${file}"}]]`;
  const edit = `[[then call Edit {"file_path":"${file}","old_string":"one","new_string":"two"}]]`;
  const result = await run(`Change the file. ${read} ${edit}`);
  expect(result).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8")).toBe("two\n");
  expect(failedSince(from)).toEqual([]);
});

test("parallel tools in one turn", async () => {
  const calls = ["one", "two"].map(
    (word) => `[[call Bash {"command":"echo ${word} > ${word}.txt"}]]`,
  );
  const result = await run(`Do both. ${calls.join(" ")}`);
  expect(result).toMatchObject({ code: 0 });
  expect(readFileSync(join(project.dir, "one.txt"), "utf8")).toBe("one\n");
  expect(readFileSync(join(project.dir, "two.txt"), "utf8")).toBe("two\n");
});

test("a session resumed after a restart of the server goes on with its thoughts", async () => {
  const from = world.log.length;
  const first = await run('Look. [[call Bash {"command":"echo hi"}]]', ["--output-format", "json"]);
  const session = (JSON.parse(first.out) as { session_id: string }).session_id;
  await world.restart();
  const second = await run("And now?", ["--resume", session]);
  expect(second).toMatchObject({ code: 0 });
  expect(failedSince(from)).toEqual([]);
  expect(JSON.stringify(generates().at(-1)?.body)).toContain('"thought":true');
});

test("a Gemini model, with tools", async () => {
  const from = world.log.length;
  const result = await run('Go. [[call Bash {"command":"echo g > g.txt"}]]', [
    "--model",
    "gemini-3-flash",
  ]);
  expect(result).toMatchObject({ code: 0 });
  expect(readFileSync(join(project.dir, "g.txt"), "utf8")).toBe("g\n");
  expect(generates().at(-1)?.model).toBe("gemini-3-flash");
  expect(failedSince(from)).toEqual([]);
});

test("a change of model in the middle of a conversation", async () => {
  const from = world.log.length;
  const first = await run('Go. [[call Bash {"command":"echo 1"}]]', [
    "--output-format",
    "json",
    "--model",
    "gemini-3-flash",
  ]);
  const session = (JSON.parse(first.out) as { session_id: string }).session_id;
  const second = await run('On. [[call Bash {"command":"echo 2"}]]', [
    "--resume",
    session,
    "--model",
    "opus",
  ]);
  expect(second).toMatchObject({ code: 0 });
  const third = await run("Back.", ["--resume", session, "--model", "gemini-3-flash"]);
  expect(third).toMatchObject({ code: 0 });
  expect(failedSince(from)).toEqual([]);
});

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

test("an image that a tool reads", async () => {
  const image = join(project.dir, "red.png");
  writeFileSync(image, Buffer.from(PNG, "base64"));
  const from = world.log.length;
  const result = await run(`Look at it. [[call Read {"file_path":"${image}"}]]`);
  expect(result).toMatchObject({ code: 0 });
  expect(failedSince(from)).toEqual([]);
  expect(JSON.stringify(generates().at(-1)?.body)).toContain("inlineData");
});

/** One page with a word on it. */
const PDF = [
  "%PDF-1.4",
  "1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj",
  "2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj",
  "3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>> endobj",
  "trailer <</Root 1 0 R>>",
  "%%EOF",
  "",
].join("\n");

test("a PDF that a tool reads", async () => {
  const file = join(project.dir, "page.pdf");
  writeFileSync(file, PDF);
  const from = world.log.length;
  const result = await run(`Read it. [[call Read {"file_path":"${file}"}]]`);
  expect(result).toMatchObject({ code: 0 });
  expect(failedSince(from)).toEqual([]);
  expect(JSON.stringify(generates().at(-1)?.body)).toContain("application/pdf");
});

test("a subagent", async () => {
  const from = world.log.length;
  const input = {
    description: "Say hi",
    prompt: "Say hi, please",
    subagent_type: "general-purpose",
    run_in_background: false,
  };
  const result = await run(`Delegate. [[call Agent ${JSON.stringify(input)}]]`);
  expect(result).toMatchObject({ code: 0 });
  expect(failedSince(from)).toEqual([]);
  const asked = generates().some(({ body }) => JSON.stringify(body).includes('"Say hi, please"'));
  expect(asked).toBe(true);
});

const MCP_SERVER = `
const tool = { name: "add", description: "Adds two numbers", inputSchema: {
  $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", additionalProperties: false,
  $defs: { n: { type: ["number", "null"], exclusiveMinimum: -1000 } },
  properties: { a: { $ref: "#/$defs/n" }, b: { anyOf: [{ type: "number" }, { type: "null" }] } }, required: ["a", "b"] } };
const results = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "sums", version: "1" } }),
  "tools/list": () => ({ tools: [tool] }),
  "tools/call": ({ arguments: { a, b } }) => ({ content: [{ type: "text", text: "sum " + (a + b) }] }),
};
let rest = "";
process.stdin.on("data", (bytes) => {
  const lines = (rest + bytes).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    if (line.trim() === "") continue;
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    const result = results[method];
    const answer = result ? { result: result(params ?? {}) } : { error: { code: -32601, message: "no " + method } };
    process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...answer }) + "\\n");
  }
});
`;

test.each([
  ["off", "false", '[[call mcp__sums__add {"a":2,"b":3}]]'],
  [
    "on",
    "true",
    '[[call ToolSearch {"query":"select:mcp__sums__add","max_results":5}]] [[then call mcp__sums__add {"a":2,"b":3}]]',
  ],
])("an MCP tool with tool search %s", async (_name, setting, directives) => {
  writeFileSync(join(project.dir, "sums.cjs"), MCP_SERVER);
  const config = {
    mcpServers: { sums: { command: process.execPath, args: [join(project.dir, "sums.cjs")] } },
  };
  writeFileSync(join(project.dir, "mcp.json"), JSON.stringify(config));
  const from = world.log.length;
  const result = await run(`Add them. ${directives}`, ["--mcp-config", "mcp.json"], {
    ENABLE_TOOL_SEARCH: setting,
  });
  expect(result).toMatchObject({ code: 0 });
  expect(failedSince(from)).toEqual([]);
  expect(JSON.stringify(generates().at(-1)?.body)).toContain("sum 5");
});

test("/compact, and the conversation after it", async () => {
  const from = world.log.length;
  const first = await run('Look. [[call Bash {"command":"echo hi"}]]', ["--output-format", "json"]);
  const session = (JSON.parse(first.out) as { session_id: string }).session_id;
  expect(await run("/compact", ["--resume", session])).toMatchObject({ code: 0 });
  expect(await run("Go on", ["--resume", session])).toMatchObject({ code: 0 });
  expect(failedSince(from)).toEqual([]);
});

test("a stream that the backend interrupts goes on without the user", async () => {
  const result = await run("Hello there. [[fault error-in-stream times=1]]");
  expect(result).toMatchObject({ code: 0 });
  expect(result.out).toContain("Hello there");
});

test("a wrong key is said at once, in one line", async () => {
  const closed = await startWorld({ env: { AUTH: "required" } });
  try {
    const startedAt = Date.now();
    const result = await claude("hello", { url: closed.url, project, token: "sk-proxy-wrong" });
    expect(result.code).toBe(1);
    expect(result.out + result.err).toMatch(/401 This server does not know the key/);
    expect(Date.now() - startedAt).toBeLessThan(30_000);
  } finally {
    await closed.close();
  }
});
