// State machines and their executions: the graph, and what went into and came out of each state.

import { act, ask, placeOf } from "./aws.js";
import { area, button, code, count, date, el, facts, field, form, input, link, parts, show, span, svg } from "./dom.js";
import { layers } from "./layout.js";

const [WIDTH, HEIGHT, ACROSS, BETWEEN] = [150, 34, 20, 34];
const millis = at => typeof at === "number" ? at * 1000 : Date.parse(at);
const machineOf = arn => { const all = arn.split(":"); return [...all.slice(0, 5), "stateMachine", all[6]].join(":"); };

async function machines({ root, tell }) {
  const list = el("div");
  root.append(el("h1", {}, "State machines"), list);
  tell(["states", "ListStateMachines", {}]);
  const refresh = async () => {
    const { stateMachines: all = [] } = await ask("states", "ListStateMachines", {});
    show(list, all.length ? el("ul", { class: "rows" }, all.map(it => el("li", {}, link(it.stateMachineArn), el("small", {}, ` ${it.type}`)))) : el("p", { class: "none" }, "no state machine"));
  };
  await refresh();
  return { refresh };
}

// Every state of a definition with where it goes on, also those inside of others.
function states(definition, found = { names: [], ways: [] }) {
  for (const [name, state] of Object.entries(definition.States ?? {})) {
    found.names.push(name);
    const to = [state.Next, state.Default, ...(state.Choices ?? []).map(it => it.Next), ...(state.Catch ?? []).map(it => it.Next)];
    const inner = [...(state.Branches ?? []), state.ItemProcessor, state.Iterator].filter(Boolean);
    inner.forEach(it => { found.ways.push([name, it.StartAt]); states(it, found); });
    to.filter(Boolean).forEach(it => found.ways.push([name, it]));
  }
  return found;
}

function graph(definition, status) {
  const { names, ways } = states(definition);
  const { place, bends, columns, rows } = layers(names, ways);
  // Downwards: a column of the layout is a row of the picture.
  const corner = ({ column, row }) => [4 + row * (WIDTH + ACROSS), 4 + column * (HEIGHT + BETWEEN)];
  const spot = name => corner(place.get(name));
  const size = [8 + rows * (WIDTH + ACROSS), 8 + columns * (HEIGHT + BETWEEN)];
  return svg("svg", { width: size[0], height: size[1], viewBox: `0 0 ${size.join(" ")}`, class: "machine", role: "img", "aria-label": "The states" },
    ways.filter(([from, to]) => place.has(from) && place.has(to)).map(([from, to]) => {
      const by = (bends.get(`${from} ${to}`) ?? []).map(corner);
      const middle = ([x, y], low) => [x + WIDTH / 2, y + (low ? HEIGHT : 0)];
      const points = [middle(spot(from), true), ...by.flatMap(it => [middle(it, false), middle(it, true)]), middle(spot(to), false)];
      const curves = points.slice(1).map(([x, y], at) => `C${points[at][0]} ${points[at][1] + 16} ${x} ${y - 16} ${x} ${y}`);
      return svg("path", { d: `M${points[0].join(" ")}${curves.join("")}` });
    }),
    names.map(name => { const [x, y] = spot(name); return svg("g", { class: `step ${status.get(name) ?? ""}` }, svg("title", {}, name), svg("rect", { x, y, width: WIDTH, height: HEIGHT, rx: 5 }), svg("text", { x: x + WIDTH / 2, y: y + 21, "text-anchor": "middle" }, name.length > 21 ? `${name.slice(0, 20)}…` : name)); }));
}

async function machine({ root, rest: arn, doing, tell, say }) {
  const place = placeOf(arn);
  const [head, list] = [el("div"), el("div")];
  const { definition, roleArn, type, status } = await ask("states", "DescribeStateMachine", { stateMachineArn: arn }, place);
  const refresh = async () => {
    const { executions = [] } = type === "EXPRESS" ? {} : await ask("states", "ListExecutions", { stateMachineArn: arn, maxResults: 100 }, place);
    show(list, el("h2", {}, "Executions"), executions.length ? el("ul", { class: "rows" }, executions.map(it => el("li", {}, el("a", { href: `#/executions/${encodeURIComponent(it.executionArn)}` }, el("span", { class: `state ${it.status}` }, it.status), ` ${it.name}`, el("small", {}, ` ${date(millis(it.startDate))}${it.stopDate ? `, ${span(millis(it.stopDate) - millis(it.startDate))}` : ""}`))))) : el("p", { class: "none" }, type === "EXPRESS" ? "Express executions are not listed; see the stories" : "none yet"));
  };
  show(head, el("h1", {}, parts(arn).name), facts([["type", type], ["status", status], ["role", roleArn]]), el("div", { class: "stage" }, graph(JSON.parse(definition), new Map())), el("details", {}, el("summary", {}, "Definition"), code(definition, "definition")));
  root.append(head, form({ class: "fields" }, ({ text, name }) => {
    try { JSON.parse(text); } catch (error) { say(`input: ${error.message}`, true); return undefined; }
    const more = { stateMachineArn: arn, input: text };
    if (name) more.name = name;
    tell(["states", "StartExecution", more]);
    return doing(() => act("states", "StartExecution", more, place), "started");
  }, field("Input", area("text", "{}", { "data-first": true })), field("Name", input("name")), el("button", { class: "main" }, "Start an execution")), list);
  tell(["states", "ListExecutions", { stateMachineArn: arn }]);
  await refresh();
  return { refresh };
}

// The states that were entered, in order, with what they got and gave.
function steps(events) {
  const found = [];
  for (const event of events) {
    const entered = event.stateEnteredEventDetails;
    const left = event.stateExitedEventDetails;
    if (entered) found.push({ name: entered.name, at: millis(event.timestamp), input: entered.input, state: "RUNNING", told: [] });
    else if (left) {
      const step = found.findLast(it => it.name === left.name && it.state === "RUNNING");
      if (step) Object.assign(step, { output: left.output, end: millis(event.timestamp), state: "SUCCEEDED" });
    } else {
      const details = Object.entries(event).find(([key]) => key.endsWith("EventDetails"))?.[1];
      const step = found.findLast(it => it.state === "RUNNING");
      if (step) step.told.push([event.type, details, millis(event.timestamp)]);
      if (/Failed|TimedOut|Aborted/.test(event.type) && step && event.type.startsWith("Execution")) step.state = "FAILED";
    }
  }
  return found;
}

async function execution({ root, rest: arn, doing, tell }) {
  const place = placeOf(arn);
  const [head, list] = [el("div"), el("div")];
  const machineArn = machineOf(arn);
  const refresh = async () => {
    const it = await ask("states", "DescribeExecution", { executionArn: arn }, place);
    const [{ definition }, { events = [] }] = await Promise.all([ask("states", "DescribeStateMachineForExecution", { executionArn: arn }, place), ask("states", "GetExecutionHistory", { executionArn: arn, maxResults: 1000 }, place)]);
    const all = steps(events);
    const open = new Set([...list.querySelectorAll("details[open] > summary")].map(one => one.dataset.key));
    show(head, el("h1", {}, it.name ?? parts(arn).name), el("p", {}, link(machineArn), " ", el("span", { class: `state ${it.status}` }, it.status), it.error ? el("b", { class: "bad" }, ` ${it.error}: ${it.cause ?? ""}`) : null, it.status === "RUNNING" ? button("Stop", () => doing(() => act("states", "StopExecution", { executionArn: arn }, place), "stopped"), { class: "danger" }) : null),
      el("div", { class: "stage" }, graph(JSON.parse(definition), new Map(all.map(step => [step.name, step.state])))), el("div", { class: "two" }, el("section", {}, el("h3", {}, "Input"), code(it.input ?? "", "input")), el("section", {}, el("h3", {}, "Output"), code(it.output ?? "", "output"))));
    show(list, el("h2", {}, `${count(all.length)} states were entered`), all.map((step, at) => el("details", { open: open.has(`${at}`) }, el("summary", { "data-key": `${at}` }, el("span", { class: `state ${step.state}` }, step.state), ` ${step.name}`, el("small", {}, ` ${date(step.at)}${step.end ? `, ${span(step.end - step.at)}` : ""}`)),
      el("div", { class: "two" }, el("section", {}, el("h3", {}, "Input"), code(step.input ?? "", "input")), el("section", {}, el("h3", {}, "Output"), code(step.output ?? "", "output"))),
      step.told.map(([type, details, when]) => el("details", {}, el("summary", {}, type, el("small", {}, ` ${date(when)}`)), code(JSON.stringify(details ?? {}), type))))));
  };
  root.append(head, list);
  tell(["states", "GetExecutionHistory", { executionArn: arn }]);
  await refresh();
  return { refresh };
}

export function enter(visit) {
  if (!visit.rest) return machines(visit);
  return visit.rest.split(":")[5] === "stateMachine" ? machine(visit) : execution(visit);
}

