// A chart is as wide as the window of whoever looks, and no recording has them all: the same chart, as near to it as there is one.
import type { ChartRequest } from "../src/wire/index.ts";
import { keyOf } from "./recording.ts";
import type { Likeness } from "./session.ts";

export const nearestChart: Likeness = (recording, state, { command, args }) => {
  if (command !== "draw_trend") return undefined;
  const wanted = requestOf(args);
  const alike = recording.all.filter(
    (entry) => entry.state === state && entry.command === command && whatOf(requestOf(entry.args)) === whatOf(wanted),
  );
  const away = (request: ChartRequest): number =>
    Math.abs(request.width - wanted.width) + (request.theme === wanted.theme ? 0 : 10_000);
  return alike.sort((a, b) => away(requestOf(a.args)) - away(requestOf(b.args)))[0];
};

const requestOf = (args: unknown): ChartRequest => (args as { request: ChartRequest }).request;
const whatOf = ({ query, kind }: ChartRequest): string => keyOf(0, kind, query);
