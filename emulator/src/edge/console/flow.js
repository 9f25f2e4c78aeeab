// The system as it is set up and as it lives: places, ways between them, and what goes by these ways.
// All of it is what the services and the lineage tell; nothing is guessed.

import { get } from "./aws.js";
import { count, el, input, link, many, parts, room, show, span, svg, time } from "./dom.js";
import { layers } from "./layout.js";
import { virtual as now } from "./live.js";

const WIDTH = 188;
const HEIGHT = 46;
const ACROSS = 84;
const BETWEEN = 14;
const EDGE = 12;
// A way that has just been used shows it for so long.
const MOVES_MS = 900;
const MOVING_MAX = 40;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
// What is on its way, and not only told of.
const GOES = new Set(["enqueued", "delivered", "published", "event-put", "rule-matched", "schedule-rang", "invoked", "execution-started", "alarm-changed"]);

export async function enter({ root, tell, query }) {
  const wish = { text: query.get("text") ?? "" };
  const traffic = new Map();
  let after = 0;
  let resets = null;
  let drawn = "";
  const filter = input("text", wish.text, { type: "search", placeholder: "part of a name", "data-first": true, "aria-label": "Filter places" });
  const hint = el("p", { class: "hint", role: "status" });
  const stage = el("div", { class: "stage", tabindex: "0", "aria-label": "The graph" });
  const trouble = el("div");
  const list = el("details", { open: innerWidth < 700 }, el("summary", {}, "The same as a list"), el("div"));

  // Adds up what went where; those ways that were used since the last look.
  function take(flows, first) {
    const used = [];
    for (const flow of flows) {
      const key = `${flow.from ?? ""} ${flow.to} ${flow.what}`;
      const known = traffic.get(key) ?? { ...flow, count: 0 };
      traffic.set(key, { ...known, ...flow, count: known.count + flow.count, note: flow.note ?? known.note });
      if (!first && flow.from && flow.from !== flow.to && (flow.is_bad || GOES.has(flow.what))) used.push(flow);
    }
    return used;
  }

  async function refresh() {
    const asked = new URLSearchParams({ after, text: wish.text });
    const found = await get(`/_skyrig/topology?${asked}`);
    if (resets !== found.revision.resets) {
      if (resets !== null) traffic.clear();
      const first = resets === null;
      resets = found.revision.resets;
      if (!first && after > found.revision.entries) { after = 0; return refresh(); }
    }
    const used = take(found.flows, after === 0);
    after = found.revision.entries - 1;
    paint(found);
    if (!still()) used.slice(0, MOVING_MAX).forEach(move);
    return undefined;
  }

  function ways(found) {
    const shown = new Set(found.places.map(it => it.arn));
    const all = new Map();
    const add = (from, to, more) => {
      if (from === to || !shown.has(from) || !shown.has(to)) return;
      const key = `${from} ${to}`;
      const known = all.get(key) ?? { from, to, kinds: new Set(), notes: [], count: 0, bad: 0, reason: null, last: null };
      all.set(key, known);
      more(known);
    };
    for (const way of found.ways) add(way.from, way.to, known => { known.kinds.add(way.kind); if (way.note) known.notes.push(way.note); });
    for (const flow of traffic.values()) {
      if (!flow.from) continue;
      add(flow.from, flow.to, known => {
        if (flow.is_bad) { known.bad += flow.count; known.reason = flow.note ?? flow.what; } else if (GOES.has(flow.what)) known.count += flow.count;
        if (known.kinds.size === 0) known.kinds.add("seen");
        if (!known.last || flow.at >= known.last.at) known.last = flow;
      });
    }
    return [...all.values()];
  }

  function paint(found) {
    const all = ways(found);
    const joined = new Set(all.flatMap(way => [way.from, way.to]));
    const places = found.places.filter(it => joined.has(it.arn) || wish.text || found.places.length <= 60);
    const alone = found.places.length - places.length;
    const { place, bends, columns, rows } = layers(places.map(it => it.arn), all.map(way => [way.from, way.to]));
    const corner = ({ column, row }) => [EDGE + column * (WIDTH + ACROSS), EDGE + row * (HEIGHT + BETWEEN)];
    const spot = arn => corner(place.get(arn));
    const size = [2 * EDGE + columns * WIDTH + Math.max(0, columns - 1) * ACROSS, 2 * EDGE + rows * (HEIGHT + BETWEEN)];
    const left = Object.values(found.left_out).reduce((sum, it) => sum + it, 0) + alone;
    hint.textContent = places.length === 0 ? (left ? `${count(left)} places, none joined to another: look for a name` : "Nothing is here yet. Make a queue, or start your system.")
      : `${many(places.length, "place")}, ${many(all.length, "way")}${left ? `; ${count(left)} more that nothing joins: look for a name` : ""}`;
    const mark = JSON.stringify([places.map(it => it.arn), all.map(way => [way.from, way.to, [...way.kinds]])]);
    const graph = svg("svg", { width: size[0], height: size[1], viewBox: `0 0 ${size.join(" ")}`, role: "group", "aria-label": "Places and ways" },
      svg("defs", {}, arrow("arrow"), arrow("arrow-bad")),
      all.filter(way => place.has(way.from) && place.has(way.to)).map(way => line(way, spot, (bends.get(`${way.from} ${way.to}`) ?? []).map(corner))),
      places.map(it => box(it, spot(it.arn))));
    const [x, y] = [stage.scrollLeft, stage.scrollTop];
    show(stage, places.length ? graph : null);
    if (mark === drawn) stage.scrollTo(x, y);
    drawn = mark;
    const bad = [...traffic.values()].filter(it => it.is_bad).sort((one, other) => other.at - one.at).slice(0, 20);
    show(trouble, bad.length ? [el("h2", {}, "What did not arrive"), el("ul", { class: "trouble" }, bad.map(it =>
      el("li", {}, time(it.at), " ", el("b", {}, `${count(it.count)} × ${it.what}`), " ", it.from ? [link(it.from), " → "] : null, link(it.to), it.note ? `: ${it.note}` : "", " ", el("a", { href: `#/story/${it.last}` }, "story"))))] : null);
    show(list.lastChild, el("ul", {}, all.map(way => el("li", {}, link(way.from), " → ", link(way.to), ` ${[...way.kinds].join(", ")}`,
      way.count ? ` · ${count(way.count)} went` : "", way.bad ? el("b", { class: "bad" }, ` · ${count(way.bad)} failed: ${way.reason}`) : null,
      way.notes.length ? el("small", {}, ` ${way.notes[0].slice(0, 200)}`) : null, way.last ? [" ", el("a", { href: `#/story/${way.last.last}` }, "latest")] : null))));
  }

  const arrow = id => svg("marker", { id, viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z", class: id }));

  function line(way, spot, by) {
    const [[x1, y1], [x2, y2]] = [spot(way.from), spot(way.to)];
    const [sx, sy, tx, ty] = [x1 + WIDTH, y1 + HEIGHT / 2, x2, y2 + HEIGHT / 2];
    // From point to point; past a box that it goes by, straight on.
    const points = [[sx, sy], ...by.flatMap(([x, y]) => [[x, y + HEIGHT / 2], [x + WIDTH, y + HEIGHT / 2]]), [tx, ty]];
    const step = ([ax, ay], [bx, by_]) => {
      const bend = bx <= ax ? 60 : Math.max(20, (bx - ax) / 2);
      return `C${ax + bend} ${ay} ${bx - bend} ${by_} ${bx} ${by_}`;
    };
    const path = `M${sx} ${sy}${points.slice(1).map((point, at) => step(points[at], point)).join("")}`;
    const [lx, ly] = by.length ? [sx + ACROSS / 2, (sy + points[1][1]) / 2] : [(sx + tx) / 2, (sy + ty) / 2];
    const kind = way.bad ? "bad" : way.kinds.has("dead-letters") ? "letters" : way.count ? "used" : "";
    const label = way.bad ? `${count(way.bad)} failed` : way.count ? count(way.count) : "";
    const told = `${parts(way.from).name} → ${parts(way.to).name}: ${[...way.kinds].join(", ")}${way.reason ? `\n${way.reason}` : ""}${way.notes.length ? `\n${way.notes[0].slice(0, 300)}` : ""}`;
    return svg("g", { class: `way ${kind}`, "data-way": `${way.from} ${way.to}` },
      svg("path", { d: path, "marker-end": way.bad ? "url(#arrow-bad)" : "url(#arrow)" }, svg("title", {}, told)),
      label ? svg("text", { x: lx, y: ly - 4, "text-anchor": "middle" }, label) : null);
  }

  function box(it, [x, y]) {
    const { kind, name } = parts(it.arn);
    const { visible, in_flight: taken, delayed, oldest } = it.figures;
    const failed = [...traffic.values()].find(flow => flow.is_bad && flow.to === it.arn);
    const own = [...traffic.values()].filter(flow => flow.to === it.arn && GOES.has(flow.what)).reduce((sum, flow) => sum + flow.count, 0);
    const holds = visible !== undefined ? [visible ? `${count(visible)} wait` : "", taken ? `${count(taken)} in flight` : "", delayed ? `${count(delayed)} delayed` : "", oldest && visible ? span(now() - oldest) : ""].filter(Boolean).join(" · ")
      : [it.note, it.figures.items !== undefined ? `${count(it.figures.items)} items` : "", it.figures.running ? `${count(it.figures.running)} run` : ""].filter(Boolean).join(" · ");
    const cut = (text, most) => text.length > most ? `${text.slice(0, most - 1)}…` : text;
    return svg("a", { href: room(it.arn), class: `place ${kind.replace(/\W/g, "-")}${it.is_bad || failed ? " bad" : ""}`, "data-key": `place ${it.arn}`, "aria-label": `${kind} ${name} ${holds}` },
      svg("title", {}, `${it.arn}${failed ? `\n${failed.what}: ${failed.note ?? ""}` : ""}`),
      svg("rect", { x, y, width: WIDTH, height: HEIGHT, rx: 6 }),
      svg("text", { x: x + 8, y: y + 15, class: "kind" }, kind), own ? svg("text", { x: x + WIDTH - 8, y: y + 15, class: "kind", "text-anchor": "end" }, count(own)) : null,
      svg("text", { x: x + 8, y: y + 29, class: "name" }, cut(name, 27)),
      svg("text", { x: x + 8, y: y + 41, class: "kind" }, cut(holds, 31)));
  }

  // Something runs along the way that it went by.
  function move(flow) {
    const way = [...stage.querySelectorAll("[data-way]")].find(it => it.dataset.way === `${flow.from} ${flow.to}`);
    const path = way?.querySelector("path");
    if (!path) return;
    const dot = svg("circle", { r: 4, class: flow.is_bad ? "dot bad" : "dot" });
    way.append(dot);
    const begun = performance.now();
    const length = path.getTotalLength();
    const frame = at => {
      const part = Math.min(1, (at - begun) / MOVES_MS);
      if (part >= 1 || !dot.isConnected) { dot.remove(); return; }
      const { x, y } = path.getPointAtLength(length * Math.max(0, part));
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", y);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  filter.addEventListener("input", () => { wish.text = filter.value; refresh(); });
  root.append(el("h1", {}, "Flow"), el("div", { class: "bar" }, filter, hint), stage, trouble, list);
  tell("skyrig why QUEUE", "skyrig trace ID");
  await refresh();
  return { refresh, ages: true };
}
