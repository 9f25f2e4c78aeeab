// What would have left the cloud for people and devices.

import { change, endpoint, get } from "./aws.js";
import { el, field, form, input, many, show, time } from "./dom.js";

const SHOWN = 200;

export async function enter({ root, doing, tell }) {
  const list = el("div");
  const refresh = async () => {
    const { letters } = await get("/_skyrig/outbox");
    const phones = new Set(letters.filter(it => it.protocol === "sms").map(it => it.to));
    show(list, el("p", { class: "hint" }, many(letters.length, "letter")), letters.slice(-SHOWN).reverse().map(it => el("details", {}, el("summary", { "data-key": it.number }, time(Date.parse(it.at)), ` ${it.protocol} to ${it.to}`, el("small", {}, ` ${it.subject ?? it.body.slice(0, 80)}`)), el("pre", {}, it.body), el("a", { href: `#/story/${it.message_id}` }, "its story"),
      phones.has(it.to) ? form({ class: "bar" }, ({ body }) => doing(() => change("POST", "/_skyrig/outbox/answers", { from: it.to, body }), "answered"), field("Answer from the phone", input("body", "STOP")), el("button", {}, "Send")) : null)));
  };
  root.append(el("h1", {}, "Outbox"), list);
  tell(`curl ${endpoint}/_skyrig/outbox`);
  await refresh();
  return { refresh };
}

