// Log groups, and their events as they come.

import { all, ask, placeOf, where } from "./aws.js";
import { count, el, form, input, link, many, parts, show, time } from "./dom.js";
import { virtual as now } from "./live.js";

const SHOWN = 200;
const BACK_MS = 3_600_000;

async function groups({ root, tell }) {
  const list = el("div");
  root.append(el("h1", {}, "Logs"), list);
  tell(["logs", "DescribeLogGroups", {}]);
  const refresh = async () => {
    const found = await all("logs", "DescribeLogGroups", {}, "logGroups", "nextToken");
    show(list, el("p", { class: "hint" }, many(found.length, "log group")), el("ul", { class: "rows" }, found.map(it => el("li", {}, link(`arn:aws:logs:${where.region}:${where.account}:log-group:${it.logGroupName}`), el("small", {}, ` ${count(it.storedBytes)} bytes${it.retentionInDays ? `, kept ${it.retentionInDays} days` : ""}`)))));
  };
  await refresh();
  return { refresh };
}

export async function enter(visit) {
  const { root, rest, tell } = visit;
  if (!rest) return groups(visit);
  const { name } = parts(rest);
  const place = placeOf(rest);
  const wish = { pattern: "", stream: "" };
  const list = el("div", { class: "log", tabindex: "0", "aria-label": "Events", role: "log" });
  const said = el("p", { class: "hint", role: "status" });
  const refresh = async () => {
    const asked = { logGroupName: name, startTime: Math.floor(now() - BACK_MS), limit: 10_000 };
    if (wish.pattern) asked.filterPattern = wish.pattern;
    if (wish.stream) asked.logStreamNamePrefix = wish.stream;
    let found;
    try { found = await ask("logs", "FilterLogEvents", asked, place); } catch (error) { said.textContent = error.message; return; }
    const events = (found.events ?? []).slice(-SHOWN);
    said.textContent = `the latest ${count(events.length)} of ${count((found.events ?? []).length)} events of the last hour`;
    const follows = list.scrollTop + list.clientHeight >= list.scrollHeight - 20;
    show(list, events.length ? events.map(it => el("div", { class: /\b(error|fail|fatal|exception)/i.test(it.message) ? "bad" : "" }, time(it.timestamp), " ", el("small", {}, it.logStreamName), " ", el("code", {}, it.message))) : el("p", { class: "none" }, "no event"));
    if (follows) list.scrollTop = list.scrollHeight;
    tell(["logs", "FilterLogEvents", { ...asked, limit: undefined }, place.region], `skyrig logs tail ${name}`);
  };
  root.append(el("h1", {}, name), form({ class: "bar" }, fields => { Object.assign(wish, fields); return refresh(); }, input("pattern", "", { placeholder: "filter pattern", "data-first": true, "aria-label": "Filter pattern" }), input("stream", "", { placeholder: "start of a stream's name", "aria-label": "Stream" }), el("button", { class: "main" }, "Look")), said, list);
  await refresh();
  return { refresh };
}
