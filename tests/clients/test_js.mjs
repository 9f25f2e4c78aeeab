// Talks to the emulator with the AWS SDK for JavaScript, which verifies the MD5 of what it sends and
// receives. Run by run.sh, which sets SKYRIG to the binary.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import test, { after, before } from "node:test";

import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

let server;
let endpoint;
let sqs;

before(async () => {
  server = spawn(process.env.SKYRIG, ["serve", "--listen", "127.0.0.1:0", "--signatures", "verify"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  endpoint = line.match(/http:\/\/\S+/)[0];
  sqs = new SQSClient({ endpoint, region: "us-east-1", maxAttempts: 1 });
});

after(() => {
  sqs.destroy();
  server.kill();
});

test("send, receive, delete", async () => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "js" }));
  const MessageAttributes = {
    colour: { DataType: "String", StringValue: "blue" },
    bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 3]) },
  };
  const MessageBody = "grüezi";
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
  const received = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MessageAttributeNames: ["All"] }),
  );
  const [message] = received.Messages;
  assert.equal(message.Body, MessageBody);
  assert.equal(message.MessageId, sent.MessageId);
  assert.deepEqual([...message.MessageAttributes.bytes.BinaryValue], [1, 2, 3]);
  const { ReceiptHandle } = message;
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const Entries = [
    { Id: "a", MessageBody: "one" },
    { Id: "b", MessageBody: "two" },
  ];
  const batch = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  assert.equal(batch.Successful.length, 2);
});

test("errors have their class", async () => {
  const missing = sqs.send(new GetQueueUrlCommand({ QueueName: "missing" }));
  await assert.rejects(missing, (error) => {
    assert.ok(error instanceof QueueDoesNotExist, String(error));
    assert.equal(error.message, "The specified queue does not exist.");
    return true;
  });
});

test("signatures are verified", async () => {
  const client = (accessKeyId, secretAccessKey) =>
    new SQSClient({
      endpoint,
      region: "us-east-1",
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey },
    });
  for (const [id, secret, code] of [
    ["test", "wrong", "SignatureDoesNotMatch"],
    ["stranger", "test", "InvalidClientTokenId"],
  ]) {
    const refused = client(id, secret).send(new GetQueueUrlCommand({ QueueName: "js" }));
    await assert.rejects(refused, (error) => {
      assert.equal(error.Code, code, String(error));
      assert.equal(error.$metadata.httpStatusCode, 403);
      return true;
    });
  }
});
