// Invented trends and their pictures.
import type { Handlers } from "./scenario.ts";

export const handlers: Handlers = {};
