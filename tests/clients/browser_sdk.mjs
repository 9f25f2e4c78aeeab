// Runs in a browser, made into one file by browsers.sh: the AWS SDK for JavaScript, which verifies
// the MD5 of what it sends and receives.

import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

const endpoint = new URL(location).searchParams.get("target");
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const sqs = new SQSClient({ endpoint, region: "us-east-1", maxAttempts: 1, credentials });

const found = {};
try {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "by-an-sdk" }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "from a page" }));
  const { Messages, $metadata } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  found.body = Messages[0].Body;
  found.requestId = $metadata.requestId;
  await sqs.send(new GetQueueUrlCommand({ QueueName: "none" })).catch(error => { found.missing = error.name; });
} catch (error) {
  found.error = String(error);
}
await fetch("/done", { method: "POST", body: JSON.stringify(found) });
