// The live page of the order system in a headless Chromium, driven as a person would: stock, an order, a
// broken gateway, a dead letter, and back to work with it. Run by browsers.sh, which sets SKYRIG,
// ORDER_SYSTEM and CHROMIUM. SCREENSHOT names a file for a picture of the page at its end.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import test, { after } from "node:test";
import { end, eventually, open, start } from "./tab.mjs";

const HOSTILE = "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>";
const SIZE = "1240,1400";
after(end);

async function orderflow(...flags) {
  const emulator = await start(process.env.SKYRIG, ["serve", "--listen", "127.0.0.1:0"]);
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${emulator.port}`;
  const apply = spawn(process.env.ORDER_SYSTEM, ["infra", "apply", "--timing", "fast"], { stdio: "ignore" });
  assert.deepEqual(await once(apply, "exit"), [0, null]);
  return start(process.env.ORDER_SYSTEM, ["run", "--timing", "fast", "--listen", "127.0.0.1:0", ...flags]);
}

// Nothing while the page is not there yet.
const text = id => `document.getElementById(${JSON.stringify(id)})?.textContent ?? ""`;
const click = selector => `document.querySelector(${JSON.stringify(selector)}).click()`;
const type = (id, value) => `document.getElementById("${id}").value = ${JSON.stringify(value)}`;

test("a person places orders, breaks the gateway and gets a dead letter back to work", async () => {
  const { port } = await orderflow("--demo");
  const page = await open(`http://localhost:${port}/`, SIZE);
  const shows = (id, pattern) => eventually(`${id} shows ${pattern}`, async () => pattern.test(await page.evaluate(text(id))));
  await shows("state", /^live/);
  await page.evaluate(click("#stock"));
  await shows("said", /100 of lamp can be ordered/);

  await page.evaluate(click("#place"));
  await shows("said", /is placed and confirmed/);
  await shows("orders", /ann.*delivered/s);
  await shows("mail", /delivered/i);
  for (const service of ["orders", "inventory", "payments", "fulfilment", "notifications", "projector"]) {
    await shows("services", new RegExp(`${service}\\d+ done`));
  }

  await page.evaluate(type("customer", "bob"));
  await page.evaluate(click("#break"));
  await shows("said", /the gateway fails for bob/);
  await page.evaluate(click("#place"));
  await shows("steps", /payments {2}retry: Payment Requested/);
  await shows("letters", /Send 1 back to payments.*503/s);
  if (process.env.SCREENSHOT) {
    const { data } = await page.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: false });
    writeFileSync(process.env.SCREENSHOT, Buffer.from(data, "base64"));
  }
  await page.evaluate(click("#repair"));
  await shows("said", /works again/);
  await page.evaluate(click("#letters button"));
  await shows("said", /1 sent back to payments/);
  await eventually("bob has it", async () => /bob.*delivered/.test(
    await page.evaluate("[...document.querySelectorAll('#orders tr')].map(it => it.textContent).join()")));
  await eventually("no letter is left", async () => (await page.evaluate(text("letters"))) === "");
  page.close();
});

test("what users wrote is text on the page", async () => {
  const { port } = await orderflow("--demo");
  const page = await open(`http://localhost:${port}/`, SIZE);
  await eventually("live", async () => /^live/.test(await page.evaluate(text("state"))));
  await page.evaluate(`show({ at: "2026-01-01T00:00:00.000Z", service: ${JSON.stringify(HOSTILE)},
    kind: "mail", what: ${JSON.stringify(HOSTILE)}, order_id: ${JSON.stringify(HOSTILE)},
    to: ${JSON.stringify(HOSTILE)}, text: ${JSON.stringify(HOSTILE)} })`);
  await page.evaluate(`showOrder({ service: "payments", kind: "retry", what: "x", order_id: ${JSON.stringify(HOSTILE)} })`);
  assert.match(await page.evaluate(text("mail")), /<script>document\.title/);
  assert.equal(await page.evaluate("document.querySelectorAll('main img, main script').length"), 0);
  assert.equal(await page.evaluate("document.title"), "orderflow, live");
  page.close();
});

test("without a rehearsal nothing can be broken, and with a token nothing is told without it", async () => {
  process.env.ORDERFLOW_TOKEN = "s3cret";
  const { port } = await orderflow();
  delete process.env.ORDERFLOW_TOKEN;
  const api = `http://localhost:${port}`;
  assert.equal((await fetch(`${api}/simulated/gateway`, { headers: { authorization: "Bearer s3cret" } })).status, 404);
  assert.equal((await fetch(`${api}/live/steps`)).status, 401);
  const page = await open(`${api}/`, SIZE);
  await eventually("it asks for the token", async () => (await page.evaluate("document.getElementById('ask')?.hidden")) === false);
  await page.evaluate(type("token", "s3cret"));
  await page.evaluate(click("#ask button"));
  await eventually("live", async () => /^live/.test(await page.evaluate(text("state")).catch(() => "")));
  assert.equal(await page.evaluate("document.getElementById('break').hidden"), true);
  page.close();
});

test("the page of the API shows every operation and opens what a link names", async () => {
  const { port } = await orderflow();
  const page = await open(`http://localhost:${port}/docs#OrderNotFound`, SIZE);
  const all = await (await fetch(`http://localhost:${port}/openapi.json`)).json();
  const count = Object.values(all.paths).flatMap(path => Object.keys(path)).length;
  await eventually("all are shown", async () =>
    (await page.evaluate("document.querySelectorAll('#operations details').length")) === count);
  assert.match(await page.evaluate(text("OrderNotFound")), /No such order/);
  page.close();
});
