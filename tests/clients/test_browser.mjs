// Web pages in a headless Chromium against the real programs. Run by browsers.sh, which sets SKYRIG,
// ORDER_SYSTEM and CHROMIUM.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";

const HOSTS = ["evil.example", "localhost.localstack.cloud"];
const BROWSER_MS = 60_000;
const here = name => fileURLToPath(new URL(name, import.meta.url));
const begun = [];
after(() => begun.forEach(end => end()));

// A program that says on which address it listens; what it writes to standard error is kept.
function start(program, args) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  begun.push(() => child.kill());
  const log = [];
  return new Promise((resolve, reject) => {
    const read = line => {
      const found = line.match(/listening on http:\/\/\S+:(\d+)/);
      if (found) resolve({ port: Number(found[1]), log });
    };
    createInterface({ input: child.stdout }).on("line", read);
    createInterface({ input: child.stderr }).on("line", line => { log.push(line); read(line); });
    child.on("close", () => reject(new Error(`${program} ended: ${log.join("\n")}`)));
  });
}

const skyrig = (...flags) => start(process.env.SKYRIG, ["serve", "--listen", "127.0.0.1:0", ...flags]);

// Our own server: `answer` has a body and headers for a path; `/done` is told what a page has found.
async function serve(answer) {
  const seen = [];
  let told;
  const done = new Promise(resolve => { told = resolve; });
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push(`${request.method} ${request.url} ${body}`);
    if (request.url === "/done") told(JSON.parse(body));
    const { headers = {}, content = "" } = answer(new URL(request.url, "http://x").pathname) ?? {};
    response.writeHead(200, { connection: "close", ...headers }).end(content);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  begun.push(() => server.close());
  return { port: server.address().port, seen, done };
}

const page = name => serve(path => path === "/" ? {
  headers: { "content-type": "text/html" }, content: readFileSync(here(name)) } : null);

// Runs the browser on a page until `until` is known, or else for the page's document after a while.
// It stays only for who debugs it.
async function browse(url, until) {
  const profile = mkdtempSync(join(tmpdir(), "browser-"));
  const rules = HOSTS.map(host => `MAP ${host} 127.0.0.1`).join(",");
  const child = spawn(process.env.CHROMIUM, [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-dev-shm-usage", "--no-first-run", `--user-data-dir=${profile}`,
    `--host-resolver-rules=${rules}`, ...(until ? ["--remote-debugging-port=0"] : ["--virtual-time-budget=5000", "--dump-dom"]), url,
  ], { stdio: ["ignore", "pipe", "ignore"] });
  let dom = "";
  child.stdout.on("data", part => { dom += part; });
  const ended = once(child, "close");
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`the browser took too long for ${url}`)), BROWSER_MS).unref();
  });
  try {
    return await Promise.race([until ?? ended.then(() => dom), late]);
  } finally {
    child.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function sqs(port, operation, members = {}) {
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST", headers: { "x-amz-target": `AmazonSQS.${operation}` }, body: JSON.stringify(members) });
  return answer.json();
}

// What only an answer to a question of the browser's would let out.
const PREFLIGHTED = ["fetch-json"];

for (const from of ["localhost", "evil.example"]) {
  test(`a page of ${from} does all that it can, and nothing comes of it`, async () => {
    const emulator = await skyrig();
    await sqs(emulator.port, "CreateQueue", { QueueName: "kept" });
    for (const host of ["localhost", "127.0.0.1", "localhost.localstack.cloud"]) {
      const attacker = await page("attack.html");
      const target = `http://${host}:${emulator.port}`;
      const found = await browse(`http://${from}:${attacker.port}/?target=${target}`, attacker.done);
      assert.ok(found.tried.length > 15, found.tried.join());
      assert.equal(found.read, 0, `${target}: something was read`);
      const queues = (await sqs(emulator.port, "ListQueues")).QueueUrls?.map(url => url.split("/").at(-1));
      assert.deepEqual(queues, ["kept"], target);
    }
    // By its origin, by the site where there is none, and by neither where the browser says nothing.
    for (const reason of ["web pages of", "sec-fetch-site", "a browser did not say"]) {
      assert.ok(emulator.log.some(line => line.includes(reason)), `${reason}: ${emulator.log.join("\n")}`);
    }
  });
}

test("the same page reaches who has no such rules", async () => {
  const open = await serve(() => null);
  const attacker = await page("attack.html");
  const target = `http://localhost:${open.port}`;
  const { tried } = await browse(`http://evil.example:${attacker.port}/?target=${target}`, attacker.done);
  const creating = tried.filter(way => !way.startsWith("reset") && !way.startsWith("stock"));
  const missing = creating.filter(way => !open.seen.some(it => it.includes(way)));
  // A socket is no request for this server, and what needs asking first is not sent.
  assert.deepEqual(missing.filter(way => way !== "socket"), PREFLIGHTED);
  for (const path of ["/_skyrig/reset", "/_localstack/state/reset", "/stock/lamp"]) {
    assert.ok(open.seen.some(it => it.startsWith(`POST ${path}`)), path);
  }
});

test("a name that was made to point here gets nothing", async () => {
  const { port } = await skyrig();
  const dom = await browse(`http://evil.example:${port}/?Action=CreateQueue&QueueName=rebound`);
  assert.match(dom, /--allow-host evil\.example/);
  assert.equal((await sqs(port, "ListQueues")).QueueUrls, undefined);
  const read = await browse(`http://evil.example:${port}/_skyrig/lineage`);
  assert.match(read, /--allow-host evil\.example/);
});

test("what somebody types into the browser is served", async () => {
  const { port } = await skyrig();
  await browse(`http://localhost:${port}/?Action=CreateQueue&QueueName=typed`);
  assert.match((await sqs(port, "ListQueues")).QueueUrls[0], /typed$/);
});

test("a page that is allowed uses it as an SDK does", async () => {
  const allowed = await page("allowed.html");
  const origin = `http://localhost:${allowed.port}`;
  const { port } = await skyrig("--clock", "manual", "--allow-origin", origin);
  const found = await browse(`${origin}/?target=http://127.0.0.1:${port}`, allowed.done);
  assert.equal(found.error, undefined);
  assert.equal(found.created.status, 200);
  assert.match(found.created.body.QueueUrl, /by-a-page$/);
  assert.match(found.created.id, /^[0-9a-f-]{36}$/);
  assert.equal(found.missing.status, 400);
  assert.match(found.missing.body.__type, /QueueDoesNotExist$/);
  assert.equal(found.clock.mode, "manual");
});

test("the AWS SDK works in a page that is allowed", { skip: !process.env.SDK_PAGE }, async () => {
  const html = { headers: { "content-type": "text/html" }, content: "<script type=module src=sdk.js></script>" };
  const script = { headers: { "content-type": "text/javascript" },
    content: process.env.SDK_PAGE ? readFileSync(process.env.SDK_PAGE) : "" };
  const server = await serve(path => ({ "/": html, "/sdk.js": script })[path]);
  const origin = `http://localhost:${server.port}`;
  const { port } = await skyrig("--allow-origin", origin);
  const found = await browse(`${origin}/?target=http://localhost:${port}`, server.done);
  assert.equal(found.error, undefined);
  assert.equal(found.body, "from a page");
  assert.match(found.requestId, /^[0-9a-f-]{36}$/);
  assert.equal(found.missing, "QueueDoesNotExist");
});

test("the order system takes nothing from pages, and its own page works", async () => {
  const { port } = await skyrig();
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;
  const apply = spawn(process.env.ORDER_SYSTEM, ["infra", "apply"], { stdio: "ignore" });
  assert.deepEqual(await once(apply, "exit"), [0, null]);
  const system = await start(process.env.ORDER_SYSTEM, ["run", "--listen", "127.0.0.1:0"]);
  const api = `http://localhost:${system.port}`;
  for (const from of ["localhost", "evil.example"]) {
    const attacker = await page("attack.html");
    const found = await browse(`http://${from}:${attacker.port}/?target=${api}`, attacker.done);
    assert.equal(found.read, 0, "something was read");
    assert.equal((await fetch(`${api}/stock/lamp`)).status, 404, from);
  }
  const dom = await browse(`${api}/analytics`);
  assert.match(dom, /<span id="state" role="status" class="">/, "its script has run");
  assert.match(dom, /<b>0<\/b><span>orders placed<\/span>/);
});

// The policy as the order system sends it, and all that is shown from somebody who means harm.
const POLICY = "default-src 'self'; frame-ancestors 'none'";
const HOSTILE = "\"'><script>fetch('/hit')</script><img src=x onerror=\"fetch('/hit')\"> javascript:fetch('/hit')";

function hostileFigures() {
  const counts = { placed: 3, delivered: 2, cancelled: 1, payments: 2, revenue: { [HOSTILE]: 5 }, refunds: { [HOSTILE]: 1 } };
  const minute = {
    minute: "2026-01-01T00:00:00Z", counts,
    hour: {
      conversion: 0.5, cancellation_rate: 0.1, fulfilment: { p50_millis: 1, p95_millis: 2, p99_millis: 3 },
      top_products: [{ product_id: HOSTILE, units: 1, revenue: { [HOSTILE]: 5 } }],
    },
    stock_risks: [{ product_id: HOSTILE, stock: { available: 1 },
      score: { value: 0.5, reasons: [{ contribution: 1, feature: HOSTILE }] } }],
  };
  return {
    closed_until: "2026-01-01T00:01:00Z", totals: { counts }, minutes: [minute],
    visits: { over: 1, with_orders: 1, p50_millis: 1, p95_millis: 2, patterns: { [HOSTILE]: 1 } },
    alerts: [{ id: HOSTILE, at: "2026-01-01T00:00:00Z", kind: HOSTILE, text: HOSTILE }],
  };
}

test("the page of figures shows what others wrote as text", async () => {
  const file = (name, kind) => ({
    headers: { "content-type": kind, "content-security-policy": POLICY },
    content: readFileSync(here(`../../system/src/roles/api/${name}`)),
  });
  const server = await serve(path => ({
    "/analytics": file("figures.html", "text/html"),
    "/analytics/page.js": file("figures.js", "text/javascript"),
    "/analytics/page.css": file("figures.css", "text/css"),
    "/analytics/figures": {
      headers: { "content-type": "application/json" }, content: JSON.stringify(hostileFigures()) },
  })[path]);
  const dom = await browse(`http://localhost:${server.port}/analytics`);
  assert.match(dom, /closed until/);
  // Totals, a legend, product, reasons, patterns, alerts and what is shown with the cursor on it.
  assert.ok(dom.split("&lt;script&gt;fetch('/hit')").length > 10, dom);
  assert.equal(dom.match(/<script/g).length, 1);
  assert.ok(!/<(img|a)\b|<[^>]*\son\w+=/.test(dom), dom);
  assert.ok(!server.seen.some(it => it.includes("/hit")), server.seen.join("\n"));
});
