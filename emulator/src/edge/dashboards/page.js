// Draws a dashboard as it is now, again and again. Whatever others named or wrote gets into the page as
// text only: elements are made here one by one, and never read from markup.
"use strict";
const EVERY_MS = 3000;
const COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f",
  "#bcbd22", "#17becf"];
const RANGES = [["15m", 15], ["1h", 60], ["3h", 180], ["12h", 720], ["1d", 1440], ["1w", 10080]];
const SVG = ["svg", "path", "line", "text", "rect", "g", "title", "circle"];
const at = id => document.getElementById(id);
const asked = new URLSearchParams(location.search);

function element(name, attributes = {}, ...children) {
  const made = SVG.includes(name) ? document.createElementNS("http://www.w3.org/2000/svg", name)
                                  : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function number(value) {
  if (value === null || value === undefined) return "none";
  const size = Math.abs(value);
  if (size >= 1e9) return `${(value / 1e9).toLocaleString(undefined, { maximumFractionDigits: 2 })}G`;
  if (size >= 1e6) return `${(value / 1e6).toLocaleString(undefined, { maximumFractionDigits: 2 })}M`;
  if (size !== 0 && size < 0.01) return value.toExponential(2);
  return value.toLocaleString(undefined, { maximumFractionDigits: size < 10 ? 2 : 1 });
}

// Virtual time, in UTC like everything that AWS writes.
const clock = (time, long) => new Date(time).toISOString().slice(...(long ? [5, 16] : [11, 16])).replace("T", " ");
const colour = (series, order) => /^#[0-9a-f]{6}$/i.test(series.color ?? "") ? series.color : COLOURS[order % COLOURS.length];
const last = series => series.points.length ? series.points.at(-1)[1] : null;

function niceStep(rough) {
  const size = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map(times => times * size).find(step => step >= rough);
}

function scale(values, axis) {
  let low = axis?.min ?? Math.min(0, ...values);
  let high = axis?.max ?? Math.max(...values);
  if (!(high > low)) high = low + 1;
  const step = niceStep((high - low) / 4);
  if (axis?.min === undefined) low = Math.floor(low / step) * step;
  if (axis?.max === undefined) high = Math.ceil(high / step) * step;
  return { low, high, step };
}

// Values are added up from series to series where they are stacked.
function stacked(shown) {
  const sums = new Map();
  return shown.map(one => ({ ...one, points: one.points.map(([time, value]) => {
    const sum = (sums.get(time) ?? 0) + (value ?? 0);
    sums.set(time, sum);
    return [time, sum];
  }) }));
}

function chart(widget, seen, body) {
  const full = (widget.series ?? []).map((one, order) => ({ ...one, colour: colour(one, order) }));
  const shown = (widget.stacked ? stacked(full) : full).filter(one => one.points.length);
  if (!shown.length) {
    body.append(element("p", { class: "empty" }, "No data in this time."));
    return full;
  }
  body.classList.add("chart");
  const box = body.getBoundingClientRect();
  const [width, height] = [Math.max(200, box.width), Math.max(80, box.height)];
  const [left, right, bottom, top] = [46, shown.some(one => one.yAxis === "right") ? 46 : 8, 20, 8];
  const [start, end] = [Date.parse(seen.start), Date.parse(seen.end)];
  const x = time => left + (width - left - right) * (time - start) / (end - start);
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": widget.title ?? "chart" });
  const sides = {};
  for (const side of ["left", "right"]) {
    const own = shown.filter(one => (one.yAxis ?? "left") === side);
    const lines = (widget.lines ?? []).filter(line => (line.yAxis ?? "left") === side).map(line => line.value);
    const values = own.flatMap(one => one.points.map(point => point[1])).concat(lines);
    if (own.length) sides[side] = scale(values, widget.yAxis?.[side]);
  }
  const main = sides.left ?? sides.right;
  const y = (value, side) => {
    const { low, high } = sides[side] ?? main;
    return height - bottom - (height - bottom - top) * (value - low) / (high - low);
  };
  for (const [side, { low, high, step }] of Object.entries(sides)) {
    for (let value = low; value <= high + step / 1e6; value += step) {
      const place = y(value, side);
      if (side === "left" || !sides.left) {
        svg.append(element("line", { class: "grid", x1: left, x2: width - right, y1: place, y2: place }));
      }
      const text = side === "left" ? { x: left - 6, "text-anchor": "end" } : { x: width - right + 6 };
      svg.append(element("text", { ...text, y: place + 4 }, number(value)));
    }
  }
  const long = end - start > 86400000;
  for (let part = 0; part <= 4; part += 1) {
    const time = start + (end - start) * part / 4;
    const anchor = part === 0 ? "start" : part === 4 ? "end" : "middle";
    svg.append(element("text", { x: x(time), y: height - 4, "text-anchor": anchor }, clock(time, long)));
  }
  for (const line of widget.lines ?? []) {
    const place = y(line.value, line.yAxis ?? "left");
    if (place < top - 1 || place > height - bottom + 1) continue;
    const paint = /^#[0-9a-f]{6}$/i.test(line.color ?? "") ? line.color : "#d62728";
    const beside = place < top + 14 ? place + 13 : place - 4;
    svg.append(element("line", { class: "mark", x1: left, x2: width - right, y1: place, y2: place, stroke: paint }),
      element("text", { x: left + 4, y: beside }, line.label ?? number(line.value)));
  }
  for (const one of [...shown].reverse()) svg.append(path(one, x, value => y(value, one.yAxis ?? "left")));
  body.append(svg);
  return full;
}

// A line that ends where data is missing for three of its steps.
function path(one, x, y) {
  const steps = one.points.slice(1).map((point, index) => point[0] - one.points[index][0]);
  const gap = Math.min(...steps, Infinity) * 3;
  let drawn = "", before = null;
  for (const [time, value] of one.points) {
    const joined = before !== null && time - before <= gap;
    drawn += `${joined ? "L" : "M"}${x(time).toFixed(1)},${y(value).toFixed(1)}`;
    if (!joined) drawn += "h0.01";
    before = time;
  }
  const told = `${one.label}: ${number(last(one))} at ${clock(one.points.at(-1)[0], true)}`;
  return element("path", { class: "line", d: drawn, stroke: one.colour }, element("title", {}, told));
}

function legend(series) {
  return element("div", { class: "legend" }, ...series.map(one => {
    const mark = element("i");
    mark.style.background = one.colour;
    return element("span", {}, mark, `${one.label} ${number(last(one))}`);
  }));
}

function figures(widget, body) {
  const total = one => widget.setPeriodToTimeRange ? one.points.reduce((sum, point) => sum + point[1], 0) : last(one);
  body.append(element("div", { class: "figures" }, ...(widget.series ?? []).map((one, order) => {
    const value = element("b", {}, number(total(one)));
    value.style.color = colour(one, order);
    return element("div", {}, value, element("span", {}, one.label));
  })));
}

// Bars, for the views that compare the latest values.
function bars(widget, body) {
  const series = widget.series ?? [];
  const values = series.map(one => last(one) ?? 0);
  const most = widget.yAxis?.left?.max ?? Math.max(...values, 1e-9);
  body.append(element("table", {}, ...series.map((one, order) => {
    const share = Math.max(0, Math.min(1, values[order] / most));
    const bar = element("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", height: 10 },
      element("rect", { width: 100 * share, height: 10, fill: colour(one, order) }));
    bar.style.height = "10px";
    return element("tr", {}, element("td", {}, one.label), element("td", {}, bar),
      element("td", { class: "number" }, number(last(one))));
  })));
}

function table(widget, body) {
  const head = ["", "latest", "least", "most"].map(text => element("th", text ? { class: "number" } : {}, text));
  const row = one => {
    const values = one.points.map(point => point[1]);
    const told = [last(one), values.length ? Math.min(...values) : null, values.length ? Math.max(...values) : null];
    return element("tr", {}, element("td", {}, one.label),
      ...told.map(value => element("td", { class: "number" }, number(value))));
  };
  body.append(element("table", {}, element("tr", {}, ...head), ...(widget.series ?? []).map(row)));
}

const stateOf = alarm => ["OK", "ALARM", "INSUFFICIENT_DATA"].includes(alarm.state) ? alarm.state : "missing";

function alarms(widget, body) {
  body.append(element("div", { class: "alarms" }, ...widget.alarms.map(alarm => {
    const since = alarm.since ? ` since ${clock(alarm.since, true)}` : "";
    const held = alarm.suppressed_by ? `, actions suppressed by ${alarm.suppressed_by}` : "";
    return element("div", { class: stateOf(alarm), title: alarm.reason ?? "" }, alarm.name ?? "",
      element("small", {}, `${alarm.state ?? "missing"}${since}${held}`));
  })));
}

// A small part of Markdown: headings, lists, code, emphasis and links to pages of the web. No markup.
function markdown(text) {
  const made = element("div", { class: "text" });
  let list = null, fence = null;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) {
      if (fence) fence = null; else made.append(fence = element("pre"));
      continue;
    }
    if (fence) { fence.append(`${line}\n`); continue; }
    const item = /^\s*(?:([-*+])|\d+\.)\s+(.*)$/.exec(line);
    if (item) {
      const kind = item[1] ? "UL" : "OL";
      if (list?.tagName !== kind) made.append(list = element(kind.toLowerCase()));
      list.append(element("li", {}, ...inline(item[2])));
      continue;
    }
    list = null;
    const heading = /^(#{1,4})\s+(.*)$/.exec(line);
    if (heading) made.append(element(`h${heading[1].length}`, {}, ...inline(heading[2])));
    else if (line.trim()) made.append(element("p", {}, ...inline(line)));
  }
  return made;
}

function inline(text) {
  const found = [], pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g;
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    found.push(text.slice(from, match.index));
    const [whole, code, strong, soft, label, address] = match;
    if (code) found.push(element("code", {}, code));
    else if (strong) found.push(element("strong", {}, strong));
    else if (soft) found.push(element("em", {}, soft));
    else found.push(element("a", { href: address, rel: "noreferrer noopener" }, label));
    from = match.index + whole.length;
  }
  return [...found, text.slice(from)];
}

function place(section, widget) {
  const column = widget.x === null ? "auto" : `${widget.x + 1}`;
  section.style.gridColumn = `${column} / span ${widget.width}`;
  section.style.gridRow = widget.y === null ? `span ${widget.height}` : `${widget.y + 1} / span ${widget.height}`;
}

function draw(widget, seen) {
  const section = element("section", widget.plain ? { class: "plain" } : {});
  place(section, widget);
  if (widget.title) section.append(element("h2", {}, widget.title));
  if (widget.alarm) {
    section.append(element("div", { class: `state ${stateOf(widget.alarm)}` }, `${widget.alarm.name}: ${widget.alarm.state}`));
  }
  const body = element("div", { class: "body" });
  section.append(body);
  at("widgets").append(section);
  if (widget.type === "text") body.append(markdown(widget.markdown ?? ""));
  if (widget.type === "alarm") alarms(widget, body);
  if (widget.type === "log") body.append(element("pre", {}, widget.query ?? ""));
  if (widget.problem) body.append(element("p", { class: "problem" }, widget.problem));
  else if (widget.type === "metric") metric(widget, seen, section, body);
}

function metric(widget, seen, section, body) {
  if (widget.view === "singleValue") return figures(widget, body);
  if (["gauge", "bar", "pie"].includes(widget.view)) return bars(widget, body);
  if (widget.view === "table") return table(widget, body);
  const named = (widget.series ?? []).map((one, order) => ({ ...one, colour: colour(one, order) }));
  if (widget.legend?.position !== "hidden" && named.length) section.append(legend(named));
  chart(widget, seen, body);
  const told = named.find(one => one.message);
  if (told) section.append(element("p", { class: "problem" }, told.message));
}

function ranges(minutes) {
  at("ranges").replaceChildren(...RANGES.map(([name, length]) => {
    const query = new URLSearchParams(asked);
    query.set("minutes", length);
    return element("a", { href: `?${query}`, class: length === minutes ? "on" : "" }, name);
  }));
}

async function refresh() {
  try {
    const answer = await fetch(`${location.pathname.replace(/\/$/, "")}/view${location.search}`);
    const seen = await answer.json();
    if (!answer.ok) throw new Error(seen.error);
    document.title = seen.name;
    at("name").textContent = seen.name;
    ranges(seen.minutes);
    at("widgets").replaceChildren();
    for (const widget of seen.widgets) draw(widget, seen);
    at("state").className = "";
    at("state").textContent = `virtual time ${seen.now.slice(0, 19).replace("T", " ")} UTC`;
  } catch (problem) {
    at("state").className = "bad";
    at("state").textContent = problem.message;
  }
  setTimeout(refresh, EVERY_MS);
}

refresh();
