// Runs the Node.js handler of a Lambda function: skyrig's client of the Runtime API.
//
// Errors, their documents and what is logged are as in Lambda's own runtime. No dependencies.

import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import util from "node:util";

const { env } = process;
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(":");
const BASE = "/2018-06-01/runtime";
const ROOT = env.LAMBDA_TASK_ROOT;
// Stands for a line break inside of one record: a record is one event of the log.
const BREAK = "\x1f";

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
let requestId = "";

function ask(method, place, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const options = { host, port, agent, method, path: BASE + place, headers };
    if (body !== undefined) headers["Content-Length"] = Buffer.byteLength(body);
    const request = http.request(options, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        resolve({ status: response.statusCode, headers: response.headers, text });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function write(level, text) {
  const line = `${new Date().toISOString()}\t${requestId || undefined}\t${level}\t${text}`;
  fs.writeSync(1, line.replaceAll("\n", BREAK) + "\n");
}

const levels = { log: "INFO", info: "INFO", warn: "WARN", error: "ERROR", debug: "DEBUG",
  trace: "TRACE" };
for (const [name, level] of Object.entries(levels)) {
  console[name] = (...parts) => write(level, util.format(...parts));
}

class Failure extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function documentOf(error) {
  if (error instanceof Error || (error && error.message !== undefined && error.stack)) {
    return { errorType: error.name, errorMessage: error.message,
      trace: String(error.stack ?? "").split("\n") };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function report(title, error) {
  const { errorType, errorMessage, trace } = documentOf(error);
  const { name, ...own } = error instanceof Error ? error : {};
  write("ERROR", `${title}\t${JSON.stringify({ errorType, errorMessage, ...own, stack: trace })}`);
}

function fail(place, error) {
  const document = documentOf(error);
  // A header's value has only some characters.
  const type = document.errorType.replace(/[^\x20-\x7e]/g, "?");
  return ask("POST", place, JSON.stringify(document), {
    "Content-Type": "application/json", "Lambda-Runtime-Function-Error-Type": type });
}

// The handler.

function moduleFile(base) {
  const endings = ["", ".js", ".mjs", ".cjs"];
  const isFile = (name) => fs.existsSync(name) && fs.statSync(name).isFile();
  return endings.map((ending) => base + ending).find(isFile);
}

function isModule(file) {
  if (file.endsWith(".mjs")) return true;
  if (file.endsWith(".cjs")) return false;
  for (let folder = path.dirname(file); folder.startsWith(ROOT); folder = path.dirname(folder)) {
    const described = path.join(folder, "package.json");
    if (fs.existsSync(described)) {
      return JSON.parse(fs.readFileSync(described, "utf8")).type === "module";
    }
  }
  return false;
}

async function load(file, name) {
  try {
    if (isModule(file)) return await import(pathToFileURL(file).href);
    return createRequire(pathToFileURL(file))(file);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const failure = new Failure("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`);
      failure.stack = error.stack;
      throw failure;
    }
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      const failure = new Failure("Runtime.ImportModuleError", `Error: ${error.message}`);
      failure.stack = error.stack;
      throw failure;
    }
    throw error;
  }
}

async function findHandler(text) {
  const place = text.lastIndexOf("/") + 1;
  const [file, ...names] = text.slice(place).split(".");
  if (names.length === 0 || text.includes("..")) {
    throw new Failure("Runtime.MalformedHandlerName", "Bad handler");
  }
  const base = path.resolve(ROOT, text.slice(0, place), file);
  const found = moduleFile(base);
  if (!found) {
    const name = path.basename(base);
    throw new Failure("Runtime.ImportModuleError",
      `Error: Cannot find module '${name}'\nRequire stack:\n- ${import.meta.filename ?? ""}`);
  }
  const loaded = await load(found);
  const all = (from) => names.reduce((value, name) => value?.[name], from);
  const handler = all(loaded) ?? all(loaded?.default);
  if (handler === undefined) {
    const message = `${file}.${names.join(".")} is undefined or not exported`;
    throw new Failure("Runtime.HandlerNotFound", message);
  }
  if (typeof handler !== "function") {
    throw new Failure("Runtime.HandlerNotFound", `${text} is not a function`);
  }
  return handler;
}

// One run.

let whenIdle = null;
process.on("beforeExit", () => {
  // Nothing is left to wait for: what a callback has said is the answer, else there is none.
  const finish = whenIdle;
  whenIdle = null;
  finish?.();
});

function contextOf(headers, settle) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const client = headers["lambda-runtime-client-context"];
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: client ? JSON.parse(client) : undefined,
    identity: undefined,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
    succeed: (value) => settle(null, value),
    fail: (error) => settle(error ?? "handled"),
    done: (error, value) => settle(error, value),
  };
}

// Resolves to the value, or rejects with the error, of a handler of any kind.
function run(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const settle = (error, value) => {
      if (error !== null && error !== undefined) reject(error);
      else resolve(value);
    };
    const context = contextOf(headers, settle);
    const callback = (error, value) => {
      if (!context.callbackWaitsForEmptyEventLoop) return settle(error, value);
      whenIdle = () => settle(error, value);
    };
    whenIdle = () => resolve(null);
    const returned = handler(event, context, callback);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
  });
}

let underWay = null;

async function ended(name, error, code) {
  const failure = new Failure(name, error instanceof Error ? `${error.name}: ${error.message}`
    : String(error));
  if (error instanceof Error) failure.stack = error.stack;
  report(name === "Runtime.UnhandledPromiseRejection" ? "Unhandled Promise Rejection"
    : "Uncaught Exception", failure);
  try {
    const place = underWay ? `/invocation/${underWay}/error` : "/init/error";
    await fail(place, name === "Runtime.UnhandledPromiseRejection" ? failure : error);
  } finally {
    process.exit(code);
  }
}

process.on("unhandledRejection", (error) => {
  void ended("Runtime.UnhandledPromiseRejection", error, 128);
});
process.on("uncaughtException", (error) => {
  void ended(error?.name ?? "Error", error, 129);
});

async function main() {
  let handler;
  try {
    handler = await findHandler(env._HANDLER);
  } catch (error) {
    report("Uncaught Exception", error);
    await fail("/init/error", error);
    process.exit(1);
  }
  for (;;) {
    const { status, headers, text } = await ask("GET", "/invocation/next");
    if (status !== 200) process.exit(0);
    requestId = headers["lambda-runtime-aws-request-id"];
    underWay = requestId;
    const trace = headers["lambda-runtime-trace-id"];
    if (trace) env._X_AMZN_TRACE_ID = trace;
    else delete env._X_AMZN_TRACE_ID;
    let place = `/invocation/${requestId}/response`;
    let body;
    try {
      const value = await run(handler, JSON.parse(text), headers);
      body = JSON.stringify(value === undefined ? null : value);
      if (body === undefined) body = "null";
    } catch (error) {
      report("Invoke Error", error);
      place = `/invocation/${requestId}/error`;
      underWay = null;
      whenIdle = null;
      await fail(place, error);
      continue;
    }
    whenIdle = null;
    underWay = null;
    await ask("POST", place, body, { "Content-Type": "application/json" });
  }
}

await main();
