// One queue: what is in it without taking it, and what can be done with it.

import { act, ask, get, placeOf, queueUrl } from "./aws.js";
import { area, button, code, count, date, el, facts, field, form, input, link, parts, show, span, time } from "./dom.js";
import { sure } from "./help.js";
import { virtual as now } from "./live.js";

const PAGE = 50;

export async function enter(visit) {
  const { root, rest: arn, doing, tell } = visit;
  const url = queueUrl(arn);
  const place = placeOf(arn);
  const { name } = parts(arn);
  const at = { from: 0, text: "", before: [] };
  const [head, list, letters] = [el("div"), el("div"), el("div", { class: "bar" })];
  let sources = [];
  const filter = input("text", "", { type: "search", placeholder: "part of a body, start of an id", "aria-label": "Filter messages" });
  filter.addEventListener("change", () => { Object.assign(at, { from: 0, text: filter.value, before: [] }); return messages(); });

  const told = (operation, more) => tell(["sqs", operation, { QueueUrl: url, ...more }, place.region]);
  function call(operation, more, said) {
    told(operation, more);
    return doing(() => act("sqs", operation, { QueueUrl: url, ...more }, place), said);
  }

  async function depth() {
    const found = await get(`/_skyrig/queues?${new URLSearchParams({ text: arn, count: 500 })}`);
    const own = found.rows.find(it => it.arn === arn);
    if (!own) { show(head, el("h1", {}, name), el("p", { class: "bad" }, "There is no such queue.")); return; }
    sources = found.ways.filter(way => way.to === arn).map(way => way.from);
    const given = found.ways.find(way => way.from === arn)?.to;
    const { visible = 0, in_flight: taken = 0, delayed = 0, oldest } = own.figures;
    show(head, el("h1", {}, name, " ", el("small", {}, `${parts(arn).region} ${parts(arn).account}`)),
      el("p", { class: "figures" }, el("b", {}, count(visible)), " can be received, ", el("b", {}, count(taken)), " in flight, ", el("b", {}, count(delayed)), " delayed",
        oldest ? [", the oldest sent ", el("b", {}, span(now() - oldest)), " ago"] : null),
      el("p", {}, given ? ["Gives up to ", link(given), ". "] : null, sources.length ? ["Takes dead letters of ", sources.map(it => [link(it), " "])] : null,
        el("a", { href: `#/why/${encodeURIComponent(arn)}` }, "Why is nothing here?")));
    show(letters, sources.length && visible + taken ? button(`Redrive ${count(visible)} to where they came from`, () => {
      tell(["sqs", "StartMessageMoveTask", { SourceArn: arn }, place.region]);
      return doing(() => act("sqs", "StartMessageMoveTask", { SourceArn: arn }, place), "they are moved back; see it in their stories");
    }, { id: "redrive", class: "main" }) : null);
  }

  function message(it) {
    const soon = it.until ? ` for ${span(it.until - now())} more` : "";
    const body = el("div");
    const node = el("details", { class: `message ${it.state}` },
      el("summary", { "data-key": it.id },
        el("span", { class: `state ${it.state}` }, `${it.state}${soon}`), time(it.sent),
        el("code", {}, it.body.slice(0, 160)), it.reason ? el("span", { class: "bad" }, it.reason) : null), body);
    node.addEventListener("toggle", async () => {
      if (!node.open || body.firstChild) return;
      const whole = it.bytes > it.body.length
        ? (await get(`/_skyrig/messages?${new URLSearchParams({ queue: arn, from: it.place, count: 1, whole: true })}`)).messages[0] ?? it : it;
      show(body, code(whole.body, "body"), facts([
        ["id", el("a", { href: `#/story/${it.id}` }, it.id, " (its story)")],
        ["why it is here", it.reason], ["given up by", it.given_up_by && link(it.given_up_by)],
        ["received", `${it.receive_count} times`], ["sent", `${date(it.sent)} by ${it.sender}`], ["expires", date(it.expires)],
        ["group", it.group], ["de-duplication id", it.deduplication_id],
        ["attributes", it.attributes && code(JSON.stringify(it.attributes), "attributes")],
      ]), it.receipt_handle ? el("p", { class: "bar" },
        button("Let it be received now", () => call("ChangeMessageVisibility", { ReceiptHandle: it.receipt_handle, VisibilityTimeout: 0 }, "it can be received")),
        button("Hide it 5 minutes", () => call("ChangeMessageVisibility", { ReceiptHandle: it.receipt_handle, VisibilityTimeout: 300 }, "it is hidden for 5 minutes")),
        button("Delete", () => call("DeleteMessage", { ReceiptHandle: it.receipt_handle }, "it is deleted"), { class: "danger" })) : null);
    });
    return node;
  }

  async function messages() {
    const open = new Set([...list.querySelectorAll("details[open] > summary")].map(it => it.dataset.key));
    const found = await get(`/_skyrig/messages?${new URLSearchParams({ queue: arn, from: at.from, count: PAGE, text: at.text })}`);
    const go = (from, back) => () => { at.before = back ? at.before.slice(0, -1) : [...at.before, at.from]; at.from = from; return messages(); };
    const before = at.before.at(-1);
    show(list, found.messages.length ? found.messages.map(message) : el("p", { class: "none" }, found.next ? "none of these; look further" : "no message"),
      el("p", { class: "bar" },
        button("First", () => { Object.assign(at, { from: 0, before: [] }); return messages(); }, { disabled: at.from === 0, "data-key": "first" }),
        button("Previous", go(before ?? 0, true), { disabled: before === undefined, "data-key": "previous" }),
        button("Next", go(found.next, false), { disabled: !found.next, "data-key": "next" }),
        button("Last", go(Math.max(0, (found.last ?? 0) - PAGE + 1), false), { disabled: !found.next, "data-key": "last" }),
        found.messages.length ? el("span", { class: "hint" }, `places ${count(found.messages[0].place)} to ${count(found.messages.at(-1).place)} of ${count(found.first)} to ${count(found.last)}`) : null));
    for (const node of list.querySelectorAll("details")) if (open.has(node.firstChild.dataset.key)) node.open = true;
  }

  const isFifo = name.endsWith(".fifo");
  const send = form({ class: "fields" }, async fields => {
    const more = { MessageBody: fields.body };
    if (fields.delay) more.DelaySeconds = Number(fields.delay);
    if (fields.group) more.MessageGroupId = fields.group;
    if (fields.once) more.MessageDeduplicationId = fields.once;
    if (fields.attributes.trim()) {
      try {
        const given = Object.entries(JSON.parse(fields.attributes));
        more.MessageAttributes = Object.fromEntries(given.map(([key, value]) => [key, typeof value === "number" ? { DataType: "Number", StringValue: String(value) } : { DataType: "String", StringValue: String(value) }]));
      } catch (error) { visit.say(`attributes: ${error.message}`, true); return; }
    }
    await call("SendMessage", more, done => `sent: ${done.MessageId}`);
  }, field("Body", area("body", "{\"orderId\": \"o-1\"}", { required: true, "data-first": true })),
  field("Delay in seconds", input("delay", "", { type: "number", min: 0, max: 900 })),
  field("Group", input("group", isFifo ? "g" : "", { required: isFifo })), field("De-duplication id", input("once")),
  field("Attributes", input("attributes"), "as {\"name\": \"text\"}"), el("button", { class: "main" }, "Send"));

  const settings = el("details", {}, el("summary", {}, "Settings"), el("div"));
  settings.addEventListener("toggle", async () => {
    if (!settings.open) return;
    const { Attributes: all = {} } = await ask("sqs", "GetQueueAttributes", { QueueUrl: url, AttributeNames: ["All"] }, place);
    const stored = (await get("/_skyrig/stored")).sqs?.SetQueueAttributes ?? [];
    const idle = key => stored.some(it => it === `Attributes.${key}`);
    show(settings.lastChild, facts(Object.entries(all).map(([key, value]) => [key, [value.startsWith("{") ? code(value, key) : value, idle(key) ? el("em", { class: "idle" }, " stored, without effect here") : null]])));
  });

  root.append(head, letters, el("div", { class: "bar" }, filter,
    button("Purge", () => sure(`Remove every message of ${name}?`, () => call("PurgeQueue", {}, "it is purged")), { class: "danger" }),
    button("Delete queue", () => sure(`Delete the queue ${name}?`, () => call("DeleteQueue", {}, "it is deleted").then(() => { location.hash = "#/queues"; })), { class: "danger" })),
  list, el("h2", {}, "Send a message"), send, settings);
  told("ReceiveMessage", { VisibilityTimeout: 0, AttributeNames: ["All"] });
  const refresh = () => Promise.all([depth(), messages()]);
  await refresh();
  return { refresh, ages: true };
}
