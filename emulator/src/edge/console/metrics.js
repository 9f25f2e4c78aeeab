// Metrics as charts, and the dashboards.

import { all, ask, base, get, where } from "./aws.js";
import { choice, date, el, form, input, many, show, svg } from "./dom.js";
import { virtual as now } from "./live.js";

const SHOWN_MAX = 200;
const [WIDTH, HEIGHT] = [640, 160];
const HOURS = [["15", "15 minutes"], ["180", "3 hours"], ["1440", "1 day"], ["10080", "1 week"]];

function chart(points, [from, to]) {
  if (!points.length) return el("p", { class: "none" }, "no data in that time");
  const high = Math.max(...points.map(it => it[1]), 1e-9);
  const low = Math.min(0, ...points.map(it => it[1]));
  const x = at => 40 + (WIDTH - 50) * (at - from) / (to - from);
  const y = value => HEIGHT - 18 - (HEIGHT - 30) * (value - low) / (high - low || 1);
  const path = points.map(([at, value], index) => `${index ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": `${points.length} points up to ${high}` },
    svg("path", { d: path }), points.length < 80 ? points.map(([at, value]) => svg("circle", { cx: x(at), cy: y(value), r: 2 }, svg("title", {}, `${date(at)}: ${value}`))) : null,
    svg("text", { x: 2, y: 14 }, +high.toPrecision(4)), svg("text", { x: 2, y: HEIGHT - 18 }, +low.toPrecision(4)), svg("text", { x: 40, y: HEIGHT - 4 }, date(from)), svg("text", { x: WIDTH - 10, y: HEIGHT - 4, "text-anchor": "end" }, date(to)));
}

export async function enter({ root, rest, tell }) {
  const [boards, list, drawn] = [el("p", { class: "bar" }), el("div"), el("div")];
  const wish = { text: "", stat: "Sum", minutes: "180", metric: rest ? JSON.parse(rest) : null };

  async function draw() {
    if (!wish.metric) return;
    const to = now();
    const from = to - Number(wish.minutes) * 60_000;
    const period = Math.max(60, Math.ceil(Number(wish.minutes) / 720) * 60);
    const asked = { MetricDataQueries: [{ Id: "m", MetricStat: { Metric: wish.metric, Period: period, Stat: wish.stat } }], StartTime: Math.floor(from / 1000), EndTime: Math.ceil(to / 1000) + 60, ScanBy: "TimestampAscending" };
    const { MetricDataResults: [one] } = await ask("cloudwatch", "GetMetricData", asked);
    const points = one.Timestamps.map((at, index) => [typeof at === "number" ? at * 1000 : Date.parse(at), one.Values[index]]);
    show(drawn, el("h2", {}, wish.metric.MetricName, " ", el("small", {}, `${wish.metric.Namespace} ${(wish.metric.Dimensions ?? []).map(it => it.Value).join(" ")}`)), chart(points, [from, to + 60_000]));
    tell(["cloudwatch", "GetMetricData", asked]);
  }

  async function refresh() {
    const { dashboards } = await get(`/_skyrig/dashboards?${new URLSearchParams(where)}`);
    show(boards, "Dashboards: ", dashboards.length ? dashboards.map(it => el("a", { href: base + it.page }, it.name)) : "none");
    const found = await all("cloudwatch", "ListMetrics", {}, "Metrics");
    const named = found.filter(it => JSON.stringify(it).includes(wish.text));
    show(list, el("p", { class: "hint" }, `${many(named.length, "metric")}${found.more ? ", and more" : ""}`), el("ul", { class: "rows" }, named.slice(0, SHOWN_MAX).map(it =>
      el("li", {}, el("a", { href: `#/metrics/${encodeURIComponent(JSON.stringify(it))}` }, el("small", {}, it.Namespace), ` ${it.MetricName} `, el("small", {}, (it.Dimensions ?? []).map(one => `${one.Name}=${one.Value}`).join(" ")))))));
    await draw();
  }
  const bar = form({ class: "bar" }, () => {}, input("text", "", { type: "search", placeholder: "part of a name", "data-first": true, "aria-label": "Filter" }), choice("stat", ["Sum", "Average", "Maximum", "Minimum", "SampleCount", "p99"], "Sum", { "aria-label": "Statistic" }), choice("minutes", HOURS, "180", { "aria-label": "Time" }));
  bar.addEventListener("input", () => { Object.assign(wish, Object.fromEntries(new FormData(bar))); refresh(); });
  root.append(el("h1", {}, "Metrics"), boards, bar, drawn, list);
  tell(["cloudwatch", "ListMetrics", {}]);
  await refresh();
  return { refresh, ages: true };
}
