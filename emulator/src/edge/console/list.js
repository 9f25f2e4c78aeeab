// A list of which only what can be seen is asked for and drawn, so its length costs nothing.

import { el, show } from "./dom.js";

const PAGE = 100;
const MARGIN = 20;

// `load(from, count)` gives `{ total, rows }`; `draw(row, index)` an element of the given height.
export function virtual({ height, load, draw, label }) {
  const pages = new Map();
  let total = 0;
  let version = 0;
  const inner = el("div", { class: "inner" });
  const node = el("div", { class: "virtual", role: "list", tabindex: "0", "aria-label": label }, inner);

  async function page(number) {
    const mine = version;
    const found = await load(number * PAGE, PAGE);
    if (mine !== version) return;
    total = found.total;
    pages.set(number, found.rows);
  }

  async function paint(fresh) {
    const from = Math.max(0, Math.floor(node.scrollTop / height) - MARGIN);
    const to = Math.ceil((node.scrollTop + node.clientHeight) / height) + MARGIN;
    const first = Math.floor(from / PAGE);
    const last = Math.floor(Math.max(from, Math.min(to, (total || PAGE) - 1)) / PAGE);
    if (fresh) { version += 1; pages.clear(); }
    const missing = [];
    for (let number = first; number <= last; number += 1) if (!pages.has(number)) missing.push(page(number));
    await Promise.all(missing);
    inner.style.height = `${total * height}px`;
    const rows = [];
    for (let index = from; index < Math.min(to, total); index += 1) {
      const row = pages.get(Math.floor(index / PAGE))?.[index % PAGE];
      if (!row) continue;
      const drawn = draw(row, index);
      drawn.setAttribute("role", "listitem");
      drawn.style.top = `${index * height}px`;
      drawn.style.height = `${height}px`;
      rows.push(drawn);
    }
    show(inner, total === 0 ? el("p", { class: "none" }, "nothing") : rows);
  }

  let waits = false;
  node.addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; paint(false); });
  });
  return { node, refresh: () => paint(true), top: () => { node.scrollTop = 0; return paint(true); } };
}
