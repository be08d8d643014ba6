import type { SignatureRecord } from "@agp/core";
import { describe, expect, test } from "vitest";

import { backends } from "./__fixtures__/backends.ts";

const thought: SignatureRecord = {
  kind: "thinking",
  thinking: "Let me look at the file first.",
  family: "claude",
  model: "claude-opus-4-6-thinking",
  signature: "EqoBCkgIARAB",
};
const call: SignatureRecord = {
  kind: "tool_use",
  id: "toolu_01",
  name: "Read",
  family: "gemini",
  model: "gemini-3-pro-high",
  signature: "CiQBcsjafJ",
};
const keys = {
  toolUseIds: ["toolu_01", "toolu_02"],
  thinking: [{ thinking: thought.thinking, signature: thought.signature }],
};
const nothing = { toolUseIds: [], thinking: [] };

describe.each(backends)("signatures in $name", ({ create }) => {
  test("are found by tool id, by text and by signature, at once", async () => {
    const store = await create().open();
    store.signatures.remember([thought, call], "acc_1");
    const reader = await store.signatures.load(keys);
    expect(reader.toolUse("toolu_01")).toEqual({ signature: call.signature, family: "gemini" });
    expect(reader.toolUse("toolu_02")).toBeUndefined();
    expect(reader.claudeSignatureOf(thought.thinking)).toBe(thought.signature);
    expect(reader.origin(thought.signature)).toEqual({
      family: "claude",
      thinking: thought.thinking,
    });
  });

  test("survive a restart", async () => {
    const { open } = create();
    const store = await open();
    store.signatures.remember([thought, call], "acc_1");
    await store.close();
    const reader = await (await open()).signatures.load(keys);
    expect(reader.toolUse("toolu_01")?.signature).toBe(call.signature);
    expect(reader.claudeSignatureOf(thought.thinking)).toBe(thought.signature);
    expect(reader.origin(thought.signature)?.thinking).toBe(thought.thinking);
  });

  test("the text comes back by the signature when the client was given none", async () => {
    const store = await create().open();
    store.signatures.remember([thought], "acc_1");
    const reader = await store.signatures.load({
      toolUseIds: [],
      thinking: [{ thinking: "", signature: thought.signature }],
    });
    expect(reader.origin(thought.signature)?.thinking).toBe(thought.thinking);
  });

  test("a text of one changed character, or of another family, has no Claude signature", async () => {
    const store = await create().open();
    store.signatures.remember(
      [thought, { ...thought, family: "gemini", thinking: "Hm." }],
      "acc_1",
    );
    const texts = [`${thought.thinking} `, "Hm."];
    const reader = await store.signatures.load({
      toolUseIds: [],
      thinking: texts.map((thinking) => ({ thinking, signature: "" })),
    });
    expect(texts.map((text) => reader.claudeSignatureOf(text))).toEqual([undefined, undefined]);
    expect(reader.origin("")).toBeUndefined();
  });

  test("ids of any length are kept apart", async () => {
    const store = await create().open();
    const ids = ["x".repeat(64), "x".repeat(65), "x".repeat(66)];
    store.signatures.remember(
      ids.map((id) => ({ ...call, id, signature: `of ${id}` })),
      "acc_1",
    );
    const reader = await store.signatures.load({ toolUseIds: ids, thinking: [] });
    expect(ids.map((id) => reader.toolUse(id)?.signature)).toEqual(ids.map((id) => `of ${id}`));
  });

  test("only what was loaded is answered", async () => {
    const store = await create().open();
    store.signatures.remember([thought, call], "acc_1");
    const reader = await store.signatures.load(nothing);
    expect(reader.toolUse("toolu_01")).toBeUndefined();
  });

  test("a new signature takes the place of the old one under the same id", async () => {
    const { open } = create();
    const store = await open();
    store.signatures.remember([call], "acc_1");
    await store.flush();
    store.signatures.remember([{ ...call, signature: "new" }], "acc_2");
    await store.close();
    const reader = await (await open()).signatures.load(keys);
    expect(reader.toolUse("toolu_01")?.signature).toBe("new");
  });

  test("what the backend refused is forgotten, in memory, queue and file", async () => {
    const { open } = create();
    const store = await open();
    store.signatures.remember([thought], "acc_1");
    await store.flush();
    store.signatures.remember([call], "acc_1");
    await store.signatures.forget(keys);
    for (const look of [store, await open()]) {
      const reader = await look.signatures.load(keys);
      expect(reader.toolUse("toolu_01")).toBeUndefined();
      expect(reader.claudeSignatureOf(thought.thinking)).toBeUndefined();
      expect(reader.origin(thought.signature)).toBeUndefined();
    }
  });

  test("hundreds of keys are loaded at once", async () => {
    const { open } = create();
    const store = await open();
    const ids = Array.from({ length: 1300 }, (_, index) => `toolu_${index}`);
    store.signatures.remember(
      ids.map((id) => ({ ...call, id, signature: `of ${id}` })),
      "acc_1",
    );
    await store.close();
    const reader = await (await open()).signatures.load({ toolUseIds: ids, thinking: [] });
    expect(ids.filter((id) => reader.toolUse(id)?.signature !== `of ${id}`)).toEqual([]);
  });

  test("a key that is missing is asked for again after a minute", async () => {
    const { open, clock } = create();
    const [store, other] = [await open(), await open()];
    expect((await store.signatures.load(keys)).toolUse("toolu_01")).toBeUndefined();
    other.signatures.remember([call], "acc_1");
    await other.flush();
    clock.advance(60_001);
    expect((await store.signatures.load(keys)).toolUse("toolu_01")).toBeDefined();
  });

  test("a key that was missing is found as soon as it is remembered", async () => {
    const store = await create().open();
    await store.signatures.load(keys);
    store.signatures.remember([call], "acc_1");
    await store.flush();
    expect((await store.signatures.load(keys)).toolUse("toolu_01")).toBeDefined();
  });
});
