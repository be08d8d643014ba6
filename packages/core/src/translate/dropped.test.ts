import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { IGNORED_FIELDS } from "../anthropic/ignored-fields.ts";
import { DROP_RULES, TranslationDrops } from "./dropped.ts";
import { TOOL_DROP_RULES } from "./tool-drops.ts";

const TABLES = {
  fields: IGNORED_FIELDS,
  tools: TOOL_DROP_RULES,
  translation: DROP_RULES,
} as const;

function markdown(rules: Readonly<Record<string, string>>): string {
  const rows = Object.entries(rules).map(([rule, sentence]) => `| \`${rule}\` | ${sentence} |`);
  return ["| rule | why |", "|---|---|", ...rows].join("\n");
}

describe("docs/translation.md", () => {
  test("shows the rules as they are in the code; `vitest run -u` mends it", async () => {
    const path = fileURLToPath(new URL("../../../../docs/translation.md", import.meta.url));
    let document = readFileSync(path, "utf8");
    for (const [name, rules] of Object.entries(TABLES)) {
      const section = new RegExp(`(<!-- rules: ${name} -->\n)[^]*?(<!-- end -->)`);
      expect(document).toMatch(section);
      document = document.replace(section, `$1\n${markdown(rules)}\n\n$2`);
    }
    await expect(document).toMatchFileSnapshot(path);
  });
});

describe("rules", () => {
  test("have one name each, in snake_case, and a sentence", () => {
    const rules = Object.values(TABLES).flatMap((table) => Object.entries(table));
    expect(new Set(rules.map(([name]) => name)).size).toBe(rules.length);
    for (const [name, sentence] of rules) {
      expect(name).toMatch(/^[a-z][a-z_]*$/);
      expect(sentence).toMatch(/^\S.*\.$/);
    }
  });
});

describe("TranslationDrops", () => {
  test("counts by rule and path, in the order of the first appearance", () => {
    const drops = new TranslationDrops();
    drops.add("empty_text", "a");
    drops.add("clamped", "a");
    drops.add("empty_text", "b");
    drops.add("empty_text", "a");
    expect(drops.list()).toEqual([
      { path: "a", rule: "empty_text", count: 2 },
      { path: "a", rule: "clamped", count: 1 },
      { path: "b", rule: "empty_text", count: 1 },
    ]);
  });

  test("is empty at first", () => {
    expect(new TranslationDrops().list()).toEqual([]);
  });
});
