import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Effort } from "../anthropic/messages.ts";
import { BUILT_IN_CATALOGUE } from "../models/built-in.ts";
import { catalogueFrom } from "../models/catalogue-from.ts";
import { editDistance, nearestNames } from "./nearest-names.ts";
import { planRoute, resolveModel } from "./resolve-model.ts";
import type { ResolveOptions } from "./resolve-model.ts";

const fixture: {
  readonly catalogue: readonly string[];
  readonly cases: readonly { readonly client: string; readonly upstream: string | null }[];
} = JSON.parse(readFileSync(new URL("__fixtures__/62-model-ids.json", import.meta.url), "utf8"));

const catalogueOf = (...ids: readonly string[]) =>
  catalogueFrom([{ models: Object.fromEntries(ids.map((id) => [id, { displayName: id }])) }]);

const CATALOGUE = catalogueOf(...fixture.catalogue);

function idOf(requested: string, options: Partial<ResolveOptions> = {}): string | undefined {
  const result = resolveModel(requested, { catalogue: CATALOGUE, aliases: {}, ...options });
  return result.kind === "model" ? result.model.id : undefined;
}

function errorOf(requested: string, options: Partial<ResolveOptions> = {}) {
  const result = resolveModel(requested, { catalogue: CATALOGUE, aliases: {}, ...options });
  return result.kind === "unknown" ? result.error : undefined;
}

describe("the fixture", () => {
  test.each(fixture.cases)("$client → $upstream", ({ client, upstream }) => {
    const free = upstream?.startsWith("(") === true;
    expect(idOf(client)).toBe(free ? "gemini-2.5-flash" : (upstream ?? undefined));
  });
});

describe("Claude's lines", () => {
  test.each([
    ["claude-opus-5-5", "claude-opus-4-6-thinking"],
    ["claude-opus-4-5-thinking", "claude-opus-4-6-thinking"],
    ["claude-3-opus-20240229", "claude-opus-4-6-thinking"],
    ["claude-fable-5", "claude-opus-4-6-thinking"],
    ["claude-mythos-preview", "claude-opus-4-6-thinking"],
    ["opus", "claude-opus-4-6-thinking"],
    ["OPUS[1m]", "claude-opus-4-6-thinking"],
    ["claude-3-7-sonnet-20250219", "claude-sonnet-4-6"],
    ["claude-3-5-sonnet@20241022", "claude-sonnet-4-6"],
    ["sonnet", "claude-sonnet-4-6"],
    ["haiku", "gemini-2.5-flash"],
    ["claude-3-haiku-20240307", "gemini-2.5-flash"],
    ["claude-3-5-haiku-latest", "gemini-2.5-flash"],
    ["claude-2.1", undefined],
    ["claude-instant-1", undefined],
    ["claude-opusculum", undefined],
    ["opusplan", undefined],
    ["my-opus", undefined],
  ])("%s → %s", (requested, id) => {
    expect(idOf(requested)).toBe(id);
  });

  test("the newest of the line serves", () => {
    const catalogue = catalogueOf(
      "claude-opus-4-6-thinking",
      "claude-opus-5-1",
      "claude-opus-4-10",
    );
    expect(idOf("claude-opus-5-5", { catalogue })).toBe("claude-opus-5-1");
    const older = catalogueOf("claude-opus-4-6-thinking", "claude-opus-4-10");
    expect(idOf("claude-opus-5-5", { catalogue: older })).toBe("claude-opus-4-10");
  });

  test("a line that nobody has is unknown: no silent step down", () => {
    const catalogue = catalogueOf("claude-sonnet-4-6", "gemini-3-flash");
    expect(idOf("claude-opus-5-5", { catalogue })).toBeUndefined();
  });
});

describe("a Haiku", () => {
  test.each([
    ["the configured small model", { smallModel: "gemini-3-flash" }, "gemini-3-flash"],
    ["any spelling of it", { smallModel: "models/Gemini-3-Flash" }, "gemini-3-flash"],
    ["its nearest kin, where it is gone", { smallModel: "gemini-3-pro-low" }, "gemini-3.1-pro-low"],
    ["the sonnet line, where that is configured", { smallModel: "sonnet" }, "claude-sonnet-4-6"],
    [
      "a Haiku, should there be one",
      { catalogue: catalogueOf("claude-haiku-6", "gemini-3-flash") },
      "claude-haiku-6",
    ],
    [
      "the Sonnet, where there is no Flash",
      { catalogue: catalogueOf("claude-sonnet-4-6", "gemini-3.1-pro-high") },
      "claude-sonnet-4-6",
    ],
    [
      "an alias first",
      { smallModel: "gemini-3-flash", aliases: { "claude-haiku-*": "gemini-3.1-pro-low" } },
      "gemini-3.1-pro-low",
    ],
  ])("%s", (_what, options, id) => {
    expect(idOf("claude-haiku-4-5-20251001", options)).toBe(id);
  });

  test("a small model that is unknown is named in the error", () => {
    expect(errorOf("claude-haiku-5-5", { smallModel: "tiny" })?.message).toMatch(
      /^model: claude-haiku-5-5 \(configured to mean "tiny"\) is not known/,
    );
  });

  test("other names do not go to it", () => {
    expect(idOf("gpt-9", { smallModel: "gemini-3-flash" })).toBeUndefined();
  });
});

describe("Gemini's tiers", () => {
  const live = BUILT_IN_CATALOGUE;

  test.each<[string, Effort | undefined, string]>([
    ["gemini-3-pro", undefined, "gemini-3.1-pro-high"],
    ["gemini-3-pro", "low", "gemini-3.1-pro-low"],
    ["gemini-3-pro-preview", "medium", "gemini-3.1-pro-high"],
    ["gemini-3.1-pro-preview", "max", "gemini-3.1-pro-high"],
    ["gemini-3.5-flash", "low", "gemini-3.5-flash-extra-low"],
    ["gemini-3.5-flash", "medium", "gemini-3.5-flash-low"],
    ["gemini-3.5-flash", undefined, "gemini-3.5-flash-low"],
    ["gemini-3.5-flash", "high", "gemini-3-flash-agent"],
    ["gemini-3.5-flash", "xhigh", "gemini-3-flash-agent"],
    ["gemini-3-flash-preview", "high", "gemini-3-flash-agent"],
    ["gemini-3-flash-preview", "low", "gemini-3.5-flash-extra-low"],
    ["gemini-3-flash", "high", "gemini-3-flash"],
    ["gemini-3.1-pro-low", "high", "gemini-3.1-pro-low"],
    ["gemini-3.8-flash-high", undefined, "gemini-3-flash-agent"],
  ])("%s with effort %s → %s", (requested, effort, id) => {
    expect(idOf(requested, { catalogue: live, ...(effort && { effort }) })).toBe(id);
  });

  test.each([
    ["gemini-3-pro-low", ["gemini-3.1-pro-high", "gemini-3.1-pro-low"], "gemini-3.1-pro-low"],
    [
      "gemini-3-pro-high",
      ["gemini-pro-agent", "gemini-3.1-pro-low", "gemini-2.5-pro"],
      "gemini-pro-agent",
    ],
    ["gemini-3.1-pro", ["gemini-pro-agent", "gemini-3.1-pro-low"], "gemini-pro-agent"],
    ["gemini-2.5-pro", ["gemini-3.1-pro-low"], "gemini-3.1-pro-low"],
    [
      "gemini-2.5-flash",
      ["gemini-3-flash", "gemini-3-flash-agent", "gemini-3.1-flash-lite"],
      "gemini-3-flash",
    ],
    ["gemini-3-flash", ["gemini-2.5-flash", "gemini-3-flash-agent"], "gemini-2.5-flash"],
    ["gemini-2.5-flash-lite", ["gemini-3-flash", "gemini-3.1-flash-lite"], "gemini-3.1-flash-lite"],
    ["gemini-2.5-flash-lite", ["gemini-3-flash"], "gemini-3-flash"],
    ["gemini-3.5-flash", ["gemini-3-flash"], "gemini-3-flash"],
    ["gemini-2.5-flash", ["gemini-3.1-pro-high"], undefined],
    ["gemini-3-pro", ["gemini-3-flash", "gemini-3-pro-image"], undefined],
    ["gemini-1.5-pro", ["gemini-2.5-pro"], undefined],
    ["gemini-9-ultra", ["gemini-2.5-pro"], undefined],
  ])("%s of %j → %s", (requested, ids, id) => {
    expect(idOf(requested, { catalogue: catalogueOf(...ids) })).toBe(id);
    expect(idOf(requested, { catalogue: catalogueOf(...ids.toReversed()) })).toBe(id);
  });
});

describe("replacements of the backend", () => {
  const catalogue = catalogueFrom([
    {
      models: { "claude-sonnet-4-6": { displayName: "S" } },
      deprecatedModelIds: {
        "claude-sonnet-4-4": { newModelId: "claude-sonnet-4-5" },
        "claude-sonnet-4-5": { newModelId: "claude-sonnet-4-6" },
        round: { newModelId: "about" },
        about: { newModelId: "round" },
        nowhere: { newModelId: "gone" },
      },
    },
  ]);

  test.each([
    ["claude-sonnet-4-5", "claude-sonnet-4-6"],
    ["claude-sonnet-4-4-20250101", "claude-sonnet-4-6"],
    ["round", undefined],
    ["nowhere", undefined],
  ])("%s → %s", (requested, id) => {
    expect(idOf(requested, { catalogue })).toBe(id);
  });

  test("they come before the user's table, a live id before both", () => {
    const aliases = { "claude-*": "gone" };
    expect(idOf("claude-sonnet-4-5", { catalogue, aliases })).toBe("claude-sonnet-4-6");
    expect(idOf("claude-sonnet-4-6", { catalogue, aliases })).toBe("claude-sonnet-4-6");
    expect(idOf("claude-sonnet-4-3", { catalogue, aliases })).toBeUndefined();
  });
});

describe("the user's table", () => {
  const aliases = {
    "claude-opus-*": "gemini-3.1-pro-high",
    "claude-opus-5-5": "Anthropic/Claude-Sonnet-4.6",
    fast: "gemini-3-flash",
    faster: "fast",
    old: "claude-haiku-3",
    bad: "nothing-like-it",
  };

  test.each([
    ["claude-opus-5-5", "claude-sonnet-4-6"],
    ["claude-opus-5-4", "gemini-3.1-pro-high"],
    ["claude-opus-4-6-thinking", "claude-opus-4-6-thinking"],
    ["fast", "gemini-3-flash"],
    ["Fast[1m]", "gemini-3-flash"],
    ["claude-via-fast", "gemini-3-flash"],
    ["old", "gemini-2.5-flash"],
    ["faster", undefined],
    ["bad", undefined],
    ["toString", undefined],
  ])("%s → %s", (requested, id) => {
    expect(idOf(requested, { aliases })).toBe(id);
  });

  test("a target that is unknown is named in the error", () => {
    expect(errorOf("bad", { aliases })).toMatchObject({
      status: 404,
      message: expect.stringMatching(
        /^model: bad \(configured to mean "nothing-like-it"\) is not known/,
      ),
    });
  });
});

describe("thinking", () => {
  const pair = catalogueOf("claude-sonnet-4-5", "claude-sonnet-4-5-thinking");

  test.each([
    ["claude-sonnet-4-5", true, "claude-sonnet-4-5-thinking"],
    ["claude-sonnet-4-5", false, "claude-sonnet-4-5"],
    ["claude-sonnet-5-5", true, "claude-sonnet-4-5-thinking"],
    ["claude-sonnet-5-5", false, "claude-sonnet-4-5"],
    ["claude-sonnet-4-5-thinking", false, "claude-sonnet-4-5-thinking"],
  ])("%s, wanted: %s → %s", (requested, wantsThinking, id) => {
    expect(idOf(requested, { catalogue: pair, wantsThinking })).toBe(id);
  });

  test("without a sibling the model stays", () => {
    expect(
      idOf("claude-sonnet-4-5", {
        catalogue: catalogueOf("claude-sonnet-4-5"),
        wantsThinking: true,
      }),
    ).toBe("claude-sonnet-4-5");
  });
});

describe("an unknown model", () => {
  test("is a 404 that names the nearest", () => {
    expect(errorOf("gemini-3-flush")).toEqual({
      status: 404,
      type: "not_found_error",
      message:
        "model: gemini-3-flush is not known to this server. Nearest: gemini-3-flash, gemini-2.5-flash, gemini-3.1-pro-high. GET /v1/models lists them all.",
      shouldRetry: false,
    });
  });

  test("names of the user's table are among the nearest, patterns are not", () => {
    const aliases = { "think-high": "gemini-3-flash", "think-*x": "gemini-3-flash" };
    expect(errorOf("think-hihg", { aliases })?.message).toMatch(/Nearest: think-high, /);
    expect(errorOf("think-hihg", { aliases })?.message).not.toContain("*");
  });

  test.each(["toString", "__proto__", "constructor", "hasOwnProperty", "", "*", "models/", "[1m]"])(
    "%j",
    (requested) => {
      expect(errorOf(requested)?.message.startsWith(`model: ${requested} is not known`)).toBe(true);
    },
  );

  test("a name that would steer a terminal is cleaned, a long one cut", () => {
    expect(errorOf("a\u001b[2Jb")?.message).toMatch(/^model: a\uFFFD\[2Jb is not known/);
    expect(errorOf("x".repeat(256))?.message.length).toBeLessThan(400);
  });
});

test("a plan has the name that was sent and one candidate", () => {
  const options = { catalogue: CATALOGUE, aliases: {} };
  expect(planRoute("claude-via-gemini-3-flash", options)).toEqual({
    kind: "plan",
    plan: {
      requested: "claude-via-gemini-3-flash",
      candidates: [CATALOGUE.models.get("gemini-3-flash")],
    },
  });
  expect(planRoute("gpt-9", options)).toEqual({ kind: "unknown", error: errorOf("gpt-9") });
});

describe("properties", () => {
  test("any name is a model of the catalogue or a 404, and claude-via- changes nothing", () => {
    const name = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc
        .array(
          fc.constantFrom(
            "claude",
            "gemini",
            "opus",
            "haiku",
            "pro",
            "flash",
            "3",
            "4.6",
            "high",
            "latest",
            "20250101",
          ),
          { maxLength: 6 },
        )
        .map((parts) => parts.join("-")),
    );
    fc.assert(
      fc.property(name, (requested) => {
        const id = idOf(requested);
        expect(id === undefined ? errorOf(requested)?.status : CATALOGUE.models.has(id)).toBe(
          id === undefined ? 404 : true,
        );
        expect(idOf(`claude-via-${requested.trim()}`)).toBe(idOf(requested.trim()));
      }),
      { numRuns: 500 },
    );
  });

  test("every id that is listed resolves to itself", () => {
    for (const id of BUILT_IN_CATALOGUE.models.keys()) {
      expect(idOf(id, { catalogue: BUILT_IN_CATALOGUE })).toBe(id);
      expect(idOf(`claude-via-${id}`, { catalogue: BUILT_IN_CATALOGUE })).toBe(id);
    }
  });
});

describe("nearestNames", () => {
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["abc", "abc", 0],
    ["abc", "acb", 2],
  ])("editDistance(%j, %j) is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  test("equals keep the order of the list, and repeated names count once", () => {
    expect(nearestNames("b", ["cc", "a", "c", "a", "b"], 3)).toEqual(["b", "a", "c"]);
    expect(nearestNames("b", [], 3)).toEqual([]);
  });
});
