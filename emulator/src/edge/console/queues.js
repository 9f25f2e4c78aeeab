// All queues: how full, how old, and where what they give up goes.

import { act, get } from "./aws.js";
import { choice, count, el, form, input, many, parts, room, span } from "./dom.js";
import { virtual as now } from "./live.js";
import { virtual } from "./list.js";

const ROW = 34;

export async function enter({ root, doing, tell, query }) {
  const wish = { text: query.get("text") ?? "", sort: query.get("sort") ?? "name" };
  let gives = new Map();
  const said = el("p", { class: "hint", role: "status" });

  async function load(from, most) {
    const asked = new URLSearchParams({ ...wish, from, count: most });
    const found = await get(`/_skyrig/queues?${asked}`);
    found.ways.forEach(way => gives.set(way.from, way.to));
    found.ways.forEach(way => takers.add(way.to));
    said.textContent = found.total === found.all ? many(found.all, "queue") : `${count(found.total)} of ${many(found.all, "queue")}`;
    return found;
  }
  const takers = new Set();

  function draw({ arn, figures }) {
    const { visible = 0, in_flight: taken = 0, delayed = 0, oldest } = figures;
    const { name, region, account } = parts(arn);
    const isLetters = takers.has(arn) && visible > 0;
    return el("a", { class: `line${isLetters ? " bad" : ""}`, href: room(arn), "data-key": arn, title: arn },
      el("span", { class: "name" }, name, region === "us-east-1" && account === "000000000000" ? null : el("small", {}, ` ${region} ${account}`)),
      el("span", { class: "number", title: "can be received" }, count(visible)),
      el("span", { class: "number soft", title: "in flight" }, taken ? `${count(taken)} in flight` : ""),
      el("span", { class: "number soft wide", title: "delayed" }, delayed ? `${count(delayed)} delayed` : ""),
      el("span", { class: "soft wide", title: "age of the oldest" }, oldest ? span(now() - oldest) : ""),
      el("span", { class: "soft wide" }, isLetters ? "dead letters" : gives.has(arn) ? `→ ${parts(gives.get(arn)).name}` : ""));
  }

  const list = virtual({ height: ROW, load, draw, label: "Queues" });
  const filter = input("text", wish.text, { type: "search", placeholder: "part of a name", "data-first": true, "aria-label": "Filter" });
  const sort = choice("sort", [["name", "by name"], ["depth", "fullest first"], ["age", "oldest message first"]], wish.sort, { "aria-label": "Order" });
  const again = () => { Object.assign(wish, { text: filter.value, sort: sort.value }); return list.top(); };
  filter.addEventListener("input", again);
  sort.addEventListener("change", again);
  const make = form({ class: "bar" }, ({ name, fifo }, node) => {
    const wanted = fifo ? { QueueName: name.endsWith(".fifo") ? name : `${name}.fifo`, Attributes: { FifoQueue: "true" } } : { QueueName: name };
    tell(["sqs", "CreateQueue", wanted]);
    return doing(() => act("sqs", "CreateQueue", wanted), `${name} is there`).then(() => node.reset());
  }, input("name", "", { placeholder: "new queue", "aria-label": "Name of a new queue", required: true }),
  el("label", { class: "check" }, el("input", { type: "checkbox", name: "fifo" }), "FIFO"), el("button", {}, "Create"));
  root.append(el("h1", {}, "Queues"), el("div", { class: "bar" }, filter, sort, said, make), list.node);
  tell(["sqs", "ListQueues", {}], "skyrig why QUEUE");
  await list.refresh();
  return { refresh: list.refresh, ages: true };
}
