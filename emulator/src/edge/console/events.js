// Buses and their rules, putting events, and trying a pattern: the field that fails is named.

import { act, all, ask, change, placeOf, where } from "./aws.js";
import { area, button, code, el, field, form, input, link, many, parts, row, show, table } from "./dom.js";
import { keep, templates } from "./templates.js";

export async function enter({ root, rest, doing, tell, say }) {
  const asked = rest ? parts(rest) : { kind: "bus", name: "default" };
  const place = rest ? placeOf(rest) : where;
  const [bus, wanted] = asked.kind === "rule" ? (asked.name.includes("/") ? asked.name.split("/") : ["default", asked.name]) : [asked.name, ""];
  const [buses, rules, verdict] = [el("p", { class: "bar" }), el("div"), el("div", { role: "status" })];
  let known = [];

  const pattern = area("pattern", "{\n  \"source\": [\"shop.orders\"]\n}", { rows: 8, "aria-label": "Pattern" });
  const source = input("source", "shop.orders", { required: true });
  const type = input("type", "Order Placed", { required: true });
  const detail = area("detail", "{\n  \"orderId\": \"o-1\"\n}", { required: true });

  const event = () => ({ version: "0", id: "00000000-0000-0000-0000-000000000000", "detail-type": type.value, source: source.value, account: place.account, time: new Date(0).toISOString(), region: place.region, resources: [], detail: JSON.parse(detail.value) });
  const trial = text => change("POST", "/_skyrig/pattern", { pattern: text, event: event() });
  const mismatches = found => el("ul", {}, found.mismatches.map(it => el("li", {}, it.field ? el("b", { class: "field" }, it.field, ": ") : null, it.reason)));

  async function tryOne(text, of) {
    try {
      const found = await trial(text);
      show(verdict, el("p", { class: found.matches ? "good" : "bad" }, found.matches ? `${of} matches.` : `${of} does not match:`), mismatches(found));
    } catch (error) { show(verdict, el("p", { class: "bad" }, error.message)); }
  }

  async function tryAll() {
    try {
      const found = await Promise.all(known.filter(it => it.EventPattern).map(async it => [it, await trial(it.EventPattern)]));
      show(verdict, found.length ? found.map(([it, one]) => [el("p", { class: one.matches ? "good" : "bad" }, one.matches ? `${it.Name} matches${it.State === "ENABLED" ? "" : ", but it is disabled"}.` : `${it.Name} does not match:`), mismatches(one)]) : el("p", {}, "no rule has a pattern"));
    } catch (error) { show(verdict, el("p", { class: "bad" }, error.message)); }
  }

  async function refresh() {
    const { EventBuses: list = [] } = await ask("events", "ListEventBuses", {}, place);
    show(buses, "Buses: ", list.map(it => el("a", { href: `#/events/${encodeURIComponent(it.Arn)}`, "aria-current": it.Name === bus ? "page" : false }, it.Name)));
    known = list.some(it => it.Name === bus) ? await all("events", "ListRules", { EventBusName: bus }, "Rules") : [];
    const shown = known.filter(it => !it.ManagedBy).slice(0, 200);
    const targets = await Promise.all(shown.slice(0, 50).map(it => ask("events", "ListTargetsByRule", { Rule: it.Name, EventBusName: bus }, place).catch(() => ({}))));
    show(rules, el("h2", {}, `${many(known.length, "rule")} of ${bus}`), table(["rule", "wants", "targets", ""], shown.map((it, at) => row([
      [el("b", { id: it.Name === wanted ? "wanted" : false }, it.Name), it.State === "ENABLED" ? null : el("em", { class: "bad" }, " disabled")],
      code(it.EventPattern ?? it.ScheduleExpression ?? "", "pattern"), (targets[at]?.Targets ?? []).map(target => el("div", {}, link(target.Arn), target.InputTransformer || target.InputPath || target.Input ? el("small", {}, " with another input") : null)),
      [it.EventPattern ? button("Try", () => { pattern.value = it.EventPattern; tryOne(it.EventPattern, it.Name); }, { "data-key": `try ${it.Name}` }) : null,
        button(it.State === "ENABLED" ? "Disable" : "Enable", () => {
          const operation = it.State === "ENABLED" ? "DisableRule" : "EnableRule";
          tell(["events", operation, { Name: it.Name, EventBusName: bus }]);
          return doing(() => act("events", operation, { Name: it.Name, EventBusName: bus }, place), "done");
        })],
    ], it.Name === wanted ? { class: "wanted" } : {}))));
  }

  const put = form({ class: "fields", id: "put" }, async () => {
    let text;
    try { text = JSON.stringify(JSON.parse(detail.value)); } catch (error) { say(`detail: ${error.message}`, true); return; }
    const entry = { Source: source.value, DetailType: type.value, Detail: text, EventBusName: bus };
    tell(["events", "PutEvents", { Entries: [entry] }]);
    keep("event", { source: source.value, type: type.value, detail: detail.value });
    const done = await doing(() => act("events", "PutEvents", { Entries: [entry] }, place));
    const first = done?.Entries?.[0];
    if (first?.EventId) say(el("span", {}, `put on ${bus}: `, el("a", { href: `#/story/${first.EventId}` }, "its story")));
    else if (first) say(`${first.ErrorCode}: ${first.ErrorMessage}`, true);
  }, templates("event", picked => Object.assign(source, { value: picked.source }) && Object.assign(type, { value: picked.type }) && Object.assign(detail, { value: picked.detail })),
  field("Source", source), field("Detail type", type), field("Detail", detail), el("p", { class: "bar" }, el("button", { class: "main", id: "put-event" }, "Put event"), button("Try it on every rule", tryAll)));
  put.querySelector("select").setAttribute("data-first", "");
  root.append(el("h1", {}, bus), buses, rules, el("h2", {}, "Put an event"), put, el("h2", {}, "Try a pattern on this event"),
    form({ class: "fields" }, () => tryOne(pattern.value, "The pattern"), field("Pattern", pattern), el("button", { class: "main" }, "Try")), verdict);
  tell(["events", "ListRules", { EventBusName: bus }]);
  await refresh();
  root.querySelector("#wanted")?.scrollIntoView({ block: "center" });
  return { refresh };
}
