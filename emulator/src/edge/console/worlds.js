// Worlds beside one another, and a world as a file.

import { base, change, get, upload } from "./aws.js";
import { button, choice, el, field, form, input, row, show, table } from "./dom.js";
import { sure } from "./help.js";

// What the world without a name is called.
const NAMELESS = "default";
const own = () => decodeURIComponent(base.split("/")[2] ?? NAMELESS);
// Where a world's own console is.
const home = name => name === NAMELESS ? "/_skyrig/" : `/w/${encodeURIComponent(name)}/_skyrig/`;

export async function enter({ root, doing, tell }) {
  const list = el("div");
  let names = [];
  const path = name => `/_skyrig/worlds/${encodeURIComponent(name)}`;

  async function refresh() {
    const { worlds, worlds_max: most } = await get("/_skyrig/worlds", "");
    names = worlds.map(it => it.name);
    show(list, el("p", { class: "hint" }, `this is the world ${own()}; there may be ${most}`), table(["world", "its time", "clock", ""], worlds.map(it => row([
      el("a", { href: home(it.name), "aria-current": it.name === own() ? "page" : false }, it.name), it.now, it.mode === "scaled" ? `${it.factor} times` : it.mode,
      it.name === NAMELESS ? null : button("Give up", () => sure(`Give the world ${it.name} up, with all that is in it?`, () => {
        tell(`skyrig worlds remove ${it.name}`);
        return doing(() => change("DELETE", path(it.name), undefined, ""), "it is given up");
      }), { class: "danger", "data-key": `give up ${it.name}` }),
    ]))));
    const from = make.elements.from;
    const had = from.value;
    show(from, el("option", { value: "" }, "nothing"), names.map(it => el("option", { value: it, selected: it === had }, it)));
  }

  const make = form({ class: "fields" }, ({ name, from, seed }) => {
    tell(`skyrig worlds make ${name}${from ? ` --from ${from}` : ""}`);
    const asked = from ? `${path(name)}?from=${encodeURIComponent(from)}` : path(name);
    return doing(() => change("POST", asked, from || !seed ? undefined : { seed: Number(seed) }, ""), `${name} is there`);
  }, field("Name", input("name", "", { required: true, pattern: "[a-z0-9\\-]{1,63}", "data-first": true })), field("As a fork of", choice("from", [["", "nothing"]])),
  field("Seed", input("seed", "", { type: "number", min: 0 }), "of a world that begins with nothing"), el("button", { class: "main" }, "Make"));

  const file = el("input", { type: "file", "aria-label": "A snapshot" });
  const load = button("Load it", () => {
    if (!file.files[0]) return undefined;
    tell(`skyrig snapshot load ${file.files[0].name}`);
    return doing(() => upload("/_skyrig/snapshot", file.files[0]), "this world is what the file says");
  });
  root.append(el("h1", {}, "Worlds"), list, el("h2", {}, "Make one"), make, el("h2", {}, "This world as a file"),
    el("p", { class: "bar" }, el("a", { href: `${base}/_skyrig/snapshot`, download: `${own()}.snapshot` }, "Save a snapshot")), el("p", { class: "bar" }, file, load),
    el("p", { class: "hint" }, "A snapshot holds messages, items, timers, ids, faults and virtual time; loading one replaces what is here."));
  tell("skyrig worlds", "skyrig snapshot save FILE");
  await refresh();
  // Others make worlds too, of which this world knows nothing.
  return { refresh, ages: true };
}
