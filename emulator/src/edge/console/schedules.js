// Schedules and pipes.

import { ask, all, placeOf, where } from "./aws.js";
import { code, el, link, parts, row, show, table } from "./dom.js";

export async function enter({ root, rest, tell }) {
  const place = rest ? placeOf(rest) : where;
  const wanted = rest ? parts(rest).name : "";
  const [schedules, pipes] = [el("div"), el("div")];
  const refresh = async () => {
    const list = await all("scheduler", "ListSchedules", {}, "Schedules");
    const told = await Promise.all(list.slice(0, 50).map(it => ask("scheduler", "GetSchedule", { Name: it.Name, GroupName: it.GroupName }, place).catch(() => ({}))));
    show(schedules, table(["schedule", "when", "target", "state"], list.map((it, at) => row([`${it.GroupName}/${it.Name}`, [told[at]?.ScheduleExpression ?? "", el("small", {}, ` ${told[at]?.ScheduleExpressionTimezone ?? ""}`)], [link(it.Target?.Arn ?? ""), told[at]?.Target?.Input ? code(told[at].Target.Input, "input") : null], it.State], { class: `${it.GroupName}/${it.Name}` === wanted ? "wanted" : false }))));
    const found = await all("pipes", "ListPipes", {}, "Pipes");
    show(pipes, table(["pipe", "from", "through", "to", "state"], found.map(it => row([it.Name, link(it.Source), it.Enrichment ? link(it.Enrichment) : "", link(it.Target), [it.CurrentState, it.StateReason ? el("small", {}, ` ${it.StateReason}`) : null]], { class: it.Name === wanted ? "wanted" : false }))));
  };
  root.append(el("h1", {}, "Schedules"), schedules, el("h1", {}, "Pipes"), pipes);
  tell(["scheduler", "ListSchedules", {}], ["pipes", "ListPipes", {}]);
  await refresh();
  return { refresh };
}
