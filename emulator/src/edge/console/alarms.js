// Alarms: their states and why, what they did before, and going to the next change.

import { ask, placeOf, where } from "./aws.js";
import { jump } from "./clock.js";
import { button, code, count, date, el, facts, link, many, parts, show } from "./dom.js";

const KINDS = ["MetricAlarms", "CompositeAlarms", "LogAlarms"];
const TYPES = ["MetricAlarm", "CompositeAlarm", "LogAlarm"];
const millis = seconds => typeof seconds === "number" ? seconds * 1000 : Date.parse(seconds);

export async function enter({ root, rest, tell }) {
  const wanted = rest ? parts(rest).name : "";
  const place = rest ? placeOf(rest) : where;
  const body = el("div");
  const refresh = async () => {
    const answer = await ask("cloudwatch", "DescribeAlarms", wanted ? { AlarmNames: [wanted], AlarmTypes: TYPES } : { AlarmTypes: TYPES }, place);
    const all = KINDS.flatMap(kind => answer[kind] ?? []).sort((one, other) => (other.StateValue === "ALARM") - (one.StateValue === "ALARM"));
    const open = new Set([...body.querySelectorAll("details[open] > summary")].map(it => it.dataset.key));
    show(body, el("p", { class: "hint" }, `${many(all.length, "alarm")}, ${count(all.filter(it => it.StateValue === "ALARM").length)} in ALARM`), all.length ? all.map(it => {
      const more = el("div");
      const node = el("details", { open: Boolean(wanted) || open.has(it.AlarmName) }, el("summary", { "data-key": it.AlarmName }, el("span", { class: `state ${it.StateValue}` }, it.StateValue), ` ${it.AlarmName}`, el("small", {}, ` since ${date(millis(it.StateTransitionedTimestamp ?? it.StateUpdatedTimestamp))}: ${it.StateReason ?? ""}`)),
        facts([["watches", it.AlarmRule ?? (it.MetricName ? `${it.Statistic ?? it.ExtendedStatistic ?? ""} of ${it.Namespace} ${it.MetricName} ${(it.Dimensions ?? []).map(one => `${one.Name}=${one.Value}`).join(" ")}` : it.Metrics && code(JSON.stringify(it.Metrics), "metrics"))],
          ["in alarm if", it.ComparisonOperator && `${it.ComparisonOperator} ${it.Threshold} for ${it.DatapointsToAlarm ?? it.EvaluationPeriods} of ${it.EvaluationPeriods} periods of ${it.Period ?? "?"} s; missing data: ${it.TreatMissingData ?? "missing"}`],
          ["actions", [...(it.AlarmActions ?? []), ...(it.OKActions ?? []), ...(it.InsufficientDataActions ?? [])].map(to => el("div", {}, link(to)))], ["are they on", it.ActionsEnabled === false ? "no" : null], ["suppressed by", it.ActionsSuppressedBy]]), more);
      node.addEventListener("toggle", async () => {
        if (!node.open || more.firstChild) return;
        const { AlarmHistoryItems: items = [] } = await ask("cloudwatch", "DescribeAlarmHistory", { AlarmName: it.AlarmName, MaxRecords: 20, AlarmTypes: TYPES }, place);
        show(more, el("h3", {}, "What it did"), el("ol", {}, items.map(one => el("li", {}, `${date(millis(one.Timestamp))} ${one.HistorySummary}`))));
      });
      return node;
    }) : el("p", { class: "none" }, "no alarm"));
  };
  root.append(el("h1", {}, wanted || "Alarms"), el("p", { class: "bar" }, button("Jump to the next change of an alarm", () => jump("alarm"), { id: "next-alarm", class: "main", "data-first": true })), body);
  tell(["cloudwatch", "DescribeAlarms", wanted ? { AlarmNames: [wanted] } : {}]);
  await refresh();
  return { refresh };
}
