import { expect, test } from "vitest";
import type { ToolChoice, ToolParam } from "../anthropic/messages.ts";
import { isWebSearchOnly } from "./web-search-only.ts";

const search: ToolParam = { type: "web_search_20250305", name: "web_search" };
const later: ToolParam = { type: "web_search_20260318", name: "web_search_2" };
const bash: ToolParam = { name: "Bash", input_schema: { type: "object" } };
const placeholder: ToolParam = { name: "DeferredToolPlaceholder", input_schema: {} };

test.each<[string, readonly ToolParam[] | undefined, ToolChoice | undefined, boolean]>([
  ["what Claude Code sends", [search], { type: "auto" }, true],
  ["without a choice", [search], undefined, true],
  ["any version, more than one", [search, later], undefined, true],
  ["beside the stand-in of tool search", [placeholder, search], undefined, true],
  ["the choice is not to search", [search], { type: "none" }, false],
  ["beside a function", [search, bash], undefined, false],
  ["no tools", [], undefined, false],
  ["no list of tools", undefined, undefined, false],
  ["only the stand-in", [placeholder], undefined, false],
  ["a function called web_search", [{ ...bash, name: "web_search" }], undefined, false],
])("%s", (_name, tools, tool_choice, expected) => {
  const request = {
    ...(tools === undefined ? {} : { tools }),
    ...(tool_choice === undefined ? {} : { tool_choice }),
  };
  expect(isWebSearchOnly(request)).toBe(expected);
});
