import { afterAll, beforeAll, expect, test } from "vitest";

import { post, request } from "../support/client.ts";
import {
  Conversation,
  lastContents,
  lastParts,
  resultsOf,
  textOf,
} from "../support/conversation.ts";
import { startWorld, type World } from "../support/world.ts";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const PIXEL_BYTES = Buffer.from(PIXEL, "base64").length;
const PDF = Buffer.from("%PDF-1.4\n%%EOF\n").toString("base64");
const IMAGE = { type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } };
const SCREENSHOT = {
  name: "screenshot",
  description: "What is on the screen",
  input_schema: { type: "object", properties: {} },
};

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());

const MODELS = ["claude-sonnet-4-6", "gemini-3-flash"];

test.each(MODELS)("an image reaches the model (%s)", async (model) => {
  const conversation = new Conversation(world, { model });
  const answer = await conversation.say([IMAGE, { type: "text", text: "What is this?" }]);
  expect(textOf(answer)).toContain(`I see 1 image image/png, ${PIXEL_BYTES} bytes.`);
  expect(lastParts(world)[0]).toEqual({ inlineData: { mimeType: "image/png", data: PIXEL } });
  // It stays in the history of the next turn.
  await conversation.say("And now?");
  expect(lastParts(world)[0]).toHaveProperty("inlineData");
});

test.each(MODELS)("an image in the result of a tool reaches the model (%s)", async (model) => {
  const conversation = new Conversation(world, { model, tools: [SCREENSHOT] });
  const called = await conversation.say("Look [[call screenshot {}]]");
  const answer = await conversation.say(resultsOf(called, [IMAGE]));
  expect(textOf(answer)).toContain("Image attached");
  expect(textOf(answer)).toContain(`I see 1 image image/png, ${PIXEL_BYTES} bytes.`);
});

test.each(MODELS)("a PDF reaches the model with its title (%s)", async (model) => {
  const document = {
    type: "document",
    title: "Plan",
    source: { type: "base64", media_type: "application/pdf", data: PDF },
  };
  const answer = await new Conversation(world, { model }).say([
    document,
    { type: "text", text: "Read it" },
  ]);
  expect(textOf(answer)).toMatch(/I see 1 document application\/pdf, \d+ bytes/);
  expect(JSON.stringify(lastContents(world))).toContain("Plan");
});

test("a text document and a search result are text for the model", async () => {
  const answer = await new Conversation(world).say([
    {
      type: "document",
      title: "Notes",
      source: { type: "text", media_type: "text/plain", data: "The door is green." },
    },
    {
      type: "search_result",
      title: "Doors",
      source: "https://example.test/doors",
      content: [{ type: "text", text: "Doors are often green." }],
    },
    { type: "text", text: "Which colour?" },
  ]);
  expect(answer.stop_reason).toBe("end_turn");
  const text = lastParts(world)
    .map((part) => part["text"])
    .join("\n");
  expect(text).toContain("The door is green.");
  expect(text).toContain("Doors are often green.");
  expect(text).toContain("https://example.test/doors");
});

test.each([
  ["a file of the Files API", "image", { type: "file", file_id: "file_1" }, /no Files API/],
  ["a type that is no image", "image", { ...IMAGE.source, media_type: "image/tiff" }, /image\/png/],
  ["what is not base64", "image", { ...IMAGE.source, data: "§§" }, /base64/],
  ["a document of the Files API", "document", { type: "file", file_id: "file_1" }, /no Files API/],
])("%s is a 400 that says what to do", async (_name, type, source, wording) => {
  const before = world.emulator.requests.length;
  const messages = [{ role: "user", content: [{ type, source }] }];
  const answer = await post(world.url, request({ messages }));
  expect(answer.status).toBe(400);
  const { message } = answer.body["error"] as { message: string };
  expect(message).toMatch(/^messages\.0\.content\.0/);
  expect(message).toMatch(wording);
  expect(world.emulator.requests).toHaveLength(before);
});
