// What was sent lately from this browser, and ready-made beginnings: kept in the browser only.

import { choice } from "./dom.js";

const KEPT_MAX = 10;
const READY = {
  topic: [["an order", { message: "{\"orderId\": \"o-1\", \"total\": 4200}", attributes: "{\"kind\": \"paid\"}" }]],
  event: [
    ["order placed", { source: "shop.orders", type: "Order Placed", detail: "{\n  \"orderId\": \"o-1\",\n  \"total\": 4200\n}" }],
    ["payment failed", { source: "shop.payments", type: "Payment Failed", detail: "{\n  \"orderId\": \"o-1\",\n  \"reason\": \"declined\"\n}" }],
    ["alarm", { source: "aws.cloudwatch", type: "CloudWatch Alarm State Change", detail: "{\n  \"alarmName\": \"a\",\n  \"state\": {\"value\": \"ALARM\"}\n}" }],
  ],
};

const name = kind => `skyrig.${kind}`;

function kept(kind) {
  try { return JSON.parse(localStorage.getItem(name(kind)) ?? "[]"); } catch { return []; }
}

export function keep(kind, fields) {
  const text = JSON.stringify(fields);
  const others = kept(kind).filter(it => JSON.stringify(it) !== text);
  try { localStorage.setItem(name(kind), JSON.stringify([fields, ...others].slice(0, KEPT_MAX))); } catch { /* Nothing is kept then. */ }
}

// A list to choose from; what was chosen is handed over.
export function templates(kind, pick) {
  const ready = READY[kind] ?? [];
  const own = kept(kind);
  const options = [["", "Template…"], ...ready.map(([text], at) => [`r${at}`, text]), ...own.map((it, at) => [`k${at}`, `sent before: ${Object.values(it).join(" ").replace(/\s+/g, " ").slice(0, 50)}`])];
  const node = choice("", options, "", { "aria-label": "Template", class: "template", id: `templates-${kind}` });
  node.addEventListener("change", () => {
    const at = Number(node.value.slice(1));
    const found = node.value.startsWith("r") ? ready[at]?.[1] : own[at];
    if (found) pick(found);
  });
  return node;
}
