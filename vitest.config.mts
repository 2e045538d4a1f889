import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{engine,host,server,client,shared,cli,scripts}/test/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    reporters: ["default"],
    maxWorkers: 2,
  },
});
