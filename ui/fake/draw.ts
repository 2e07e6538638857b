// An invented picture in the shape the engine draws: an SVG without classes and the geometry for the overlay.
import type { ChartPicture, ChartPoint, ChartRequest, Geometry, Trend } from "../src/wire/index.ts";

const LIGHT = { line: "#dfe3e8", text: "#1b1f24", dim: "#57606a", bg: "#ffffff" };
const DARK = { line: "#323842", text: "#e6e9ee", dim: "#a2abb8", bg: "#16181d" };
const SLOTS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];
const SHAPES = ["●", "▲", "■", "◆", "✚", "▼"];

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export function draw(request: ChartRequest, trend: Trend): ChartPicture {
  const { width, height, theme, kind } = request;
  const c = theme === "dark" ? DARK : LIGHT;
  const colour = (slot: number | null) => (slot === null ? "#8A8F98" : (SLOTS[slot] ?? "#8A8F98"));
  const percent = trend.measure === "negative_share";
  const name = (v: number) =>
    percent ? `${Math.round(v * 100)}%` : trend.measure === "volume" ? String(Math.round(v)) : v.toFixed(2);
  const text = (x: number, y: number, t: string, fill: string, anchor = "start") =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${fill}" font-size="11" text-anchor="${anchor}">${escape(t)}</text>`;
  const points: ChartPoint[] = [];
  const labels: Geometry["labels"] = [];
  let body = "";

  if (kind === "ranking") {
    const plot = { x: 120, y: 4, width: width - 180, height: height - 8 };
    const most = Math.max(...trend.series.map((s) => s.total.value ?? 0), 1e-9);
    const rowHeight = Math.min(28, plot.height / Math.max(1, trend.series.length));
    trend.series.forEach((s, i) => {
      const bar = {
        x: plot.x,
        y: plot.y + i * rowHeight + 4,
        width: (plot.width * (s.total.value ?? 0)) / most,
        height: rowHeight - 8,
      };
      points.push({ series: i, point: null, x: bar.x + bar.width, y: bar.y + bar.height / 2, bar });
      body += `<rect x="${bar.x}" y="${bar.y.toFixed(1)}" width="${bar.width.toFixed(1)}" height="${bar.height.toFixed(1)}" fill="${colour(s.slot)}"/>`;
      body +=
        text(plot.x - 6, bar.y + bar.height / 2 + 4, cut(s.label, 18), c.text, "end") +
        text(bar.x + bar.width + 6, bar.y + bar.height / 2 + 4, name(s.total.value ?? 0), c.text);
    });
    return finish(plot);
  }

  const plot = { x: 38, y: 8, width: Math.max(60, width - 38 - (kind === "lines" ? 104 : 92)), height: height - 30 };
  const steps = trend.series[0]?.points.length ?? 0;
  const stacked = kind === "stacked";
  const tops = Array.from({ length: steps }, (_, i) =>
    stacked
      ? trend.series.reduce((sum, s) => sum + (s.points[i]?.value.value ?? 0), 0)
      : Math.max(...trend.series.map((s) => s.points[i]?.value.high ?? s.points[i]?.value.value ?? 0)),
  );
  const most = Math.max(...tops, 1e-9);
  const unit = 10 ** Math.floor(Math.log10(most));
  const nice = [1, 2, 2.5, 4, 5, 10].map((k) => k * unit).find((k) => k >= most) ?? most;
  const x = (i: number) =>
    plot.x +
    (stacked
      ? (plot.width * (i + 0.5)) / Math.max(1, steps)
      : steps < 2
        ? plot.width / 2
        : (plot.width * i) / (steps - 1));
  const y = (v: number) => plot.y + plot.height * (1 - v / nice);
  const yTicks = [0, 0.25, 0.5, 0.75, 1].map((t) => ({ at: y(t * nice), label: name(t * nice) }));
  for (const t of yTicks)
    body +=
      `<line x1="${plot.x}" x2="${plot.x + plot.width}" y1="${t.at.toFixed(1)}" y2="${t.at.toFixed(1)}" stroke="${c.line}"/>` +
      text(plot.x - 6, t.at + 4, t.label, c.dim, "end");
  const every = Math.max(1, Math.ceil(steps / Math.max(2, Math.floor(plot.width / 64))));
  const xTicks = (trend.series[0]?.points ?? []).flatMap((p, i) =>
    i % every === 0
      ? [
          {
            at: x(i),
            label: new Date(p.start).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }),
          },
        ]
      : [],
  );
  for (const t of xTicks) body += text(t.at, plot.y + plot.height + 16, t.label, c.dim, "middle");
  if (stacked) {
    const base = new Array<number>(steps).fill(0);
    trend.series.forEach((s, si) =>
      s.points.forEach((p, i) => {
        const v = p.value.value ?? 0;
        const wide = Math.max(1, (plot.width / steps) * 0.78);
        const bar = {
          x: x(i) - wide / 2,
          y: y((base[i] ?? 0) + v),
          width: wide,
          height: Math.max(0, y(base[i] ?? 0) - y((base[i] ?? 0) + v)),
        };
        base[i] = (base[i] ?? 0) + v;
        points.push({ series: si, point: i, x: x(i), y: bar.y, bar });
        body += `<rect x="${bar.x.toFixed(1)}" y="${bar.y.toFixed(1)}" width="${bar.width.toFixed(1)}" height="${bar.height.toFixed(1)}" fill="${colour(s.slot)}" opacity="${p.unfinished ? 0.5 : 1}"/>`;
      }),
    );
    trend.series.forEach((s, i) => {
      const at = plot.y + 8 + i * 15;
      labels.push({ series: i, frame: { x: plot.x + plot.width + 8, y: at - 8, width: 84, height: 14 } });
      body +=
        text(plot.x + plot.width + 8, at + 4, "■", colour(s.slot)) +
        text(plot.x + plot.width + 20, at + 4, cut(s.label, 12), c.text);
    });
  } else {
    trend.series.forEach((s, si) => {
      const xy = s.points.flatMap((p, i) =>
        p.value.value === null
          ? []
          : [
              {
                i,
                x: x(i),
                y: y(p.value.value),
                low: y(p.value.low ?? p.value.value),
                high: y(p.value.high ?? p.value.value),
                p,
              },
            ],
      );
      if (xy[0]?.p.value.low !== null && xy.length > 1)
        body += `<path d="M${xy.map((a) => `${a.x.toFixed(1)},${a.high.toFixed(1)}`).join("L")}L${[...xy]
          .reverse()
          .map((a) => `${a.x.toFixed(1)},${a.low.toFixed(1)}`)
          .join("L")}Z" fill="${colour(s.slot)}" opacity="0.12"/>`;
      const solid = xy.filter((a) => !a.p.unfinished);
      const line = (list: typeof xy, dash: string) =>
        list.length > 1
          ? `<path d="M${list.map((a) => `${a.x.toFixed(1)},${a.y.toFixed(1)}`).join("L")}" fill="none" stroke="${colour(s.slot)}" stroke-width="1.75"${dash}/>`
          : "";
      body += line(solid, "") + line(xy.slice(solid.length - 1), ' stroke-dasharray="3 3"');
      for (const a of xy) points.push({ series: si, point: a.i, x: a.x, y: a.y, bar: null });
    });
    const ends = trend.series
      .map((s, i) => ({ i, s, y: points.filter((p) => p.series === i).at(-1)?.y ?? 0 }))
      .sort((a, b) => a.y - b.y);
    ends.forEach((e, k) => {
      const above = ends[k - 1];
      if (above && e.y - above.y < 14) e.y = above.y + 14;
      labels.push({ series: e.i, frame: { x: plot.x + plot.width + 6, y: e.y - 8, width: 96, height: 14 } });
      body +=
        text(plot.x + plot.width + 8, e.y + 4, SHAPES[e.s.slot ?? 0] ?? "●", colour(e.s.slot)) +
        text(
          plot.x + plot.width + 21,
          e.y + 4,
          `${cut(e.s.label, 11)} ${name(e.s.points.at(-1)?.value.value ?? 0)}`,
          c.text,
        );
    });
  }
  return finish(plot);

  function finish(frame: Geometry["plot"]): ChartPicture {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
    const unit = { volume: "number of feedback", negative_share: "percent of feedback", mean_score: "0 bad to 1 good" };
    const per = kind === "ranking" ? "" : ` per ${trend.bucket}`;
    const axis = `${unit[trend.measure]}${per}${trend.measure === "volume" ? "" : ", 95 % interval"}`;
    return { svg, geometry: { width, height, plot: frame, points, labels }, axis, trend };
  }
}
