// A program that listens, and a tab of a headless Chromium that can be asked, told and typed into, by the
// protocol of the browser's tools. CHROMIUM names the browser.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const WITHIN_MS = 60_000;
const begun = [];
export const end = () => Promise.all(begun.splice(0).map(it => it()));

export function start(program, args) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  begun.push(() => child.kill());
  const log = [];
  return new Promise((resolve, reject) => {
    const read = line => {
      log.push(line);
      const found = line.match(/listening on http:\/\/\S+:(\d+)/);
      if (found) resolve({ port: Number(found[1]), pid: child.pid, log });
    };
    createInterface({ input: child.stdout }).on("line", read);
    createInterface({ input: child.stderr }).on("line", read);
    child.on("close", () => reject(new Error(`${program} ended: ${log.join("\n")}`)));
  });
}

export async function eventually(what, look) {
  const last = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > last) throw new Error(`not within ${WITHIN_MS} ms: ${what}`);
    await new Promise(next => setTimeout(next, 50));
  }
}

const CODES = { Enter: 13, Tab: 9, Escape: 27, ArrowDown: 40, ArrowUp: 38, Home: 36, End: 35, " ": 32 };

export async function open(url, size = "1240,900") {
  const profile = mkdtempSync(join(tmpdir(), "tab-"));
  const child = spawn(process.env.CHROMIUM, [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage",
    "--no-first-run", "--hide-scrollbars", `--user-data-dir=${profile}`, "--remote-debugging-port=0", `--window-size=${size}`, url,
  ], { stdio: "ignore" });
  begun.push(async () => {
    const closed = once(child, "close");
    child.kill();
    await closed;
    // Its other processes may still write.
    await eventually("the profile is gone", () => {
      try { rmSync(profile, { recursive: true, force: true }); return true; } catch { return false; }
    });
  });
  const port = await eventually("the browser listens", () => {
    try { return readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n")[0]; } catch { return null; }
  });
  const tab = await eventually("the page is open", async () => {
    const tabs = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
    return tabs.find(it => it.type === "page" && it.url.startsWith(url.split("#")[0]));
  });
  const socket = new WebSocket(tab.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
  const [waiting, problems] = [new Map(), []];
  socket.onmessage = ({ data }) => {
    const { id, result, method, params } = JSON.parse(data);
    if (waiting.has(id)) waiting.get(id)(result);
    if (method === "Runtime.exceptionThrown") problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded" && params.entry.level === "error") problems.push(`${params.entry.text} ${params.entry.url ?? ""}`);
  };
  let last = 0;
  const send = (method, params = {}) => new Promise(resolve => {
    last += 1;
    waiting.set(last, resolve);
    socket.send(JSON.stringify({ id: last, method, params }));
  });
  await send("Runtime.enable");
  await send("Log.enable");
  const evaluate = async expression => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    assert.equal(exceptionDetails, undefined, `${expression}: ${exceptionDetails?.exception?.description}`);
    return result.value;
  };
  // One key, as from a keyboard.
  const press = async (key, modifiers = 0) => {
    const text = key.length === 1 ? key : key === "Enter" ? "\r" : undefined;
    const code = { key, modifiers, windowsVirtualKeyCode: CODES[key] ?? key.toUpperCase().charCodeAt(0) };
    await send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...code });
    await send("Input.dispatchKeyEvent", { type: "keyUp", ...code });
  };
  const type = async text => { for (const key of text) await press(key); };
  const text = selector => evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ""`);
  const shows = (selector, pattern) => eventually(`${selector} shows ${pattern}`, async () => pattern.test(await text(selector)));
  // Tab by Tab until what has the focus is wanted.
  const tabTo = async (wanted, most = 120) => {
    for (let steps = 0; steps < most; steps += 1) {
      if (await evaluate(`document.activeElement?.matches(${JSON.stringify(wanted)}) ?? false`)) return;
      await press("Tab");
    }
    throw new Error(`${wanted} is not reached by Tab`);
  };
  const picture = async () => Buffer.from((await send("Page.captureScreenshot", { format: "png" })).data, "base64");
  return { send, evaluate, press, type, text, shows, tabTo, picture, problems, close: () => socket.close() };
}
