// Invented trail.
import type { Handlers } from "./scenario.ts";

export const handlers: Handlers = {};
