// Needs a skyrig at SKYRIG_ENDPOINT. AWS's SDK is used where it can be found.

import assert from "node:assert/strict";
import test from "node:test";

import { SkyrigError, World } from "./index.mjs";

/** Asks SQS without an SDK. */
async function sqs(world, operation, input) {
  const answer = await fetch(`${world.endpoint}/`, {
    method: "POST",
    headers: { "x-amz-target": `AmazonSQS.${operation}`, "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(input),
  });
  assert.equal(answer.status, 200, operation);
  return answer.json();
}

test("a test has a world of its own, with its own clock", async (t) => {
  const world = await World.for(t, { clock: "manual" });
  const { QueueUrl } = await sqs(world, "CreateQueue", { QueueName: "orders" });
  assert.ok(QueueUrl.startsWith(world.endpoint), QueueUrl);
  await sqs(world, "SendMessage", { QueueUrl, MessageBody: "later", DelaySeconds: 900 });
  assert.deepEqual(await sqs(world, "ReceiveMessage", { QueueUrl }), {});
  await world.advance(900);
  const { Messages } = await sqs(world, "ReceiveMessage", { QueueUrl });
  assert.equal(Messages[0].Body, "later");
  assert.ok((await world.trace(Messages[0].MessageId)).roots.length > 0);
});

test("a world is saved, forked and loaded", async (t) => {
  const world = await World.for(t);
  await sqs(world, "CreateQueue", { QueueName: "one" });
  const saved = await world.save();
  const fork = await world.fork();
  t.after(() => fork.close());
  await sqs(fork, "CreateQueue", { QueueName: "two" });
  assert.equal((await sqs(fork, "ListQueues", {})).QueueUrls.length, 2);
  await fork.load(saved);
  assert.equal((await sqs(fork, "ListQueues", {})).QueueUrls.length, 1);
  assert.equal((await sqs(world, "ListQueues", {})).QueueUrls.length, 1);
});

test("refusals are told", async (t) => {
  const world = await World.for(t);
  await assert.rejects(World.make({ name: world.name }), SkyrigError);
  await world.close();
  await world.close();
});

test("AWS's SDK takes the settings of a world", async (t) => {
  const sdk = await import("@aws-sdk/client-sqs").catch(() => undefined);
  if (!sdk) return t.skip("@aws-sdk/client-sqs is not here");
  const world = await World.for(t);
  const client = new sdk.SQSClient(world.config());
  const { QueueUrl } = await client.send(new sdk.CreateQueueCommand({ QueueName: "orders" }));
  await client.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: "m" }));
  const { Messages } = await client.send(new sdk.ReceiveMessageCommand({ QueueUrl }));
  assert.equal(Messages[0].Body, "m");
});

test("worlds in parallel", async () => {
  const work = async (number) => {
    const world = await World.make();
    const { QueueUrl } = await sqs(world, "CreateQueue", { QueueName: "orders" });
    await sqs(world, "SendMessage", { QueueUrl, MessageBody: String(number) });
    const { Messages } = await sqs(world, "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
    assert.deepEqual(Messages.map(({ Body }) => Body), [String(number)]);
    await world.close();
  };
  await Promise.all(Array.from({ length: 40 }, (_, number) => work(number)));
});
