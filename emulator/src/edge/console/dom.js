// Elements, text and how things are written. What others wrote only ever becomes text.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" && "value" in node) node.value = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter(it => it !== null && it !== undefined && it !== false).map(it => it instanceof Node ? it : String(it)));
  return node;
}

export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

const FOCUSABLE = "a[href], button, summary, input, select, textarea, [tabindex]";
const mark = it => it.dataset?.key ?? it.textContent;

// Replaces what is in an element. Whoever has the focus, or has opened something, finds it as it was.
export function show(node, ...children) {
  const had = node.contains(document.activeElement) ? document.activeElement : null;
  const at = had ? [...node.querySelectorAll(FOCUSABLE)].indexOf(had) : -1;
  const open = new Set([...node.querySelectorAll("details[open] > summary")].map(mark));
  node.replaceChildren(...children.flat(Infinity).filter(it => it !== null && it !== undefined && it !== false).map(it => it instanceof Node ? it : String(it)));
  if (open.size) for (const it of node.querySelectorAll("details:not([open]) > summary")) if (open.has(mark(it))) it.parentNode.open = true;
  if (!had || node.contains(document.activeElement)) return;
  const all = [...node.querySelectorAll(FOCUSABLE)];
  const same = all.filter(it => it.tagName === had.tagName && mark(it) === mark(had));
  same.sort((one, other) => Math.abs(all.indexOf(one) - at) - Math.abs(all.indexOf(other) - at));
  same[0]?.focus({ preventScroll: true });
}

// A kind and a name for people: `queue orders`.
export function parts(arn) {
  const all = String(arn).split(":");
  if (all.length < 6) return { service: "", kind: "server", name: String(arn) };
  const service = all[2];
  const resource = all.slice(5).join(":");
  const after = mark => resource.slice(resource.indexOf(mark) + 1);
  const of = (kind, name) => ({ service, kind, name, account: all[4], region: all[3] });
  if (service === "sqs") return of("queue", resource);
  if (service === "sns") return resource.includes("/") ? of(resource.split("/")[0], after("/")) : of("topic", resource);
  if (service === "events") {
    const kind = resource.split("/")[0];
    return of({ "event-bus": "bus" }[kind] ?? kind, after("/"));
  }
  if (service === "dynamodb") return of("table", resource.split("/")[1] ?? resource);
  if (service === "lambda") return of("function", resource.split(":")[1] ?? resource);
  if (service === "states") return of({ stateMachine: "machine" }[all[5]] ?? all[5], all.slice(6).join(":"));
  if (service === "cloudwatch") return of("alarm", after(":"));
  if (service === "logs") return of("log group", all.slice(6).join(":").replace(/:\*$/, ""));
  if (service === "scheduler") return of("schedule", after("/"));
  if (service === "pipes") return of("pipe", after("/"));
  return of(service, resource);
}

// Where a resource is looked at.
export function room(arn) {
  const { kind } = parts(arn);
  const whole = encodeURIComponent(arn);
  const places = { queue: "queue", topic: "topics", bus: "events", rule: "events", table: "tables", function: "functions", machine: "executions", alarm: "alarms", "log group": "logs", schedule: "schedules", pipe: "schedules" };
  if (kind in places) return `#/${places[kind]}/${whole}`;
  return ["email", "email-json", "sms", "application"].includes(kind) ? "#/outbox" : `#/why/${whole}`;
}

export const link = arn => el("a", { href: room(arn), title: arn, "data-key": `to ${arn}` }, el("small", {}, parts(arn).kind), " ", parts(arn).name);

// Virtual time, in UTC.
export function time(millis) {
  if (millis === null || millis === undefined || Number.isNaN(+millis)) return "";
  const text = new Date(+millis).toISOString();
  return el("time", { datetime: text, title: text }, text.slice(11, 23).replace(/\.000$/, ""));
}
export const date = millis => millis === null || millis === undefined ? "" : new Date(+millis).toISOString().replace("T", " ").replace(/\.000Z$/, "").replace("Z", "");

export function span(millis) {
  const seconds = Math.max(0, millis) / 1000;
  if (seconds < 60) return `${seconds < 10 ? +seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

export const many = (number, word) => `${count(number)} ${number === 1 ? word : `${word}s`}`;
export const count = number => Number(number ?? 0).toLocaleString("en");

// JSON on several lines where a text is JSON, else the text.
export function pretty(text) {
  if (typeof text !== "string") return JSON.stringify(text, null, 2);
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

export const code = (text, label) => el("pre", { tabindex: "0", "aria-label": label ?? "text" }, pretty(text));

export function field(label, input, hint) {
  return el("label", {}, el("span", {}, label), input, hint ? el("small", {}, hint) : null);
}
export const input = (name, value = "", more = {}) => el("input", { name, value, autocomplete: "off", ...more });
export const area = (name, value = "", more = {}) => el("textarea", { name, value, rows: 6, spellcheck: "false", ...more });
export const choice = (name, options, value, more = {}) => el("select", { name, ...more }, options.map(it => {
  const [key, text] = Array.isArray(it) ? it : [it, it];
  return el("option", { value: key, selected: key === value }, text);
}));
export const button = (text, act, more = {}) => el("button", { type: "button", onclick: act, ...more }, text);

// A form whose fields are handed over by name.
export function form(attributes, send, ...children) {
  const node = el("form", attributes, ...children);
  node.addEventListener("submit", event => {
    event.preventDefault();
    send(Object.fromEntries(new FormData(node)), node);
  });
  return node;
}

export const table = (heads, rows, more = {}) => el("div", { class: "scroll" }, el("table", more,
  el("thead", {}, el("tr", {}, heads.map(it => el("th", { scope: "col" }, it)))),
  el("tbody", {}, rows.length ? rows : el("tr", {}, el("td", { colspan: heads.length, class: "none" }, "nothing")))));
export const row = (cells, more = {}) => el("tr", more, cells.map((it, at) => el("td", { "data-head": more.heads?.[at] }, it)));
export const facts = pairs => el("dl", {}, pairs.filter(([, value]) => value !== undefined && value !== null && value !== "").map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
