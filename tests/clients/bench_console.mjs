// Measures the console, see benches/console.sh. QUEUES and MESSAGES say how many.

import { readFileSync } from "node:fs";

import { arn, client, manyMessages, manyQueues, shop } from "./console_system.mjs";
import { end, eventually, open, start } from "./tab.mjs";

const QUEUES = Number(process.env.QUEUES ?? 10_000);
const MESSAGES = Number(process.env.MESSAGES ?? 1_000_000);
const TIMES = 7;
const LOOKED_MS = 10_000;

const { port, pid } = await start(process.env.SKYRIG, ["serve", "--listen", "127.0.0.1:0", "--policies", "warn"]);
await shop(port);
await manyQueues(port, QUEUES);
await manyMessages(port, "q-00007", MESSAGES);
console.log(`${QUEUES} queues, ${MESSAGES} messages in one`);

const page = await open(`http://127.0.0.1:${port}/_skyrig/`);
const drawn = () => page.evaluate("document.getElementById('room')?.dataset.ready ?? ''");
await eventually("it has begun", drawn);
const middle = list => [...list].sort((one, other) => one - other)[Math.floor(list.length / 2)];

// From the navigation until the room is drawn and painted, in the browser's own time.
async function opening(name, hash) {
  const took = [];
  for (let times = 0; times < TIMES; times += 1) {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.send("Page.reload");
    await eventually("it is reloaded", async () => {
      const at = await page.evaluate(`performance.getEntriesByType("mark").find(it => it.name.startsWith("ready"))?.startTime ?? 0`).catch(() => 0);
      if (at) took.push(at);
      return at;
    });
  }
  console.log(`opens ${name}: ${middle(took).toFixed(0)} ms (median of ${TIMES}; ${took.map(it => it.toFixed(0)).join(" ")})`);
}
await opening("the queues", "#/queues");
await opening("the graph", "#/flow");
await opening("a queue of all these messages", `#/queue/${encodeURIComponent(arn("sqs", "q-00007"))}`);

// Seconds of CPU that the server has used.
function used() {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
const pause = () => new Promise(next => setTimeout(next, LOOKED_MS));
async function cpu(name, address, work) {
  await page.send("Page.navigate", { url: address });
  await new Promise(next => setTimeout(next, 2_000));
  let goes = true;
  const busy = work ? (async () => { while (goes) await work(); })() : null;
  const before = used();
  await pause();
  const took = used() - before;
  goes = false;
  await busy;
  console.log(`${name}: ${took.toFixed(2)} s of CPU in ${LOOKED_MS / 1000} s (${(took * 100_000 / LOOKED_MS).toFixed(1)} % of a core)`);
  return took;
}
const room = name => `http://127.0.0.1:${port}/_skyrig/#/${name}`;
await cpu("idle, nobody looks", "about:blank");
await cpu("idle, the graph is looked at", room("flow"));
await cpu("idle, the queues are looked at", room("queues"));

// Events that a bus gives to two rules each, so that the graph has something to show.
const { call } = client(port);
const entry = { EventBusName: "shop", Source: "shop.orders", DetailType: "Order Placed", Detail: "{\"total\": 1}" };
const put = () => call("events", "PutEvents", { Entries: Array.from({ length: 10 }, () => entry) });
const work = async () => {
  const next = new Promise(later => setTimeout(later, 100));
  await Promise.all(Array.from({ length: 20 }, put));
  await next;
};
const alone = await cpu("busy (2,000 events a second), nobody looks", "about:blank", work);
const looked = await cpu("busy, the graph is looked at", room("flow"), work);
console.log(`the console's share of a busy server: ${(100 * (looked - alone) / looked).toFixed(1)} %`);
page.close();
await end();
process.exit(0);
