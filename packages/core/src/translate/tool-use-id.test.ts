import { expect, test } from "vitest";
import { chooseToolUseId } from "./tool-use-id.ts";

const randomId = () => "R".repeat(24);
const isTaken = (id: string) => id === "toolu_vrtx_taken";

test.each(["toolu_vrtx_01AbC", "call-1", "_"])("keeps the backend's %s", (id) => {
  expect(chooseToolUseId(id, isTaken, randomId)).toBe(id);
});

test.each([undefined, null, 7, "", "a b", "call:weird.id/é 1", "toolu_vrtx_taken", "a\n"])(
  "makes a new one for %j",
  (id) => {
    expect(chooseToolUseId(id, isTaken, randomId)).toBe(`toolu_${"R".repeat(24)}`);
  },
);
