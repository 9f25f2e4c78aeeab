// Shows what the services do as they do it, and lets a person do something. What others wrote becomes
// text, never markup.
"use strict";

const SERVICES = ["orders", "inventory", "payments", "fulfilment", "notifications", "projector", "audit",
  "bridge", "carrier"];
const STEPS_MAX = 300;
const SHOWN_MAX = 50;
const STATUS = { "Order Placed": "created", "Order Confirmed": "confirmed", "Order Processing": "processing",
  "Order Shipped": "shipped", "Order Delivered": "delivered", "Order Cancelled": "cancelled" };
const at = (id) => document.getElementById(id);
const orders = new Map();
const services = new Map();

function made(name, text, kind) {
  const element = document.createElement(name);
  element.textContent = text || "";
  if (kind) element.className = kind;
  return element;
}

function trim(holder, most) {
  while (holder.childElementCount > most) holder.lastElementChild.remove();
}

function say(text, bad) {
  at("said").textContent = text;
  at("said").className = bad ? "bad" : "good";
}

// The token is kept until the tab is closed.
function headers(more) {
  const token = sessionStorage.getItem("token");
  return token ? { ...more, authorization: "Bearer " + token } : more;
}

async function ask(method, path, body) {
  const init = { method, headers: headers(body ? { "content-type": "application/json" } : {}) };
  if (body) init.body = JSON.stringify(body);
  const answer = await fetch(path, init);
  if (answer.status === 401) at("ask").hidden = false;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail || "status " + answer.status);
  return said;
}

function order(id, customer) {
  let row = orders.get(id);
  if (!row) {
    row = { line: document.createElement("tr"), status: made("td"), way: made("td"), customer: made("td") };
    row.line.dataset.order = id;
    row.line.append(made("td", id), row.customer, row.status, row.way);
    orders.set(id, row);
    at("orders").prepend(row.line);
    trim(at("orders"), SHOWN_MAX);
  }
  if (customer) row.customer.textContent = customer;
  return row;
}

function service(name) {
  let tile = services.get(name);
  if (!tile) {
    tile = { box: made("div", "", "service"), last: made("span"), count: made("span"), done: 0 };
    tile.box.dataset.service = name;
    tile.box.append(made("b", name), tile.count, tile.last);
    services.set(name, tile);
    at("services").append(tile.box);
  }
  return tile;
}

function showService(step) {
  const tile = service(step.service);
  tile.done += 1;
  tile.count.textContent = tile.done + " done";
  tile.last.textContent = step.what;
  const kind = step.kind === "retry" || step.kind === "dead_letter" ? "failing" : "busy";
  tile.box.classList.add(kind);
  setTimeout(() => tile.box.classList.remove(kind), 400);
}

function showOrder(step) {
  if (!step.order_id || step.kind === "mail") return;
  const row = order(step.order_id);
  const telling = step.service === "projector" && STATUS[step.what];
  if (telling) row.status.textContent = STATUS[step.what];
  if (telling || step.kind !== "handled") {
    const text = step.kind === "handled" ? step.what : step.service + ": " + step.kind.replace("_", " ");
    row.way.append(made("span", text, "chip " + step.kind));
  }
}

function showMail(step) {
  const letter = made("div", "", "letter");
  letter.append(made("b", step.what), made("div", "to " + step.to, "soft"), made("div", step.text));
  at("mail").prepend(letter);
  trim(at("mail"), SHOWN_MAX);
}

function showStep(step) {
  const order = step.order_id ? " · " + step.order_id : "";
  const why = step.kind === "mail" ? "" : step.text ? " · " + step.text : "";
  const text = `${step.at.slice(11, 23)}  ${step.service}  ${step.kind.replace("_", " ")}: ${step.what}${order}${why}`;
  at("steps").prepend(made("li", text, step.kind === "handled" || step.kind === "mail" ? "" : "bad"));
  trim(at("steps"), STEPS_MAX);
}

function show(step) {
  showService(step);
  showOrder(step);
  showStep(step);
  if (step.kind === "mail") showMail(step);
  if (step.kind === "dead_letter") listLetters(step.service);
}

async function listLetters(role) {
  const all = await ask("GET", "/dead-letters/" + encodeURIComponent(role)).catch(() => []);
  at("letters").querySelectorAll("[data-role]").forEach((it) => { if (it.dataset.role === role) it.remove(); });
  if (!all.length) return;
  const box = made("div");
  box.dataset.role = role;
  const button = made("button", `Send ${all.length} back to ${role}`);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { sent_back: sent } = await ask("POST", `/dead-letters/${encodeURIComponent(role)}/redrive`);
      say(`${sent} sent back to ${role}`);
    } catch (error) { say(error.message, true); }
    listLetters(role);
  });
  box.append(button);
  for (const { message_id: id, reason, attempts } of all) {
    const letter = made("div", "", "letter");
    letter.append(made("b", role), made("div", `${id}, ${attempts ?? "?"} attempts`, "soft"),
      made("div", reason || "its consumer died"));
    box.append(letter);
  }
  at("letters").prepend(box);
}

async function place() {
  const customer = at("customer").value.trim();
  const item = { product_id: at("product").value.trim(), quantity: Number(at("quantity").value),
    unit_price_minor_units: Number(at("price").value) };
  const placed = await ask("POST", "/orders", { customer_id: customer, currency: "EUR", items: [item] });
  order(placed.order_id, customer);
  await ask("POST", `/orders/${encodeURIComponent(placed.order_id)}/confirm`, { payment_method: "card" });
  say(`order ${placed.order_id} is placed and confirmed`);
}

const gateway = (rules) => ask("PUT", "/simulated/gateway", rules);
const commands = {
  stock: async () => {
    const product = at("product").value.trim();
    const stock = await ask("POST", "/stock/" + encodeURIComponent(product), { quantity: 100 });
    say(`${stock.available} of ${stock.product_id} can be ordered`);
  },
  break: async () => {
    const customer = at("customer").value.trim();
    await gateway({ broken: [{ customer_id: customer }] });
    say(`the gateway fails for ${customer} from now on`);
  },
  repair: async () => {
    await gateway({});
    say("the gateway works again");
  },
};
for (const [id, run] of Object.entries(commands)) {
  at(id).addEventListener("click", () => run().catch((error) => say(error.message, true)));
}
at("order").addEventListener("submit", (event) => {
  event.preventDefault();
  place().catch((error) => say(error.message, true));
});
at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", at("token").value.trim());
  location.reload();
});

// Events as the server sends them. EventSource could not bring a token.
async function follow(path, take) {
  const answer = await fetch(path, { headers: headers({ accept: "text/event-stream" }), cache: "no-store" });
  if (answer.status === 401) at("ask").hidden = false;
  if (!answer.ok) throw new Error("status " + answer.status);
  at("state").textContent = "live";
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const line = (name) => (part.split("\n").find((it) => it.startsWith(name + ": ")) || "").slice(name.length + 2);
      if (line("event")) take(line("event"), line("data"));
    }
  }
}

async function run() {
  SERVICES.forEach(service);
  for (;;) {
    try {
      const settings = await ask("GET", "/live/settings");
      at("break").hidden = at("repair").hidden = !settings.rehearsal;
      SERVICES.forEach(listLetters);
      await follow("/live/steps", (kind, data) => {
        if (kind === "step") show(JSON.parse(data));
        else at("state").textContent = `live; ${data} steps were missed`;
      });
      at("state").textContent = "the stream ended; trying again";
    } catch (error) {
      at("state").textContent = "not connected: " + error.message;
    }
    await new Promise((next) => setTimeout(next, 2000));
  }
}

run();
