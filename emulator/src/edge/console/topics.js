// Topics: who subscribes with which filter, publishing, and trying a filter policy.

import { act, all, ask, change, get, placeOf } from "./aws.js";
import { area, button, choice, code, el, facts, field, form, input, link, many, parts, row, show, table } from "./dom.js";
import { keep, templates } from "./templates.js";
import { sure } from "./help.js";

export async function enter(visit) {
  const { root, rest, tell } = visit;
  if (rest) return one(visit);
  const list = el("div");
  const refresh = async () => {
    const topics = await all("sns", "ListTopics", {}, "Topics");
    show(list, el("p", { class: "hint" }, `${many(topics.length, "topic")}${topics.more ? ", and more" : ""}`), el("ul", { class: "rows" }, topics.map(it => el("li", {}, link(it.TopicArn)))));
  };
  root.append(el("h1", {}, "Topics"), list);
  tell(["sns", "ListTopics", {}]);
  await refresh();
  return { refresh };
}

// What a policy says of attributes or of a body, with the field that fails.
function tester() {
  const verdict = el("div", { role: "status" });
  const policy = area("policy", "{\n  \"kind\": [\"paid\"]\n}", { rows: 4 });
  return el("details", {}, el("summary", {}, "Try a filter policy"), form({ class: "fields" }, async fields => {
    try {
      const found = await change("POST", "/_skyrig/pattern", { pattern: fields.policy, event: JSON.parse(fields.event), scope: fields.scope });
      show(verdict, el("p", { class: found.matches ? "good" : "bad" }, found.matches ? "It passes." : "It does not pass:"), el("ul", {}, found.mismatches.map(it => el("li", {}, it.field ? el("b", {}, it.field, ": ") : null, it.reason))));
    } catch (error) { show(verdict, el("p", { class: "bad" }, error.message)); }
  }, field("Policy", policy), field("On", choice("scope", [["MessageAttributes", "attributes"], ["MessageBody", "the body"]])), field("Attributes or body", area("event", "{\"kind\": \"paid\"}", { rows: 4 })), el("button", { class: "main" }, "Try"), verdict));
}

async function one({ root, rest: arn, doing, tell, say }) {
  const place = placeOf(arn);
  const head = el("div");
  const refresh = async () => {
    const { Attributes: attributes = {} } = await ask("sns", "GetTopicAttributes", { TopicArn: arn }, place);
    const { Subscriptions: list = [] } = await ask("sns", "ListSubscriptionsByTopic", { TopicArn: arn }, place);
    const more = await Promise.all(list.slice(0, 50).map(it => it.SubscriptionArn.startsWith("arn:") ? ask("sns", "GetSubscriptionAttributes", { SubscriptionArn: it.SubscriptionArn }, place).catch(() => ({})) : {}));
    const stored = (await get("/_skyrig/stored")).sns?.SetTopicAttributes ?? [];
    const idle = key => stored.includes(`Attributes.${key}`) ? el("em", { class: "idle" }, " stored, without effect here") : null;
    show(head, el("h1", {}, parts(arn).name), el("p", {}, el("a", { href: `#/why/${encodeURIComponent(arn)}` }, "Why does nothing come here?")),
      table(["subscriber", "protocol", "state", "filter"], list.map((it, at) => {
        const { FilterPolicy: policy, FilterPolicyScope: scope, RawMessageDelivery: raw, RedrivePolicy: letters } = more[at]?.Attributes ?? {};
        return row([it.Endpoint?.startsWith("arn:") ? link(it.Endpoint) : it.Endpoint, [it.Protocol, raw === "true" ? " raw" : ""], it.SubscriptionArn.startsWith("arn:") ? "confirmed" : it.SubscriptionArn,
          [policy ? [code(policy, "filter policy"), el("small", {}, scope ?? "")] : "everything", letters ? el("small", {}, ` dead letters: ${letters}`) : null]]);
      })), el("details", {}, el("summary", {}, "Settings"), facts(Object.entries(attributes).map(([key, value]) => [key, [value.startsWith("{") ? code(value, key) : value, idle(key)]]))));
  };
  const publish = form({ class: "fields" }, async fields => {
    const input = { TopicArn: arn, Message: fields.message };
    if (fields.subject) input.Subject = fields.subject;
    if (fields.group) Object.assign(input, { MessageGroupId: fields.group });
    if (fields.attributes.trim()) {
      try {
        input.MessageAttributes = Object.fromEntries(Object.entries(JSON.parse(fields.attributes)).map(([key, value]) => [key, { DataType: typeof value === "number" ? "Number" : "String", StringValue: String(value) }]));
      } catch (error) { say(`attributes: ${error.message}`, true); return; }
    }
    tell(["sns", "Publish", input, place.region]);
    keep("topic", { message: fields.message, attributes: fields.attributes });
    await doing(() => act("sns", "Publish", input, place), "published; see it among the stories");
  }, templates("topic", picked => { for (const [name, value] of Object.entries(picked)) publish.elements[name].value = value; }),
  field("Message", area("message", "{\"orderId\": \"o-1\"}", { required: true, "data-first": true })), field("Subject", input("subject")), field("Group", input("group", parts(arn).name.endsWith(".fifo") ? "g" : "")),
  field("Attributes", input("attributes"), "as {\"kind\": \"paid\"}"), el("button", { class: "main" }, "Publish"));
  root.append(head, el("h2", {}, "Publish"), publish, tester(), el("p", {}, button("Delete topic", () => sure(`Delete the topic ${parts(arn).name}?`, () => doing(() => act("sns", "DeleteTopic", { TopicArn: arn }, place), "it is deleted").then(() => { location.hash = "#/topics"; })), { class: "danger" })));
  tell(["sns", "Publish", { TopicArn: arn, Message: "…" }, place.region]);
  await refresh();
  return { refresh };
}
