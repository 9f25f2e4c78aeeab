// The shell: rooms, search, keys, what was said last, and the same from a shell.

import { command as written, where } from "./aws.js";
import { clock } from "./clock.js";
import { button, el, show } from "./dom.js";
import { help } from "./help.js";
import { beat, listen, now } from "./live.js";

// The key after `g`, the room, its name, and its script, which is fetched when somebody goes there.
const ROOMS = [
  ["f", "flow", "Flow", () => import("./flow.js")], ["m", "story", "Stories", () => import("./story.js")], ["w", "why", "Why not?", () => import("./why.js")],
  ["q", "queues", "Queues", () => import("./queues.js")], ["t", "topics", "Topics", () => import("./topics.js")], ["e", "events", "Events", () => import("./events.js")],
  ["d", "tables", "Tables", () => import("./tables.js")], ["x", "executions", "Executions", () => import("./executions.js")], ["l", "functions", "Functions", () => import("./functions.js")],
  ["s", "schedules", "Schedules, pipes", () => import("./schedules.js")], ["a", "alarms", "Alarms", () => import("./alarms.js")], ["r", "metrics", "Metrics", () => import("./metrics.js")],
  ["o", "logs", "Logs", () => import("./logs.js")], ["u", "outbox", "Outbox", () => import("./outbox.js")], ["b", "faults", "Faults", () => import("./faults.js")],
  ["n", "worlds", "Worlds", () => import("./worlds.js")],
];
const OTHERS = { queue: () => import("./queue.js") };
// A room that was drawn anew rests so many times as long as that took: a busy server has other things to do.
const SHARE = 20;
const at = id => document.getElementById(id);

// What a room gets to work with.
let open = null;

function say(text, bad = false) {
  show(at("told"), text ? el("p", { class: bad ? "bad" : "good" }, text, " ", button("×", () => say(""), { "aria-label": "Close" })) : null);
}

const failed = error => say(error.message ?? String(error), true);

// Does what somebody wants; how it went is said.
async function doing(act, said) {
  try {
    const done = await act();
    const text = typeof said === "function" ? said(done) : said;
    if (text) say(text);
    await beat(true);
    return done;
  } catch (error) {
    failed(error);
    return undefined;
  }
}

function tell(...commands) {
  const lines = commands.filter(Boolean).map(it => Array.isArray(it) ? written(...it) : it);
  show(at("command"), lines.length === 0 ? null : [
    el("span", {}, "The same from a shell"),
    el("div", { class: "lines" }, lines.map(line => el("code", {}, line))),
    button("Copy", () => navigator.clipboard?.writeText(lines.join("\n")), { "data-key": "copy" }),
  ]);
}

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  return { name: name || "flow", rest: decodeURIComponent(rest.join("/")), query: new URLSearchParams(query) };
}

async function enter() {
  open?.leave?.();
  const { name, rest, query } = route();
  const load = ROOMS.find(([, it]) => it === name)?.[3] ?? OTHERS[name] ?? ROOMS[0][3];
  for (const link of at("rooms").querySelectorAll("a")) {
    const own = link.dataset.room === (OTHERS[name] ? `${name}s` : name);
    if (own) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  const root = el("div", { class: `room in-${name}` });
  const visit = { root, rest, query, say, doing, failed, tell, entered: true };
  // What gets old without a change is drawn anew all the same.
  const mine = { leave: null, refresh: null, ages: false, busy: false, wanted: false, rests: 0 };
  open = mine;
  show(at("room"), root);
  tell();
  document.title = `${ROOMS.find(([, it]) => it === name)?.[2] ?? name} · skyrig`;
  try {
    const made = await (await load()).enter(visit);
    if (open !== mine) { made?.leave?.(); return; }
    Object.assign(mine, made);
  } catch (error) {
    failed(error);
  }
  at("room").dataset.ready = name;
  performance.mark(`ready ${name}`);
  at("room").focus({ preventScroll: true });
}

async function refresh({ changed, due }) {
  const mine = open;
  document.body.classList.toggle("lost", now.lost);
  if (!mine?.refresh) return;
  mine.wanted ||= changed || (due && mine.ages);
  if (!mine.wanted || mine.busy || performance.now() < mine.rests) return;
  // Whoever types or marks something is not disturbed.
  if (document.getSelection()?.type === "Range") return;
  Object.assign(mine, { busy: true, wanted: false });
  const begun = performance.now();
  try { await mine.refresh(); } catch (error) { failed(error); }
  const ended = performance.now();
  Object.assign(mine, { busy: false, rests: ended + SHARE * (ended - begun) });
}

// Keys: `g` and a letter goes to a room, arrows or j and k move in lists.
let after = "";
function key(event) {
  const typing = event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "Escape" && typing) { event.target.blur(); at("room").focus(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || at("dialog").open) return;
  const was = after;
  after = "";
  const done = () => event.preventDefault();
  if (was === "g") {
    const found = ROOMS.find(([letter]) => letter === event.key);
    if (found) { done(); location.hash = `#/${found[1]}`; }
    return;
  }
  if (event.key === "g") { after = "g"; return; }
  if (event.key === "/") { done(); at("search").elements.text.focus(); return; }
  if (event.key === "?") { done(); help(ROOMS); return; }
  if (event.key === "f") { done(); at("room").querySelector("[data-first], form input, form textarea, form select")?.focus(); return; }
  if (event.key === "j" || event.key === "k") { done(); move(event.key === "j" ? 1 : -1); return; }
  clock.key(event);
}

// The next or the previous row that leads somewhere.
function move(by) {
  const all = [...at("room").querySelectorAll("a[href], summary, [data-row]")].filter(it => it.offsetParent !== null || it.namespaceURI.endsWith("svg"));
  const index = all.indexOf(document.activeElement);
  all[index < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, index + by))]?.focus();
}

function begin() {
  show(at("rooms"), ROOMS.map(([letter, name, text]) => el("a", { href: `#/${name}`, "data-room": name, title: `g ${letter}` }, text)));
  const place = el("form", { class: "place" }, el("input", { name: "region", value: where.region, size: 10, "aria-label": "Region", title: "Region" }), el("input", { name: "account", value: where.account, size: 12, "aria-label": "Account", title: "Account" }));
  place.addEventListener("change", () => {
    where.region = place.elements.region.value.trim() || "us-east-1";
    where.account = place.elements.account.value.trim() || "000000000000";
    enter();
  });
  place.addEventListener("submit", event => event.preventDefault());
  at("rooms").append(place, button("Keys ?", () => help(ROOMS), { class: "plain" }));
  at("search").addEventListener("submit", event => {
    event.preventDefault();
    const text = at("search").elements.text.value.trim();
    if (text) location.hash = `#/story/${encodeURIComponent(text)}`;
  });
  clock.draw(at("clock"), { doing, say, failed });
  listen(clock.beat);
  listen(refresh);
  addEventListener("hashchange", enter);
  document.addEventListener("keydown", key);
  enter().then(() => {
    beat();
    // Then the others, while nothing else is to be done.
    (globalThis.requestIdleCallback ?? setTimeout)(() => [...ROOMS.map(it => it[3]), ...Object.values(OTHERS)].forEach(load => load().catch(() => {})));
  });
}

begin();
