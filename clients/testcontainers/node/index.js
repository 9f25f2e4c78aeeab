"use strict";

const { AbstractStartedContainer, GenericContainer, Wait } = require("testcontainers");

const PORT = 4566;
const IMAGE = process.env.SKYRIG_IMAGE || "skyrig:0.1.0";

/** skyrig in a container. It has started when it says `Ready.`: then clients are served. */
class SkyrigContainer extends GenericContainer {
  #flags = [];

  constructor(image = IMAGE) {
    super(image);
    this.withExposedPorts(PORT).withWaitStrategy(Wait.forLogMessage(/^Ready\.$/m));
  }

  /** More flags of `skyrig serve`. */
  withFlags(...flags) {
    this.#flags.push(...flags);
    return this;
  }

  /** The command inside of the container. */
  command() {
    return ["serve", "--listen", `0.0.0.0:${PORT}`, ...this.#flags];
  }

  async start() {
    this.withCommand(this.command());
    return new StartedSkyrigContainer(await super.start());
  }
}

class StartedSkyrigContainer extends AbstractStartedContainer {
  /** What AWS's clients take as `endpoint`. */
  getEndpoint() {
    return `http://${this.getHost()}:${this.getMappedPort(PORT)}`;
  }

  /** The options of an AWS client that talks to it. */
  getClientOptions() {
    return {
      endpoint: this.getEndpoint(),
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
  }

  /** Begins anew. */
  async reset() {
    await post(`${this.getEndpoint()}/_skyrig/reset`, {});
  }

  /** Moves virtual time by so many seconds, and does what is due. */
  async advance(seconds) {
    await post(`${this.getEndpoint()}/_skyrig/clock`, { advance_seconds: seconds });
  }
}

async function post(url, body) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  }
}

module.exports = { SkyrigContainer, StartedSkyrigContainer, PORT };
