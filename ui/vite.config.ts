import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  // Unit tests mount components, so they need Svelte's browser build, not its server build.
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  server: { port: 1420, strictPort: true },
  build: {
    target: "safari16",
    // The window's content policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "happy-dom",
    // The whole window is looked at in some of them, and a busy machine takes its time.
    testTimeout: 60_000,
    setupFiles: ["fixtures/setup.ts"],
    include: ["src/**/*.test.ts", "fake/**/*.test.ts"],
  },
});
