// Virtual time: what it is, how it runs, and moving it.

import { change, get } from "./aws.js";
import { button, choice, date, el, link, show, span } from "./dom.js";
import { now, virtual } from "./live.js";

const JUMPS = [["60", "1 minute"], ["900", "15 minutes"], ["3600", "1 hour"], ["86400", "1 day"], ["604800", "1 week"], ["alarm", "next alarm"]];
const SPEEDS = [["real", "real time"], ["manual", "paused"], ["10", "10 times"], ["60", "60 times"], ["3600", "3,600 times"]];
// An alarm that is looked for is given up after so many deadlines or so much time.
const STEPS_MAX = 500;
const SEARCHED_MS = 7 * 86_400_000;

let use;
let face;
let speed;
let next;
let due;

const advance = seconds => change("POST", "/_skyrig/clock", { advance_seconds: seconds });

function mode(value) {
  const body = value === "real" || value === "manual" ? { mode: value } : { mode: "scaled", factor: Number(value) };
  return use.doing(() => change("POST", "/_skyrig/clock", body), value === "manual" ? "the clock stands" : "the clock runs");
}

async function first() {
  const { now: at, due: list } = await get("/_skyrig/due");
  return list.length ? { ...list[0], in: Math.max(0, list[0].at - at) } : null;
}

async function step() {
  const found = await first();
  if (!found) return "nothing is due";
  await advance((found.in + 1) / 1000);
  return `${span(found.in)} later: ${found.what}`;
}

// Goes from deadline to deadline until an alarm has another state.
async function untilAlarm() {
  const begun = virtual();
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const { revision: { entries } } = await get("/_skyrig/pulse");
    const found = await first();
    if (!found || found.at - begun > SEARCHED_MS) return "no alarm changes within a week, as far as can be seen";
    await advance((found.in + 1) / 1000);
    const news = (await get(`/_skyrig/lineage?after=${entries - 1}`)).filter(it => it.what === "alarm-changed");
    if (news.length) return `${span(virtual() - begun)} later: ${news.map(it => `${it.resource.split(":alarm:").pop()}: ${it.note ?? ""}`).join("; ")}`;
  }
  return "no alarm changed within 500 deadlines";
}

export function jump(value) {
  if (value === "alarm") return use.doing(untilAlarm, text => text);
  return use.doing(() => advance(Number(value)), "moved");
}

function tick() {
  if (!face) return;
  const text = new Date(Math.min(virtual(), 253402300799999)).toISOString();
  show(face, el("b", {}, text.slice(11, 19)), el("small", {}, ` ${text.slice(0, 10)} UTC`));
  const left = now.deadline === null ? null : now.deadline - virtual();
  next.title = left === null ? "nothing is due (n)" : `due in ${span(left)} (n)`;
}

async function list() {
  if (!due.open) return;
  const { now: at, due: all } = await get("/_skyrig/due");
  show(due.lastChild, all.length === 0 ? el("p", {}, "Nothing is due: no timer stands, and nothing is in flight or delayed.")
    : el("ol", {}, all.map(it => el("li", {}, el("b", {}, `in ${span(it.at - at)}`), ` ${it.what} `, it.resource ? link(it.resource) : null, el("small", {}, ` ${date(it.at)}`)))));
}

export const clock = {
  draw(root, tools) {
    use = tools;
    face = el("span", { id: "time" });
    next = button("Next", () => use.doing(step, text => text), { id: "next" });
    speed = choice("speed", SPEEDS, "real", { "aria-label": "How the clock runs" });
    speed.addEventListener("change", () => mode(speed.value));
    const far = choice("jump", [["", "Jump…"], ...JUMPS], "", { id: "jump", "aria-label": "Move the clock by" });
    far.addEventListener("change", () => { const value = far.value; far.value = ""; if (value) jump(value); });
    due = el("details", { id: "due" }, el("summary", {}, "Due"), el("div", { class: "sheet" }));
    due.addEventListener("toggle", () => list().catch(use.failed));
    show(root, face, speed, button("Pause", () => clock.pause(), { id: "pause", title: "pause or run (p)" }), next, far, due);
    setInterval(() => { if (!document.hidden) tick(); }, 1000);
  },
  pause: () => mode(now.mode === "manual" ? "real" : "manual"),
  async beat({ changed }) {
    const value = now.mode === "scaled" ? String(now.factor) : now.mode;
    if (document.activeElement !== speed) {
      if (![...speed.options].some(it => it.value === value)) speed.append(el("option", { value }, `${value} times`));
      speed.value = value;
    }
    document.getElementById("pause").textContent = now.mode === "manual" ? "Run" : "Pause";
    tick();
    if (changed) await list();
  },
  key(event) {
    if (event.key === "p") clock.pause();
    else if (event.key === "n") use.doing(step, text => text);
    else return;
    event.preventDefault();
  },
};
