import { expect, test } from "vitest";
import { readJsonAnswer } from "./json-answer.ts";

test.each([
  ['{"title":"A"}', '{"title":"A"}'],
  [' {"a": 1}\n', ' {"a": 1}\n'],
  ['```json\n{"a":1}\n```', '{"a":1}'],
  ["```\r\n[1,\r\n2]\r\n```", "[1,\r\n2]"],
  ['\n```JSON \n{"code":"```"}\n```\n', '{"code":"```"}'],
  ["null", "null"],
])("%j is JSON", (text, json) => {
  expect(readJsonAnswer(text)).toBe(json);
});

test.each([
  "",
  "Sure! Here is the JSON:",
  'Here: ```json\n{"a":1}\n```',
  "```json\n{\n```",
  '{"a":1} and more',
  '{"a":1',
  '```python\n{"a":1}\n```',
])("%j is none", (text) => {
  expect(readJsonAnswer(text)).toBeUndefined();
});
