// Shows the figures as they come. What they say of others' names and texts gets into the page as text
// only: elements are made here one by one, and never read from markup.
"use strict";
const EVERY_MS = 2000;
const at = id => document.getElementById(id);
const COLOURS = ["var(--one)", "var(--two)", "var(--three)"];
const KEYS = ["one", "two", "three"];

function element(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "text", "rect", "g", "title"].includes(name);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name)
                   : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const number = (value, digits = 0) => value.toLocaleString(undefined,
  { minimumFractionDigits: digits, maximumFractionDigits: digits });
const clock = time => new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const money = (minor, currency) => `${number(minor / 100, 2)} ${currency}`;

// One chart: `series` has a name and a value (or null) for each minute.
function chart(id, minutes, series) {
  const shown = series.filter(one => one.values.some(value => value !== null));
  if (!minutes.length || !shown.length) {
    at(id).replaceChildren(element("p", { class: "empty" }, "No minute is closed yet."));
    return;
  }
  const [width, height, left, bottom, top] = [420, 170, 44, 20, 8];
  const most = Math.max(1e-9, ...shown.flatMap(one => one.values.map(value => value ?? 0)));
  const step = niceStep(most / 4);
  const ceiling = Math.ceil(most / step) * step;
  const x = index => left + (width - left - 6) * (minutes.length < 2 ? 0.5 : index / (minutes.length - 1));
  const y = value => height - bottom - (height - bottom - top) * value / ceiling;
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": id });
  for (let value = 0; value <= ceiling + step / 2; value += step) {
    svg.append(element("line", { class: "grid", x1: left, x2: width - 6, y1: y(value), y2: y(value) }),
      element("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" },
        number(value, step < 1 ? 1 : 0)));
  }
  for (const index of new Set([0, Math.floor((minutes.length - 1) / 2), minutes.length - 1])) {
    const anchor = index && index === minutes.length - 1 ? "end" : "middle";
    svg.append(element("text", { x: x(index), y: height - 4, "text-anchor": anchor }, clock(minutes[index])));
  }
  shown.forEach((one, order) => {
    let path = "", pen = "M";
    one.values.forEach((value, index) => {
      if (value === null) { pen = "M"; return; }
      path += `${pen}${x(index).toFixed(1)},${y(value).toFixed(1)}`;
      if (pen === "M") path += "h0.01";
      pen = "L";
    });
    svg.append(element("path", { class: "line", d: path, stroke: COLOURS[order % 3], "stroke-linecap": "round" }));
  });
  const slot = (width - left - 6) / minutes.length;
  minutes.forEach((minute, index) => {
    const told = shown.map(one => `${one.name}: ${one.values[index] === null ? "none" : number(one.values[index], 1)}`);
    svg.append(element("rect", { x: x(index) - slot / 2, y: top, width: slot, height: height - bottom - top,
      fill: "transparent" }, element("title", {}, `${clock(minute)}\n${told.join("\n")}`)));
  });
  const legend = element("div", { class: "legend" }, ...shown.map((one, order) =>
    element("span", {}, element("i", { class: KEYS[order % 3] }), one.name)));
  at(id).replaceChildren(legend, svg);
}

function niceStep(rough) {
  const size = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map(times => times * size).find(step => step >= rough);
}

function table(id, heads, rows, none) {
  if (!rows.length) { at(id).replaceChildren(element("p", { class: "empty" }, none)); return; }
  const cell = (name, text, index) =>
    element(name, typeof heads[index] === "string" ? {} : { class: "number" }, text);
  const head = element("tr", {}, ...heads.map((text, index) => cell("th", String(text), index)));
  const body = rows.map(row => element("tr", {}, ...row.map((text, index) => cell("td", text, index))));
  at(id).replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
}

// A head of a column of figures: `table` sets it to the right.
const figure = text => [text];

// In words: what speaks for running out, and what against.
function reasons(score) {
  return score.reasons.map(it => `${it.contribution > 0 ? "+" : "\u2212"} ${it.feature.replaceAll("_", " ")}`).join(", ");
}

function show(seen) {
  const minutes = seen.minutes.map(it => it.minute);
  const of = pick => seen.minutes.map(it => pick(it) ?? null);
  const totals = seen.totals.counts;
  const last = seen.minutes.at(-1);
  const figures = [
    ["orders placed", number(totals.placed)], ["paid", number(totals.payments)],
    ["delivered", number(totals.delivered)], ["cancelled", number(totals.cancelled)],
    ...Object.entries(totals.revenue).map(([currency, minor]) => ["revenue", money(minor, currency)]),
    ...Object.entries(totals.refunds).map(([currency, minor]) => ["refunded", money(minor, currency)]),
  ];
  at("totals").replaceChildren(...figures.map(([name, value]) =>
    element("div", {}, element("b", {}, value), element("span", {}, name))));
  chart("orders", minutes, [{ name: "placed", values: of(it => it.counts.placed) },
    { name: "delivered", values: of(it => it.counts.delivered) }, { name: "cancelled", values: of(it => it.counts.cancelled) }]);
  const currencies = [...new Set(seen.minutes.flatMap(it => Object.keys(it.counts.revenue)))].sort();
  chart("revenue", minutes, currencies.map(currency =>
    ({ name: currency, values: of(it => (it.counts.revenue[currency] ?? 0) / 100) })));
  const percent = share => share === null || share === undefined ? null : share * 100;
  chart("rates", minutes, [{ name: "paid of placed", values: of(it => percent(it.hour.conversion)) },
    { name: "cancelled of placed", values: of(it => percent(it.hour.cancellation_rate)) }]);
  chart("fulfilment", minutes, ["p50", "p95", "p99"].map(name =>
    ({ name, values: of(it => it.hour.fulfilment && it.hour.fulfilment[`${name}_millis`] / 1000) })));
  table("products", ["product", figure("units"), figure("revenue")], (last?.hour.top_products ?? []).map(it =>
    [it.product_id, number(it.units), Object.entries(it.revenue).map(([c, minor]) => money(minor, c)).join(", ")]),
    "Nothing was ordered.");
  table("stock", ["product", figure("available"), figure("risk, %"), "because of"], (last?.stock_risks ?? []).map(it =>
    [it.product_id, number(it.stock.available), number(it.score.value * 100), reasons(it.score)]), "No stock is known.");
  const { visits } = seen;
  const minutesOf = millis => millis === null ? "none" : number(millis / 60000, 1);
  table("visits", ["since the beginning", figure("")], visits.over ? [
    ["over, after half an hour of silence", number(visits.over)],
    ["with an order", number(visits.with_orders)],
    ["minutes, half of them at most", minutesOf(visits.p50_millis)],
    ["minutes, 95 % of them at most", minutesOf(visits.p95_millis)],
  ] : [], "No visit is over yet.");
  table("patterns", ["pattern", figure("found")], Object.entries(visits.patterns).map(([name, count]) =>
    [name, number(count)]), "None.");
  const alerts = seen.alerts.map(it => element("tr", {}, element("td", {}, new Date(it.at).toLocaleString()),
    element("td", { class: "alert" }, it.kind), element("td", {}, it.text)));
  at("alerts").replaceChildren(alerts.length ? element("table", {}, ...alerts)
    : element("p", { class: "empty" }, "None."));
  const until = seen.closed_until ? `closed until ${clock(seen.closed_until)}` : "no minute is closed yet";
  const lost = seen.incomplete_since;
  at("state").textContent = lost
    ? `${until}; incomplete: events since ${new Date(lost).toLocaleString()} may be missing, as the embedded broker ended`
    : until;
  at("state").className = lost ? "bad" : "";
}

async function refresh() {
  try {
    const answer = await fetch("analytics/figures?minutes=60");
    if (!answer.ok) throw new Error(`the API answers ${answer.status}`);
    show(await answer.json());
  } catch (error) {
    at("state").textContent = `not up to date: ${error.message}`;
    at("state").className = "bad";
  }
  setTimeout(refresh, EVERY_MS);
}
refresh();
