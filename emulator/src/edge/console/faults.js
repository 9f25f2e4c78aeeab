// Letting things go wrong: ready-made rules with one click, how often each fired, and an end to all.

import { change, endpoint, get } from "./aws.js";
import { button, code, count, el, field, form, input, many, row, show, table } from "./dom.js";

// Rules of docs/faults.md, by what somebody wants to see their system bear.
const READY = [
  ["An answer to SendMessage is lost", { name: "lost answer", service: "sqs", operation: "SendMessage", times: 1, effect: "lose-answer" }],
  ["One in five answers is lost", { name: "answers lost", probability: 0.2, effect: "lose-answer" }],
  ["DynamoDB throttles half of what it is asked", { name: "throttled tables", service: "dynamodb", probability: 0.5, effect: "throttle" }],
  ["Every answer takes 2 seconds", { name: "slow", effect: { delay: { seconds: 2 } } }],
  ["SQS is unavailable for a minute", { name: "sqs down", service: "sqs", until_seconds: 60, effect: { error: { code: "ServiceUnavailable", status: 503, message: "the service is unavailable" } } }],
  ["Messages come twice", { name: "duplicates", service: "sqs", effect: "duplicate" }],
  ["Messages come in another order", { name: "reordered", service: "sqs", effect: "reorder" }],
  ["Sent messages are seen 30 seconds later", { name: "hidden", service: "sqs", effect: { hide: { seconds: 30 } } }],
  ["Each delivery fails three times", { name: "deliveries fail", effect: { "fail-delivery": { times: 3 } } }],
  ["Half the entries of batches fail", { name: "batches fail", effect: { "fail-entries": { code: "InternalError", share: 0.5 } } }],
  ["Policies let nobody in", { name: "no policies", effect: "remove-policy" }],
];
const EFFECTS = ["\"throttle\"", "\"lose-answer\"", "{\"delay\": {\"seconds\": 2}}", "\"duplicate\"", "\"reorder\"", "{\"hide\": {\"seconds\": 30}}", "{\"fail-delivery\": {\"times\": 3}}", "\"remove-policy\""];

export async function enter({ root, doing, tell, say }) {
  let rules = [];
  const list = el("div");
  const put = (next, said) => {
    tell(`curl -X PUT ${endpoint}/_skyrig/faults -d '${JSON.stringify(next)}'`);
    return doing(() => change("PUT", "/_skyrig/faults", next), said).then(refresh);
  };
  const own = ({ rule }) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null));

  async function refresh() {
    const { faults } = await get("/_skyrig/faults");
    rules = faults;
    show(list, el("p", { class: "bar" }, el("b", {}, rules.length ? `${many(rules.length, "rule")} hold${rules.length === 1 ? "s" : ""}` : "Nothing goes wrong on purpose."), rules.length ? button("All off", () => put([], "nothing goes wrong any more"), { id: "off", class: "danger", "data-key": "off" }) : null),
      rules.length ? table(["rule", "could have fired", "fired", ""], rules.map((it, at) => row([
        [el("b", {}, own(it).name ?? String(at)), code(JSON.stringify(own(it)), "rule")], count(it.matched), count(it.fired),
        button("Remove", () => put(rules.filter((_, index) => index !== at).map(own), "it is removed")),
      ]))) : null);
  }

  const make = form({ class: "fields" }, fields => {
    const rule = {};
    for (const name of ["name", "service", "operation", "resource", "caller"]) if (fields[name]) rule[name] = fields[name];
    for (const name of ["probability", "times", "from_seconds", "until_seconds"]) if (fields[name]) rule[name] = Number(fields[name]);
    try { rule.effect = JSON.parse(fields.effect); } catch (error) { say(`effect: ${error.message}`, true); return; }
    put([...rules.map(own), rule], "from now on");
  }, field("Name", input("name")), field("Service", input("service", "sqs")), field("Operation", input("operation")), field("Resource", input("resource")), field("Caller", input("caller")),
  field("Probability", input("probability", "", { type: "number", min: 0, max: 1, step: "any" })), field("At most so often", input("times", "", { type: "number", min: 1 })),
  field("From second", input("from_seconds", "", { type: "number", min: 0 })), field("Until second", input("until_seconds", "", { type: "number", min: 0 })),
  field("Effect", input("effect", "\"throttle\"", { list: "effects", required: true })), el("datalist", { id: "effects" }, EFFECTS.map(it => el("option", { value: it }))), el("button", { class: "main" }, "Add"));
  root.append(el("h1", {}, "Faults"), list, el("h2", {}, "Ready-made"), el("div", { class: "ready" }, READY.map(([text, rule], at) => button(text, () => put([...rules.map(own), rule], `from now on: ${text}`), at === 0 ? { "data-first": true, "data-row": true } : { "data-row": true }))),
    el("p", { class: "hint" }, "The windows of all rules begin anew with each change. This page meets no faults when it looks, but all that you do with it does."), el("h2", {}, "A rule of your own"), make);
  tell(`curl ${endpoint}/_skyrig/faults`, `curl -X DELETE ${endpoint}/_skyrig/faults`);
  await refresh();
  return { refresh };
}

