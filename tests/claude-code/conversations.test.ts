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
  const { contents } = (
    generates().at(-1)?.body as { request: { contents: { parts: { thought?: boolean }[] }[] } }
  ).request;
  expect(contents.flatMap(({ parts }) => parts).some(({ thought }) => thought === true)).toBe(true);
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

test("an image and a PDF that tools read", async () => {
  const image = join(project.dir, "red.png");
  writeFileSync(image, Buffer.from(PNG, "base64"));
  const from = world.log.length;
  const result = await run(`Look at it. [[call Read {"file_path":"${image}"}]]`);
  expect(result).toMatchObject({ code: 0 });
  expect(failedSince(from)).toEqual([]);
  expect(JSON.stringify(generates().at(-1)?.body)).toContain("inlineData");
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
