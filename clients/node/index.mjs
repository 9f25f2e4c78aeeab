/**
 * Worlds of a skyrig that runs: clouds with their own clocks, faults and ids.
 * Their shapes are in index.d.ts.
 */

import { randomUUID } from "node:crypto";

const DEFAULT_ENDPOINT = "http://127.0.0.1:4566";

export class SkyrigError extends Error {}

export class World {
  #server;

  constructor(server, name) {
    this.#server = server;
    this.name = name;
  }

  static async make({ endpoint, name, from, ...settings } = {}) {
    const server = (endpoint ?? process.env.SKYRIG_ENDPOINT ?? DEFAULT_ENDPOINT).replace(/\/+$/, "");
    const world = new World(server, name ?? `t-${randomUUID()}`);
    const query = from ? `?from=${encodeURIComponent(from)}` : "";
    await ask("POST", `${server}/_skyrig/worlds/${world.name}${query}`, settings);
    return world;
  }

  static async for(test, settings) {
    const world = await World.make(settings);
    test.after(() => world.close());
    return world;
  }

  /** It may be gone already. */
  async close() {
    await ask("DELETE", `${this.#server}/_skyrig/worlds/${this.name}`).catch((error) => {
      if (!(error instanceof SkyrigError)) throw error;
    });
  }

  get endpoint() {
    return `${this.#server}/w/${this.name}`;
  }

  config({ account = "000000000000", region = "us-east-1" } = {}) {
    const credentials = { accessKeyId: `${this.name}-${account}`, secretAccessKey: "skyrig" };
    return { endpoint: this.endpoint, region, credentials };
  }

  environment(options) {
    const { endpoint, region, credentials } = this.config(options);
    return {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
    };
  }

  advance(seconds) {
    return this.page("POST", "clock", { advance_seconds: seconds });
  }

  async now() {
    return (await this.page("GET", "clock")).now;
  }

  async faults(rules) {
    return (await this.page("PUT", "faults", rules)).faults;
  }

  async outbox() {
    return (await this.page("GET", "outbox")).letters;
  }

  trace(id) {
    return this.page("GET", `trace/${encodeURIComponent(id)}`);
  }

  status() {
    return this.page("GET", "status");
  }

  async reset() {
    await this.page("POST", "reset");
  }

  async save() {
    const answer = await send("GET", `${this.endpoint}/_skyrig/snapshot`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  async load(snapshot) {
    await send("PUT", `${this.endpoint}/_skyrig/snapshot`, snapshot);
  }

  fork(name) {
    return World.make({ endpoint: this.#server, name, from: this.name });
  }

  page(method, path, document) {
    return ask(method, `${this.endpoint}/_skyrig/${path}`, document);
  }
}

async function ask(method, url, document) {
  const body = document === undefined ? undefined : JSON.stringify(document);
  return (await send(method, url, body)).json();
}

async function send(method, url, body) {
  const answer = await fetch(url, { method, body });
  if (answer.ok) return answer;
  const told = await answer.text();
  let reason = told;
  try {
    reason = JSON.parse(told).error ?? told;
  } catch {
    // It is no JSON, so it is told as it is.
  }
  throw new SkyrigError(`${method} ${url}: ${answer.status}: ${reason}`);
}
