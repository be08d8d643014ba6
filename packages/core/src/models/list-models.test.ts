import { describe, expect, test } from "vitest";
import { BUILT_IN_CATALOGUE, BUILT_IN_MODELS } from "./built-in.ts";
import { catalogueFrom } from "./catalogue-from.ts";
import { geminiTierOf } from "./gemini-tier.ts";
import { listModels } from "./list-models.ts";
import { modelById, paginateModels } from "./paginate-models.ts";
import { cheapestFlash } from "./small-model.ts";

const catalogueOf = (...ids: readonly string[]) =>
  catalogueFrom([
    { models: Object.fromEntries(ids.map((id) => [id, { displayName: `Name of ${id}` }])) },
  ]);
const idsOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

describe("listModels", () => {
  test("a Claude in full", () => {
    const no = { supported: false };
    const yes = { supported: true };
    expect(listModels(catalogueOf("claude-sonnet-4-6"))).toEqual([
      {
        type: "model",
        id: "claude-sonnet-4-6",
        display_name: "Name of claude-sonnet-4-6",
        created_at: "1970-01-01T00:00:00Z",
        lifecycle: "active",
        deprecated_at: null,
        retires_at: null,
        line: "sonnet",
        max_input_tokens: 200_000,
        max_tokens: 64_000,
        capabilities: {
          batch: no,
          citations: no,
          code_execution: no,
          image_input: yes,
          pdf_input: yes,
          structured_outputs: yes,
          context_management: {
            ...no,
            clear_thinking_20251015: no,
            clear_tool_uses_20250919: no,
            compact_20260112: no,
          },
          effort: { ...yes, low: yes, medium: yes, high: yes, xhigh: yes, max: yes },
          thinking: {
            ...yes,
            types: { adaptive: yes, enabled: yes, disabled: yes, between_tools: no },
          },
          server_tools: { ...no, web_search: no, code_execution: no },
        },
      },
    ]);
  });

  test("what does not begin with claude is listed twice, with a clear name", () => {
    const list = listModels(catalogueOf("gemini-3-flash", "claude-opus-4-6-thinking"));
    expect(list.map(({ id, display_name, line }) => [id, display_name, line])).toEqual([
      ["claude-opus-4-6-thinking", "Name of claude-opus-4-6-thinking", "opus"],
      ["gemini-3-flash", "Name of gemini-3-flash", null],
      ["claude-via-gemini-3-flash", "Name of gemini-3-flash (gemini-3-flash)", null],
    ]);
    expect({ ...list[2], id: "", display_name: "" }).toEqual({
      ...list[1],
      id: "",
      display_name: "",
    });
  });

  test("newest first within a family, whatever the order of the answer", () => {
    const ids = [
      "gpt-oss-120b-medium",
      "gemini-2.5-pro",
      "claude-sonnet-4-5",
      "gemini-pro-agent",
      "gemini-3-flash",
      "claude-opus-4-6-thinking",
      "claude-sonnet-4-6",
      "gemini-3-flash-agent",
    ];
    const sorted = [
      "claude-opus-4-6-thinking",
      "claude-sonnet-4-6",
      "claude-sonnet-4-5",
      "gemini-3-flash-agent",
      "gemini-pro-agent",
      "gemini-3-flash",
      "gemini-2.5-pro",
      "gpt-oss-120b-medium",
    ];
    const own = (list: readonly string[]) => list.filter((id) => !id.startsWith("claude-via-"));
    expect(own(idsOf(listModels(catalogueOf(...ids))))).toEqual(sorted);
    expect(own(idsOf(listModels(catalogueOf(...ids.toReversed()))))).toEqual(sorted);
  });

  test("abilities follow the model", () => {
    const list = listModels(BUILT_IN_CATALOGUE);
    const capabilities = (id: string) => modelById(list, id)?.capabilities;
    expect(capabilities("gemini-3-flash")?.thinking.types.disabled.supported).toBe(false);
    expect(capabilities("gemini-2.5-flash")?.thinking.types.disabled.supported).toBe(true);
    expect(capabilities("gpt-oss-120b-medium")).toMatchObject({
      image_input: { supported: false },
      pdf_input: { supported: false },
      structured_outputs: { supported: false },
      effort: { supported: false },
      thinking: { supported: false },
      server_tools: { web_search: { supported: true } },
    });
    expect(capabilities("gemini-3-pro-image")?.structured_outputs.supported).toBe(false);
  });

  test("groups and aliases come first, with the abilities of the model that stands for them", () => {
    const model = BUILT_IN_MODELS.get("gemini-3-flash");
    const list = listModels(catalogueOf("claude-sonnet-4-6"), [
      { id: "think-high", displayName: "think-high (group: 2 models)" },
      { id: "claude-mine", displayName: "claude-mine → Gemini 3 Flash", ...(model && { model }) },
    ]);
    expect(idsOf(list)).toEqual([
      "think-high",
      "claude-via-think-high",
      "claude-mine",
      "claude-sonnet-4-6",
    ]);
    expect(list[0]).toMatchObject({ capabilities: null, max_tokens: null, max_input_tokens: null });
    expect(list[2]).toMatchObject({
      display_name: "claude-mine → Gemini 3 Flash",
      max_tokens: 65_536,
      line: null,
    });
  });

  test("every id is listed once", () => {
    const ids = idsOf(listModels(BUILT_IN_CATALOGUE));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("paginateModels", () => {
  const list = listModels(catalogueOf("claude-a", "claude-b", "claude-c", "claude-d", "claude-e"));
  const pageOf = (query: Parameters<typeof paginateModels>[1]) => {
    const result = paginateModels(list, query);
    if (result.kind === "refused") return result.error.message;
    const { data, has_more, first_id, last_id } = result.page;
    return [
      idsOf(data)
        .map((id) => id.slice(7))
        .join(""),
      has_more,
      first_id?.slice(7),
      last_id?.slice(7),
    ];
  };

  test.each<[Parameters<typeof paginateModels>[1], unknown]>([
    [{}, ["abcde", false, "a", "e"]],
    [{ limit: null, after_id: null, before_id: null }, ["abcde", false, "a", "e"]],
    [{ limit: "2" }, ["ab", true, "a", "b"]],
    [{ limit: 5 }, ["abcde", false, "a", "e"]],
    [{ limit: "2", after_id: "claude-b" }, ["cd", true, "c", "d"]],
    [{ limit: "2", after_id: "claude-d" }, ["e", false, "e", "e"]],
    [{ after_id: "claude-e" }, ["", false, undefined, undefined]],
    [{ limit: "2", before_id: "claude-d" }, ["bc", true, "b", "c"]],
    [{ limit: "2", before_id: "claude-c" }, ["ab", false, "a", "b"]],
    [{ before_id: "claude-a" }, ["", false, undefined, undefined]],
    [{ limit: "1000" }, ["abcde", false, "a", "e"]],
    [{ limit: "1001" }, "limit: Input should be less than or equal to 1000"],
    [{ limit: "0" }, "limit: Input should be greater than or equal to 1"],
    [{ limit: "-1" }, "limit: Input should be greater than or equal to 1"],
    [{ limit: "x" }, "limit: Input should be a valid integer"],
    [{ limit: "" }, "limit: Input should be a valid integer"],
    [{ limit: "1.5" }, "limit: Input should be a valid integer"],
    [{ after_id: "gone" }, "after_id: 'gone' is not the id of a listed model"],
    [{ after_id: "" }, "after_id: '' is not the id of a listed model"],
    [{ before_id: "toString" }, "before_id: 'toString' is not the id of a listed model"],
    [
      { after_id: "claude-a", before_id: "claude-c" },
      "after_id, before_id: only one of them may be given",
    ],
  ])("%j", (query, expected) => {
    expect(pageOf(query)).toEqual(expected);
  });

  test("pages joined by last_id are the list", () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 10; pages++) {
      const result = paginateModels(list, { limit: 2, after_id: after });
      const page = result.kind === "page" ? result.page : undefined;
      seen.push(...idsOf(page?.data ?? []));
      after = page?.last_id ?? null;
      if (page?.has_more !== true) break;
    }
    expect(seen).toEqual(idsOf(list));
  });

  test("an empty list has no ids", () => {
    expect(paginateModels([], {})).toEqual({
      kind: "page",
      page: { data: [], has_more: false, first_id: null, last_id: null },
    });
  });
});

test.each(["toString", "__proto__", "constructor", ""])("modelById knows no %j", (id) => {
  expect(modelById(listModels(BUILT_IN_CATALOGUE), id)).toBeUndefined();
});

describe("geminiTierOf", () => {
  test.each([
    ["gemini-2.5-flash", { version: 2.5, kind: "flash" }],
    ["gemini-2.5-flash-thinking", { version: 2.5, kind: "flash" }],
    ["gemini-2.5-flash-lite", { version: 2.5, kind: "flash-lite" }],
    ["gemini-3-pro-preview", { version: 3, kind: "pro" }],
    ["gemini-3.1-pro-low", { version: 3.1, kind: "pro", level: "low" }],
    ["gemini-3.8-flash-medium", { version: 3.8, kind: "flash", level: "medium" }],
    ["gemini-pro-agent", { version: 3.1, kind: "pro", level: "high" }],
    ["gemini-3-flash-agent", { version: 3.5, kind: "flash", level: "high" }],
    ["gemini-3.5-flash-low", { version: 3.5, kind: "flash", level: "medium" }],
    ["gemini-3.5-flash-extra-low", { version: 3.5, kind: "flash", level: "low" }],
    ["gemini-3-pro-image", undefined],
    ["gemini-1.5-pro", undefined],
    ["gemini-9-ultra", undefined],
    ["claude-sonnet-4-6", undefined],
    ["constructor", undefined],
  ])("%s", (id, tier) => {
    expect(geminiTierOf(id)).toEqual(tier);
  });
});

describe("cheapestFlash", () => {
  test.each([
    [
      ["gemini-3-flash", "gemini-2.5-flash-thinking", "gemini-2.5-flash", "gemini-2.5-flash-lite"],
      "gemini-2.5-flash",
    ],
    [
      ["gemini-3-flash-agent", "gemini-3.5-flash-low", "gemini-3.5-flash-extra-low"],
      "gemini-3.5-flash-extra-low",
    ],
    [["gemini-3.5-flash-extra-low", "gemini-3-flash"], "gemini-3-flash"],
    [["gemini-3.1-pro-high", "gemini-3.1-flash-lite"], "gemini-3.1-flash-lite"],
    [["gemini-3.1-pro-high", "claude-sonnet-4-6", "gemini-3.1-flash-image"], undefined],
  ])("of %j it is %s", (ids, cheapest) => {
    expect(cheapestFlash(catalogueOf(...ids))?.id).toBe(cheapest);
    expect(cheapestFlash(catalogueOf(...ids.toReversed()))?.id).toBe(cheapest);
  });
});
