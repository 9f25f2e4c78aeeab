// How the page asks: the one place that knows addresses, who calls and from where.

export const where = { account: "000000000000", region: "us-east-1" };
export const own = { calls: 0 };

// The base of every request: the path of the world that this page is about.
export const base = location.pathname.replace(/\/_skyrig(\/.*)?$/, "");
export const endpoint = location.origin + base;

function request(path, options = {}, at = base) {
  return fetch(location.origin + at + path, { ...options, cache: "no-store" });
}

export class Refused extends Error {}

async function read(answer) {
  const text = await answer.text();
  let body = text;
  try { body = text ? JSON.parse(text) : {}; } catch { /* It is XML or plain text. */ }
  if (answer.ok) return body;
  const xml = typeof body === "string" ? /<Message>([^<]*)<\/Message>/.exec(body)?.[1] : undefined;
  const kind = String(body.__type ?? body.code ?? "").split("#").pop();
  const told = body.error ?? body.message ?? body.Message ?? xml ?? (typeof body === "string" ? body : "");
  throw new Refused([kind, told].filter(Boolean).join(": ") || `refused with ${answer.status}`);
}

async function send(path, options, at) {
  let answer;
  try {
    answer = await request(path, options, at);
  } catch {
    throw new Refused("there was no answer: the connection broke");
  }
  return read(answer);
}

export const get = (path, at) => send(path, {}, at);
export const change = (method, path, body, at) => send(path, { method, body: body === undefined ? undefined : JSON.stringify(body) }, at);
export const upload = (path, file) => send(path, { method: "PUT", body: file });

// Looks by an operation that changes nothing; faults do not meet it.
export function ask(service, operation, input = {}, place = where) {
  own.calls += 1;
  const { account, region } = place;
  return change("POST", "/_skyrig/ask", { service, operation, account, region, input });
}

// The first pages of a list.
export async function all(service, operation, input, member, token = "NextToken", pages = 10) {
  const found = [];
  let at = {};
  for (let page = 0; page < pages; page += 1) {
    const answer = await ask(service, operation, { ...input, ...at });
    found.push(...(answer[member] ?? []));
    const next = answer[token] ?? answer[token[0].toUpperCase() + token.slice(1)];
    if (!next) return found;
    at = { [token]: next };
  }
  found.more = true;
  return found;
}

const TARGETS = {
  sqs: ["AmazonSQS", "1.0"], events: ["AWSEvents", "1.1"], dynamodb: ["DynamoDB_20120810", "1.0"],
  logs: ["Logs_20140328", "1.1"], states: ["AWSStepFunctions", "1.0"],
  cloudwatch: ["GraniteServiceVersion20100801", "1.0"],
};
const SIGNED = { cloudwatch: "monitoring" };

function credential(service, { account, region }) {
  const key = account === "000000000000" ? "console" : account;
  return `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/${SIGNED[service] ?? service}/aws4_request, SignedHeaders=host, Signature=0`;
}

function flat(prefix, value, into) {
  if (Array.isArray(value)) value.forEach((it, at) => flat(`${prefix}.member.${at + 1}`, it, into));
  else if (value && typeof value === "object") {
    const isMap = prefix.endsWith("Attributes");
    Object.entries(value).forEach(([name, it], at) => {
      if (!isMap) return flat(prefix ? `${prefix}.${name}` : name, it, into);
      const entry = `${prefix}.entry.${at + 1}`;
      into.set(`${entry}.${prefix === "MessageAttributes" ? "Name" : "key"}`, name);
      flat(`${entry}.${prefix === "MessageAttributes" ? "Value" : "value"}`, it, into);
    });
  } else if (value !== undefined && value !== null) into.set(prefix, String(value));
  return into;
}

// Does something, as a client does: faults meet it, policies judge it.
export function act(service, operation, input, place = where) {
  own.calls += 1;
  const authorization = credential(service, place);
  if (service === "sns") {
    const body = flat("", { Action: operation, Version: "2010-03-31", ...input }, new URLSearchParams());
    return send("/", { method: "POST", body, headers: { authorization } });
  }
  const [target, version] = TARGETS[service];
  const headers = { authorization, "x-amz-target": `${target}.${operation}`, "content-type": `application/x-amz-json-${version}` };
  return send("/", { method: "POST", body: JSON.stringify(input), headers });
}

// A call by method and path, as Lambda's are; the answer with its headers.
export async function rest(service, method, path, body, headers = {}) {
  own.calls += 1;
  const options = { method, body, headers: { authorization: credential(service, where), "content-type": "application/json", ...headers } };
  const answer = await request(path, options).catch(() => { throw new Refused("there was no answer: the connection broke"); });
  if (!answer.ok) return read(answer);
  return { headers: answer.headers, text: await answer.text(), status: answer.status };
}

export function queueUrl(arn) {
  const [, , , , account, name] = arn.split(":");
  return `${endpoint}/${account}/${name}`;
}
export const placeOf = arn => ({ account: arn.split(":")[4] || where.account, region: arn.split(":")[3] || where.region });

const CLI = { cloudwatch: "cloudwatch", states: "stepfunctions" };
const kebab = name => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2").toLowerCase();
const quoted = text => /^[\w:/.,@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

// The same from a shell.
export function command(service, operation, input = {}, region = where.region) {
  const words = ["aws", "--endpoint-url", endpoint];
  if (region !== "us-east-1") words.push("--region", region);
  words.push(CLI[service] ?? service, kebab(operation));
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null || value === "") continue;
    const flag = `--${kebab(name)}`;
    if (value === true) words.push(flag);
    else if (value === false) words.push(`--no-${kebab(name)}`);
    else words.push(flag, quoted(typeof value === "object" ? JSON.stringify(value) : String(value)));
  }
  return words.join(" ");
}
