// What the keys do.

import { button, el, show } from "./dom.js";

export function help(rooms) {
  const dialog = document.getElementById("dialog");
  const keys = [
    ["/", "find a message"], ["?", "this"], ["f", "to the first field of the room"], ["j k", "to the next, the previous row"],
    ["Esc", "out of a field"], ["p", "pause the clock, or let it run"], ["n", "to the next deadline"],
    ...rooms.map(([letter, , text]) => [`g ${letter}`, text]),
  ];
  show(dialog,
    el("h2", {}, "Keys"),
    el("dl", { class: "keys" }, keys.map(([key, text]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, text)])),
    button("Close", () => dialog.close(), { autofocus: true }));
  dialog.showModal();
}

// Asks before something that can't be taken back.
export function sure(text, act) {
  const dialog = document.getElementById("dialog");
  show(dialog, el("p", {}, text),
    button("Do it", () => { dialog.close(); act(); }, { class: "danger" }), " ",
    button("Leave it", () => dialog.close(), { autofocus: true }));
  dialog.showModal();
}
