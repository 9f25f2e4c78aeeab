// The story of a message: what led to what, when in virtual time, and what did not match and why.

import { get } from "./aws.js";
import { code, el, form, input, link, parts, show, span, time } from "./dom.js";

const BAD = new Set(["refused", "dropped", "dead-lettered", "expired", "run-failed"]);
const WIDE_MS = 1;

const WORDS = {
  called: "called", enqueued: "enqueued in", deduplicated: "a duplicate for", received: "received from", "visibility-changed": "given back to",
  deleted: "deleted from", expired: "expired in", purged: "purged from", "dead-lettered": "dead-lettered to", redriven: "redriven from",
  delivered: "delivered to", published: "published to", "filtered-out": "filtered out by", "event-put": "put on", "rule-matched": "matched",
  "schedule-rang": "time came of", invoked: "invoked", returned: "returned by", "run-failed": "failed in", throttled: "throttled for",
  "execution-started": "started", "state-entered": "entered a state of", "execution-ended": "ended", "alarm-changed": "changed the state of",
  refused: "refused by", warned: "would be refused by", faulted: "fault injected at", retried: "tried again later for", dropped: "dropped before",
};

function flat(node, depth, into) {
  into.push({ node, depth });
  (node.led_to ?? []).forEach(it => flat(it, depth + 1, into));
  return into;
}

const reasons = list => list.map(it => el("li", {}, it.field ? [el("b", {}, it.field), it.values?.length ? [" is ", el("code", {}, it.values.join(", "))] : " is not there", it.wanted ? [", wanted ", el("code", {}, it.wanted)] : null] : it.reason));

function missed(node) {
  if (!node.missed?.length) return null;
  const lines = node.missed.map(it => el("div", { class: "missed" }, el("span", {}, "not ", link(it.by)), el("ul", {}, reasons(it.reasons))));
  return node.missed.length < 4 ? lines : el("details", {}, el("summary", {}, `${node.missed.length} rules did not match`), lines);
}

function waterfall(root) {
  const all = flat(root, 0, []);
  const times = all.map(({ node }) => Date.parse(node.at));
  const begin = Math.min(...times);
  const whole = Math.max(WIDE_MS, Math.max(...times) - begin);
  return el("ol", { class: "waterfall" }, all.map(({ node, depth }, at) => {
    const since = times[at] - begin;
    const mark = el("i", { class: "mark" });
    mark.style.left = `${100 * since / whole}%`;
    const line = el("li", { class: BAD.has(node.what) ? "bad" : node.what === "faulted" || node.what === "filtered-out" ? "warn" : "", tabindex: "-1", "data-row": true },
      el("span", { class: "when" }, `+${span(since)}`), el("span", { class: "fall", title: node.at }, mark),
      el("div", { class: "what" }, el("span", {}, WORDS[node.what] ?? node.what, " ", link(node.resource), " ", el("a", { class: "id", href: `#/story/${node.subject}` }, node.subject.slice(0, 8)), node.note ? el("em", {}, ` ${node.note}`) : null,
        node.what === "event-put" && !(node.led_to ?? []).length ? el("em", {}, " no rule matched") : null),
      missed(node), (node.inputs ?? []).map(it => el("details", {}, el("summary", {}, it.error ? `can't get it: ${it.error}` : `what ${parts(it.target).name} gets`), it.body ? code(it.body, "input") : null)),
      node.now ? el("b", {}, ` now: ${node.now}`) : null));
    line.style.setProperty("--depth", Math.min(depth, 12));
    return line;
  }));
}

async function latest(root) {
  const trees = await get("/_skyrig/latest");
  show(root, el("h2", {}, "The latest"), trees.length ? el("ul", { class: "rows" }, trees.map(it => {
    const all = flat(it, 0, []);
    const bad = all.find(({ node }) => BAD.has(node.what));
    return el("li", {}, el("a", { href: `#/story/${it.subject}`, class: bad ? "bad" : "" }, time(Date.parse(it.at)), ` ${WORDS[it.what] ?? it.what} ${parts(it.resource).kind} ${parts(it.resource).name}`, el("small", {}, ` ${it.subject.slice(0, 8)}, ${all.length} steps${bad ? `: ${bad.node.what} ${bad.node.note ?? ""}` : ""}`)));
  })) : el("p", { class: "none" }, "Nothing has happened yet."));
}

export async function enter({ root, rest, tell }) {
  const body = el("div");
  root.append(el("h1", {}, "Stories"), form({ class: "bar" }, ({ text }) => { if (text.trim()) location.hash = `#/story/${encodeURIComponent(text.trim())}`; },
    input("text", rest, { type: "search", placeholder: "id, order id, any word of a body", "data-first": true, "aria-label": "What to look for", required: true }), el("button", { class: "main" }, "Find")), body);
  tell(rest ? `skyrig trace ${rest}` : "skyrig trace ID");
  const refresh = async () => {
    if (!rest) return latest(body);
    let found;
    try {
      found = await get(/^[0-9a-f-]{32,36}$/i.test(rest) ? `/_skyrig/trace/${encodeURIComponent(rest)}` : `/_skyrig/trace?text=${encodeURIComponent(rest)}`);
    } catch (error) {
      show(body, el("p", { class: "none" }, error.message));
      return undefined;
    }
    show(body, found.left_out ? el("p", { class: "hint" }, `and ${found.left_out} older ones`) : null, [...found.roots].reverse().map(waterfall));
    return undefined;
  };
  await refresh();
  return { refresh };
}

