import { expect, test } from "vitest";

import { rawDatabase } from "./__fixtures__/raw-store.ts";
import { precompile } from "./precompiled.ts";

test("each value goes to its place, in whatever order the query takes them, nulls included", async () => {
  const { database, raw } = rawDatabase();
  raw.exec("insert into settings values ('theme', 'dark'), ('width', '3')");
  const update = precompile<{ key: string; value: string }>(["key", "value"], ({ key, value }) =>
    database.updateTable("settings").set({ value }).where("key", "=", key),
  );
  expect(update({ key: "k", value: "v" }).parameters).toEqual(["v", "k"]);
  await database.executeQuery(update({ key: "theme", value: "light" }));
  await database.executeQuery(update({ key: "width", value: "4" }));
  expect(raw.prepare("select * from settings order by key").all()).toEqual([
    { key: "theme", value: "light" },
    { key: "width", value: "4" },
  ]);
});

test("a query with a parameter of its own is refused when it is made, not when it runs", () => {
  const { database } = rawDatabase();
  const make = () =>
    precompile<{ key: string }>(["key"], ({ key }) =>
      database.updateTable("settings").set({ value: "fixed" }).where("key", "=", key),
    );
  expect(make).toThrow("a parameter of its own");
});
