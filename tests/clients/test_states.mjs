// Talks to Step Functions with the AWS SDK for JavaScript, which puts `sync-` before the host of two
// operations, and to Lambda and SQS beside it. Run by run.sh, which sets SKYRIG to the binary.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createInterface } from "node:readline";
import test, { after, before } from "node:test";

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StateMachineDoesNotExist,
  TestStateCommand,
} from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const roleArn = "arn:aws:iam::000000000000:role/any";
const region = "us-east-1";

let server;
let endpoint;
let sfn;

before(async () => {
  server = spawn(process.env.SKYRIG, ["serve", "--listen", "127.0.0.1:0", "--signatures", "verify"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  endpoint = line.match(/http:\/\/\S+/)[0];
  sfn = new SFNClient({ endpoint, region, maxAttempts: 1, disableHostPrefix: true });
});

after(() => {
  sfn.destroy();
  server.kill();
});

async function machine(name, states, type = "STANDARD") {
  const definition = JSON.stringify({ StartAt: Object.keys(states)[0], States: states });
  const made = await sfn.send(
    new CreateStateMachineCommand({ name, definition, roleArn, type }),
  );
  return made.stateMachineArn;
}

async function run(client, stateMachineArn) {
  const input = JSON.stringify({ a: [1, 2] });
  const answer = await client.send(new StartSyncExecutionCommand({ stateMachineArn, input }));
  assert.equal(answer.status, "SUCCEEDED");
  assert.deepEqual(JSON.parse(answer.output), { sum: 3 });
}

test("synchronous executions, with the prefix and without", async () => {
  const Output = { sum: "{% $sum($states.input.a) %}" };
  const states = { Sum: { Type: "Pass", QueryLanguage: "JSONata", Output, End: true } };
  const arn = await machine("sum", states, "EXPRESS");
  await run(sfn, arn);
  // Whatever the name, it leads here, as names below *.localhost do for browsers and some systems.
  const lookup = (_host, options, done) =>
    options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
  const { port } = new URL(endpoint);
  const prefixed = new SFNClient({
    endpoint: `http://states.localhost:${port}`,
    region,
    maxAttempts: 1,
    requestHandler: { httpAgent: new http.Agent({ lookup }) },
  });
  await run(prefixed, arn);
  const definition = JSON.stringify({ Type: "Pass", Result: 1, End: true });
  const tried = await prefixed.send(new TestStateCommand({ definition, roleArn }));
  assert.deepEqual([tried.status, tried.output], ["SUCCEEDED", "1"]);
  prefixed.destroy();
});

test("a callback ends an execution", async () => {
  const sqs = new SQSClient({ endpoint, region, maxAttempts: 1 });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "callbacks" }));
  const MessageBody = { "token.$": "$$.Task.Token" };
  const arn = await machine("callback", {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      Parameters: { QueueUrl, MessageBody },
      End: true,
    },
  });
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: arn }));
  const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  const { token } = JSON.parse(received.Messages[0].Body);
  await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"ok":true}' }));
  const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  assert.deepEqual([status, output], ["SUCCEEDED", '{"ok":true}']);
  const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  assert.equal(events.at(-1).type, "ExecutionSucceeded");
  assert.ok(events[0].timestamp instanceof Date);
  sqs.destroy();
});

test("what is missing is an exception of its own", async () => {
  const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:none";
  await assert.rejects(
    sfn.send(new StartExecutionCommand({ stateMachineArn })),
    StateMachineDoesNotExist,
  );
});
