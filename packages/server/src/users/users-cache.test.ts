import { expect, test } from "vitest";

import { backends } from "../store/__fixtures__/backends.ts";
import { hashApiKey } from "./api-key.ts";
import { UsersCache } from "./users-cache.ts";

test.each(backends)(
  "P22: a key works at once, and stops working at once ($name)",
  async ({ create }) => {
    const { open } = create();
    const [server, cli] = [await open(), await open()];
    const users = new UsersCache(server);
    await users.load();
    server.onExternalChange(() => users.load());
    expect(users.hasEverExisted).toBe(false);
    const { user, key } = await cli.users.create({ name: "anna" });
    await server.refresh();
    expect(users.find(hashApiKey(key))).toEqual(user);
    expect(users.hasEverExisted).toBe(true);
    const rotated = await cli.users.rotateKey("anna");
    await server.refresh();
    expect(users.find(hashApiKey(key))).toBeUndefined();
    expect(users.find(hashApiKey(rotated.key))?.id).toBe(user.id);
    await cli.users.delete("anna");
    await server.refresh();
    expect(users.find(hashApiKey(rotated.key))).toBeUndefined();
    expect(users.hasEverExisted).toBe(true);
  },
);
