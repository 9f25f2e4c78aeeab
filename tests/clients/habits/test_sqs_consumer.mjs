// sqs-consumer: batches, failures that come again, and the dead-letter queue. Run by habits.sh, which sets
// AWS_ENDPOINT_URL.
import assert from "node:assert";
import {
  CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient,
} from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";

const sqs = new SQSClient({ region: "us-east-1" });
const dead = (await sqs.send(new CreateQueueCommand({ QueueName: "consumer-dead" }))).QueueUrl;
const attributes = await sqs.send(
  new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ["QueueArn"] }));
const RedrivePolicy = JSON.stringify({
  deadLetterTargetArn: attributes.Attributes.QueueArn, maxReceiveCount: 2,
});
const queueUrl = (await sqs.send(
  new CreateQueueCommand({ QueueName: "consumer", Attributes: { RedrivePolicy } }))).QueueUrl;
for (const MessageBody of ["good", "bad"]) {
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
}

const handled = [];
const failures = [];
const consumer = Consumer.create({
  queueUrl, sqs, batchSize: 10, waitTimeSeconds: 1, visibilityTimeout: 30, terminateVisibilityTimeout: true,
  handleMessage: async (message) => {
    if (message.Body === "bad") {
      throw new Error("no");
    }
    handled.push(message.Body);
    return message;
  },
});
consumer.on("processing_error", (error) => failures.push(error));
consumer.start();
let found;
for (let tries = 0; tries < 60 && !found?.Messages; tries++) {
  found = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 1 }));
}
consumer.stop({ abort: true });
assert.ok(failures.length >= 2, `${failures}`);
assert.deepStrictEqual(handled, ["good"]);
assert.strictEqual(found.Messages[0].Body, "bad");
console.log("sqs-consumer: one message was handled, one is a dead letter");
process.exit(0);
