// Why nothing is in a queue, or comes to a topic, bus or function.

import { get } from "./aws.js";
import { code, count, el, form, input, link, parts, show, time } from "./dom.js";

function sender({ feed, published, passed, lost }) {
  return el("section", { class: "card" }, el("h3", {}, link(feed.by), " → ", link(feed.to)),
    feed.wants ? code(feed.wants, "what it wants") : null,
    feed.obstacles?.map(it => el("p", { class: "bad" }, it)),
    feed.kind === "rule" || feed.kind === "subscription" ? el("p", {}, published ? `${count(passed)} of the latest ${count(published)} on ${parts(feed.from).name} came` : `nothing came to ${parts(feed.from).name} lately`) : null,
    lost.length ? el("ul", {}, lost.map(it => el("li", {}, time(Date.parse(it.at)), " ", el("a", { href: `#/story/${it.id}` }, it.id.slice(0, 8)), " ", it.reasons.map(reason => reason.field ? [el("b", {}, reason.field), ` ${reason.values?.length ? `is ${reason.values.join(", ")}` : "is not there"}, wanted ${reason.wanted ?? ""}`] : reason.reason).flatMap((it, at) => at ? ["; ", it] : [it])))) : null);
}

export async function enter({ root, rest, tell }) {
  const body = el("div");
  root.append(el("h1", {}, "Why is nothing here?"), form({ class: "bar" }, ({ name }) => { location.hash = `#/why/${encodeURIComponent(name.trim())}`; },
    input("name", rest, { placeholder: "name or ARN of a queue, topic, bus or function", "data-first": true, required: true, "aria-label": "Name" }), el("button", { class: "main" }, "Ask")), body);
  tell(`skyrig why ${parts(rest).name || "QUEUE"}`);
  const refresh = async () => {
    if (!rest) return;
    let all;
    try { all = await get(`/_skyrig/why/${encodeURIComponent(rest)}`); } catch (error) { show(body, el("p", { class: "none" }, error.message)); return; }
    show(body, all.map(why => [el("h2", {}, link(why.resource)), el("p", { class: "answer" }, why.answer), why.state.map(it => el("p", {}, it)),
      el("h3", {}, "What sends to it"), why.senders.length ? why.senders.map(sender) : el("p", {}, "nothing: no rule, no subscription, no queue's dead letters"),
      el("h3", {}, "What came lately"), why.arrived.length ? el("ul", {}, why.arrived.map(it => el("li", {}, time(Date.parse(it.at)), " ", el("a", { href: `#/story/${it.id}` }, it.id.slice(0, 8)), ` ${it.fate}`))) : el("p", {}, "nothing")]));
  };
  await refresh();
  return { refresh };
}
