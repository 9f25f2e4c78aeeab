// The console in a headless Chromium, as people use it: every room, by keyboard, empty, full, narrow and dark,
// with hostile names; and five tasks by keyboard alone. Run by browsers.sh, which sets SKYRIG and CHROMIUM.
// SCREENSHOTS names a folder for pictures.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";

import { arn, client, manyMessages, manyQueues, poison, put, shop } from "./console_system.mjs";
import { end, eventually, open, start } from "./tab.mjs";

const HOSTILE = "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>";
const ROOMS = { f: "flow", m: "story", w: "why", q: "queues", t: "topics", e: "events", d: "tables", x: "executions", l: "functions", s: "schedules", a: "alarms", r: "metrics", o: "logs", u: "outbox", b: "faults", n: "worlds" };
const encoded = (service, resource) => encodeURIComponent(arn(service, resource));
const DEEP = [
  ["queue", encoded("sqs", "payments"), /payments/], ["topics", encoded("sns", "notes"), /FilterPolicy|kind/], ["events", encoded("events", "event-bus/shop"), /3 rules of shop/],
  ["tables", encoded("dynamodb", "table/orders"), /5 items/], ["executions", encoded("states", "stateMachine:approve"), /first/], ["executions", encoded("states", "execution:approve:first"), /3 states were entered/],
  ["logs", encoded("logs", "log-group:/shop/orders"), /order o-1 came/], ["alarms", encoded("cloudwatch", "alarm:letters"), /letters/], ["why", "payments", /what sends to it/i], ["story", "o-1", /put on/],
];
after(end);

const serve = (...flags) => start(process.env.SKYRIG, ["serve", "--listen", "127.0.0.1:0", "--policies", "warn", ...flags]);
async function look(port, size, world = "") {
  const page = await open(`http://127.0.0.1:${port}${world}/_skyrig/`, size);
  await eventually("it has begun", () => page.evaluate("document.getElementById('room')?.dataset.ready ?? ''"));
  return page;
}
const ready = (page, room) => eventually(`${room} is drawn`, () => page.evaluate(`document.getElementById("room")?.dataset.ready === ${JSON.stringify(room)} && location.hash.startsWith("#/${room}")`));
async function go(page, room, rest = "") {
  await page.evaluate(`delete document.getElementById("room").dataset.ready; location.hash = "#/${room}${rest && `/${rest}`}"`);
  await ready(page, room);
}
async function picture(page, name) {
  if (process.env.SCREENSHOTS) writeFileSync(join(process.env.SCREENSHOTS, `${name}.png`), await page.picture());
}
const wide = page => page.evaluate("document.documentElement.scrollWidth - innerWidth");

test("every room is reached by two keys, and an empty emulator has something to say in each", async () => {
  const { port } = await serve();
  const page = await look(port);
  for (const [key, room] of Object.entries(ROOMS)) {
    await page.evaluate("delete document.getElementById('room').dataset.ready; location.hash === '' || document.activeElement.blur()");
    if (room === "flow") await page.evaluate("location.hash = '#/why'");
    await page.press("g");
    await page.press(key);
    await ready(page, room);
    assert.equal(await page.text("#told"), "", room);
    assert.equal(await page.evaluate("document.querySelector('#rooms [aria-current]').dataset.room"), room);
    assert.ok((await page.text("#room")).length > 10, room);
    assert.ok((await page.text("#command")).length > 10, `${room} shows a command`);
  }
  await page.press("?");
  await page.shows("#dialog", /find a message/);
  assert.deepEqual(page.problems, []);
  page.close();
});

test("every room shows a shop, wide and narrow, light and dark", async () => {
  const { port } = await serve();
  await shop(port);
  for (const size of ["1240,900", "400,800"]) {
    const page = await look(port, size);
    const narrow = size.startsWith("400");
    if (narrow) await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
    for (const [room, rest, pattern] of [...Object.values(ROOMS).map(it => [it, "", /./]), ...DEEP]) {
      await go(page, room, rest);
      await page.shows("#room", pattern);
      assert.equal(await page.text("#told"), "", `${room} ${rest}`);
      assert.ok(await wide(page) <= 0, `${room} ${rest} is too wide at ${size}`);
      await picture(page, `${narrow ? "narrow" : "wide"}-${room}${rest ? "-one" : ""}`);
    }
    const back = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    assert.equal(back, narrow ? "rgb(17, 22, 29)" : "rgb(246, 247, 249)");
    assert.deepEqual(page.problems, []);
    page.close();
  }
});

test("the graph lives: what goes is counted, and what fails is red with its reason", async () => {
  const { port } = await serve();
  await shop(port);
  const page = await look(port);
  await page.shows("#room", /places/);
  const label = way => page.evaluate(`[...document.querySelectorAll("[data-way]")].find(it => it.dataset.way.endsWith(${JSON.stringify(way)}))?.textContent ?? ""`);
  await put(port, "Order Placed", { orderId: "o-3", total: 1 });
  await eventually("the way to the rule counts two", async () => /2$/.test(await label("rule/shop/placed")));
  await poison(port);
  await page.shows(".trouble", /dead-lettered.*given up after 2 receives/);
  await eventually("the way is red", () => page.evaluate(`document.querySelector(".way.bad")?.dataset.way.includes("payments-dlq") ?? false`));
  assert.deepEqual(page.problems, []);
  page.close();
});

test("what others wrote is text on every screen", async () => {
  const { port } = await serve();
  await shop(port);
  const { call, sns } = client(port);
  await call("sqs", "SendMessage", { QueueUrl: `http://x/000000000000/mail`, MessageBody: HOSTILE, MessageAttributes: { a: { DataType: "String", StringValue: HOSTILE } } });
  await put(port, HOSTILE, { orderId: HOSTILE });
  await call("dynamodb", "PutItem", { TableName: "orders", Item: { id: { S: HOSTILE } } });
  await call("logs", "PutLogEvents", { logGroupName: "/shop/orders", logStreamName: "a", logEvents: [{ timestamp: (await client(port).admin("pulse")).now, message: HOSTILE }] });
  await call("monitoring", "PutMetricData", { Namespace: HOSTILE, MetricData: [{ MetricName: HOSTILE, Value: 1 }] });
  await call("monitoring", "PutMetricAlarm", { AlarmName: HOSTILE, Namespace: "Shop", MetricName: "Orders", Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" });
  await call("states", "StartExecution", { stateMachineArn: arn("states", "stateMachine:approve"), name: "evil", input: JSON.stringify({ total: 1, text: HOSTILE }) });
  await sns({ Action: "Publish", TopicArn: arn("sns", "notes"), Message: HOSTILE, Subject: "s" });
  const page = await look(port);
  const rooms = [...Object.values(ROOMS).map(it => [it, ""]), ...DEEP, ["queue", encoded("sqs", "mail")], ["queue", encoded("sqs", "audit")], ["story", encodeURIComponent(HOSTILE)], ["executions", encoded("states", "execution:approve:evil")], ["why", encodeURIComponent(HOSTILE)]];
  for (const [room, rest] of rooms) {
    await go(page, room, rest);
    await page.evaluate("document.querySelectorAll('#room details').forEach(it => { it.open = true; })");
    await new Promise(next => setTimeout(next, 100));
    assert.equal(await page.evaluate("document.querySelectorAll('#room img, #room script, #told img, #command img').length"), 0, room);
    assert.notEqual(await page.evaluate("document.title"), "hit", room);
  }
  await go(page, "queue", encoded("sqs", "mail"));
  await page.shows("#room", /<script>document\.title/);
  page.close();
});

test("five tasks by keyboard alone", async () => {
  const { port } = await serve("--clock", "manual");
  await shop(port);
  await poison(port);
  await put(port, "Order Paid", { orderId: "o-77", total: 5 });
  const page = await look(port);
  await page.shows("#room", /places/);

  // Why did the event of order o-77 not arrive? The field that failed is named.
  await page.press("/");
  await page.type("o-77");
  await page.press("Enter");
  await page.shows("#room", /not rule shop\/placed\s*detail-type is "Order Paid", wanted \["Order Placed"\]/);
  await picture(page, "story");

  // A dead letter goes back to where it came from.
  await page.press("Escape");
  await page.press("g");
  await page.press("q");
  await ready(page, "queues");
  await page.press("f");
  await page.type("payments-dlq");
  await page.shows(".line", /payments-dlq1/);
  await page.tabTo(".line");
  await page.press("Enter");
  await ready(page, "queue");
  await page.shows("#room", /given up after 2 receives/);
  await picture(page, "dead-letter");
  await page.tabTo("#redrive");
  await page.press("Enter");
  await page.shows("#told", /moved back/);
  await page.evaluate("document.activeElement.blur()");
  await page.press("n");
  const { call } = client(port);
  await eventually("it is in its queue again", async () => (await call("sqs", "GetQueueAttributes", { QueueUrl: "http://x/000000000000/payments", AttributeNames: ["ApproximateNumberOfMessages"] })).Attributes.ApproximateNumberOfMessages === "1");

  // The clock goes to the next change of an alarm: of one that nothing has decided yet, whatever the minute is.
  await call("monitoring", "DeleteAlarms", { AlarmNames: ["letters"] });
  await call("sqs", "SendMessage", { QueueUrl: "http://x/000000000000/mail", MessageBody: "a" });
  await call("monitoring", "PutMetricAlarm", { AlarmName: "late", Namespace: "AWS/SQS", MetricName: "ApproximateNumberOfMessagesVisible", Dimensions: [{ Name: "QueueName", Value: "mail" }], Statistic: "Maximum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanOrEqualToThreshold" });
  await page.press("g");
  await page.press("a");
  await ready(page, "alarms");
  await page.press("f");
  await page.press("Enter");
  await page.shows("#told", /late: .*-> ALARM/);
  await page.shows("#room", /ALARM late since/);
  await picture(page, "alarm");

  // An answer is lost. The browser asks again by itself where its connection was an old one, as SDKs do.
  await page.press("Escape");
  await page.press("g");
  await page.press("b");
  await ready(page, "faults");
  await page.press("f");
  await page.press("Enter");
  await page.shows("#room", /1 rule holds.*lost answer/);
  await go(page, "queue", encoded("sqs", "mail"));
  await page.tabTo("form.fields button.main");
  await page.press("Enter");
  await page.shows("#told", /there was no answer|sent:/);
  await page.evaluate("document.activeElement.blur()");
  await page.press("g");
  await page.press("b");
  await ready(page, "faults");
  await page.shows("#room", /lost answer.*[12]1Remove/s);
  await picture(page, "faults");
  await page.tabTo("#off");
  await page.press("Enter");
  await page.shows("#room", /Nothing goes wrong on purpose/);

  // An event from a template.
  await page.evaluate("document.activeElement.blur()");
  await page.press("g");
  await page.press("e");
  await ready(page, "events");
  await page.tabTo("a[href$='event-bus%2Fshop']");
  await page.press("Enter");
  await page.shows("h1", /shop/);
  await page.press("f");
  await page.type("order");
  await eventually("the template is there", () => page.evaluate("document.querySelector('#put [name=detail]').value.includes('4200')"));
  await page.tabTo("#put-event");
  await page.press("Enter");
  await page.shows("#told", /put on shop: its story/);
  await page.tabTo("#told a");
  await page.press("Enter");
  await page.shows("#room", /matched rule shop\/placed/);
  assert.deepEqual(page.problems.filter(it => !/net::ERR|Failed to load/.test(it)), []);
  page.close();
});

test("ten thousand queues and twenty thousand messages: only what is seen is asked for and drawn", async () => {
  const { port } = await serve();
  await manyQueues(port, 10_000);
  await manyMessages(port, "q-00007", 20_000);
  const page = await look(port);
  await go(page, "queues");
  await page.shows("#room", /10,000 queues/);
  assert.ok(await page.evaluate("document.querySelectorAll('.line').length") < 120);
  await picture(page, "huge");
  await page.evaluate("document.querySelector('.virtual').scrollTop = 1e9");
  await page.shows(".virtual", /q-09999/);
  await page.evaluate("const box = document.querySelector('[name=sort]'); box.value = 'depth'; box.dispatchEvent(new Event('change', { bubbles: true }))");
  await page.shows(".line", /q-0000720,000/);
  await go(page, "flow");
  await page.shows("#room", /300 places|none joined/);
  await go(page, "queue", encoded("sqs", "q-00007"));
  await page.shows("#room", /20,000 can be received/);
  assert.ok(await page.evaluate("document.querySelectorAll('.message').length") <= 50);
  await page.evaluate("document.querySelector('[data-key=last]').click()");
  await page.shows("#room", /places 19,951 to 20,000 of 1 to 20,000/);
  assert.deepEqual(page.problems, []);
  page.close();
});

test("a world has a console of its own, and forks and files are made there", async () => {
  const { port } = await serve("--worlds");
  const page = await look(port, "1240,900", "/w/blue");
  await go(page, "queues");
  await page.press("f");
  await page.tabTo("input[name=name]");
  await page.type("only-blue");
  await page.press("Enter");
  await page.shows("#told", /only-blue is there/);
  await page.shows("#command", /\/w\/blue sqs create-queue/);
  await page.shows(".virtual", /only-blue/);
  const queues = async world => (await (await fetch(`http://127.0.0.1:${port}${world}/_skyrig/queues`)).json()).all;
  assert.deepEqual([await queues("/w/blue"), await queues("")], [1, 0]);
  await go(page, "worlds");
  await page.shows("#room", /this is the world blue/);
  await page.press("f");
  await page.type("green");
  await page.press("Tab");
  await page.type("blue");
  await page.press("Tab");
  await page.press("Enter");
  await page.shows("#told", /green is there/);
  assert.equal(await queues("/w/green"), 1);
  const file = await fetch(`http://127.0.0.1:${port}${await page.evaluate("document.querySelector('a[download]').getAttribute('href')")}`);
  assert.equal(file.status, 200);
  await go(page, "queues");
  await go(page, "worlds");
  await page.tabTo("[data-key='give up green']");
  await page.press("Enter");
  await page.shows("#dialog", /Give the world green up/);
  await page.tabTo("#dialog .danger");
  await page.press("Enter");
  await page.shows("#told", /it is given up/);
  assert.deepEqual(page.problems, []);
  page.close();
});

test("a page that is looked at asks one small question a second, and for more only when something changed", async () => {
  const { port } = await serve();
  const page = await look(port);
  await page.shows("#room", /Nothing is here yet/);
  const asked = word => page.evaluate(`performance.getEntriesByType("resource").filter(it => it.name.includes("/_skyrig/${word}")).length`);
  const [pulses, graphs] = [await asked("pulse"), await asked("topology")];
  await eventually("it has asked four times", async () => await asked("pulse") >= pulses + 4);
  // Once for what gets old by itself.
  assert.ok(await asked("topology") <= graphs + 2);
  await client(port).call("sqs", "CreateQueue", { QueueName: "news" });
  await page.shows("#room", /news/);
  page.close();
});
