import { defineConfig } from "vitest/config";

// The `source` condition makes the packages resolve to their TypeScript: tests need no build.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "tests/claude-code/**"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
