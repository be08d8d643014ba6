import { expect, test } from "vitest";
import type { ResponsePart } from "../google/generate-content.ts";
import { partMarkdown } from "./part-markdown.ts";

test.each<[string, ResponsePart, string]>([
  [
    "an image",
    { inlineData: { mimeType: "image/png", data: "iVBO" } },
    "![image](data:image/png;base64,iVBO)",
  ],
  [
    "a sound",
    { inlineData: { mimeType: "audio/wav", data: "UklG" } },
    "[audio/wav](data:audio/wav;base64,UklG)",
  ],
  [
    "code",
    { executableCode: { language: "PYTHON", code: "print(1)" } },
    "\n```python\nprint(1)\n```\n",
  ],
  ["code of no language", { executableCode: { code: "x\n" } }, "\n```\nx\n```\n"],
  [
    "code in an odd language",
    { executableCode: { language: "a\nb", code: "x" } },
    "\n```\nx\n```\n",
  ],
  [
    "code with a fence",
    { executableCode: { language: "MARKDOWN", code: "````\n" } },
    "\n`````markdown\n````\n`````\n",
  ],
  [
    "a result",
    { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1\n" } },
    "\n```\n1\n```\n",
  ],
  ["a result of nothing", { codeExecutionResult: { outcome: "OUTCOME_OK" } }, "\n```\n```\n"],
])("%s", (_name, part, markdown) => {
  expect(partMarkdown(part)).toBe(markdown);
});

test.each<[string, unknown]>([
  ["nothing known", {}],
  ["an image without data", { inlineData: { mimeType: "image/png" } }],
  ["null", { inlineData: null, executableCode: null, codeExecutionResult: null }],
  ["wrong types", { inlineData: { mimeType: 1, data: 2 }, executableCode: "x" }],
  ["a file", { fileData: { fileUri: "gs://x" } }],
])("no Markdown for %s", (_name, part) => {
  // The wire may hold any type.
  expect(partMarkdown(part as ResponsePart)).toBeUndefined();
});
