// What neither the compiler nor the formatter sees: promises that nobody waits for, values of type `any`, exceptions nobody needs.
// Accessibility is svelte-check's: its warnings fail the check.
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import { defineConfig } from "eslint/config";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** Each of them speaks of a value whose type is unknown where it is used. */
const unsafe = ["argument", "assignment", "call", "member-access", "return"].map(
  (use) => `@typescript-eslint/no-unsafe-${use}`,
);
const off = (rules) => Object.fromEntries(rules.map((rule) => [rule, "off"]));

export default defineConfig(
  // Written by `cargo xtask types`.
  { ignores: ["dist/", "src/wire/", "src/host/commands.ts"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
        svelteConfig,
      },
    },
    rules: {
      "no-undef": "off", // The compiler knows which names there are.
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "svelte/prefer-svelte-reactivity": "off", // Sets and maps are replaced as a whole (`$state.raw`), never changed in place.
      "svelte/no-useless-mustaches": "off", // `{" "}` keeps a space at the edge of a block, which Svelte would drop.
      "svelte/no-unused-svelte-ignore": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    // The linter sees every component, and so what is handed to its callbacks, as `any`; svelte-check knows their types.
    files: ["**/*.svelte"],
    rules: off(unsafe),
  },
  {
    // Tests look at what a spy was called with.
    files: ["src/**/*.test.ts"],
    rules: off(["@typescript-eslint/unbound-method"]),
  },
  {
    // It fails with plain values, as the shell does.
    files: ["fake/**"],
    rules: off(["@typescript-eslint/only-throw-error"]),
  },
  {
    // Settings of tools, which the TypeScript project does not hold.
    files: ["*.config.js", "fixtures/*.mjs"],
    extends: [ts.configs.disableTypeChecked],
  },
);
