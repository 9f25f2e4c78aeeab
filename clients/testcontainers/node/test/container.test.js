"use strict";

const assert = require("node:assert");
const test = require("node:test");
const { SkyrigContainer } = require("..");

test("flags follow those that make it reachable", () => {
  const container = new SkyrigContainer("skyrig:1").withFlags("--clock", "manual");
  const expected = ["serve", "--listen", "0.0.0.0:4566", "--clock", "manual"];
  assert.deepStrictEqual(container.command(), expected);
});

const skip = process.env.SKYRIG_IMAGE ? false : "SKYRIG_IMAGE names no image";
test("a container serves when it has started", { skip }, async () => {
  const started = await new SkyrigContainer().withFlags("--clock", "manual").start();
  try {
    const clock = async () => (await fetch(`${started.getEndpoint()}/_skyrig/clock`)).json();
    const before = Date.parse((await clock()).now);
    await started.advance(60);
    assert.strictEqual(Date.parse((await clock()).now) - before, 60_000);
    await started.reset();
    assert.strictEqual(started.getClientOptions().region, "us-east-1");
  } finally {
    await started.stop();
  }
});
