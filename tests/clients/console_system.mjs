// A small shop on an emulator, for the console's tests: everything that the console shows, by plain calls.

const TARGETS = {
  sqs: ["AmazonSQS", "1.0"], events: ["AWSEvents", "1.1"], dynamodb: ["DynamoDB_20120810", "1.0"], logs: ["Logs_20140328", "1.1"],
  states: ["AWSStepFunctions", "1.0"], monitoring: ["GraniteServiceVersion20100801", "1.0"],
};
const ROLE = "arn:aws:iam::000000000000:role/shop";
export const arn = (service, resource) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;

export function client(port) {
  const base = `http://127.0.0.1:${port}`;
  const authorization = service => `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const read = async answer => {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return text.startsWith("{") ? JSON.parse(text) : text;
  };
  const call = async (service, operation, input) => {
    const [target, version] = TARGETS[service];
    const headers = { authorization: authorization(service), "x-amz-target": `${target}.${operation}`, "content-type": `application/x-amz-json-${version}` };
    return read(await fetch(base, { method: "POST", headers, body: JSON.stringify(input) }));
  };
  const sns = async fields => read(await fetch(base, { method: "POST", headers: { authorization: authorization("sns") }, body: new URLSearchParams({ Version: "2010-03-31", ...fields }) }));
  const rest = async (service, path, body, method = "POST") => read(await fetch(base + path, { method, headers: { authorization: authorization(service), "content-type": "application/json" }, body: JSON.stringify(body) }));
  const admin = async (path, body, method = "POST") => read(await fetch(`${base}/_skyrig/${path}`, body === undefined ? {} : { method, body: JSON.stringify(body) }));
  return { call, sns, rest, admin, base };
}

const url = (port, name) => `http://127.0.0.1:${port}/000000000000/${name}`;

export async function shop(port) {
  const { call, sns, rest, admin } = client(port);
  for (const name of ["payments-dlq", "payments", "mail", "audit", "orders", "big.fifo"]) {
    const Attributes = name === "payments" ? { VisibilityTimeout: "5", RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "payments-dlq"), maxReceiveCount: 2 }) }
      : name.endsWith(".fifo") ? { FifoQueue: "true" } : {};
    await call("sqs", "CreateQueue", { QueueName: name, Attributes });
  }
  await sns({ Action: "CreateTopic", Name: "notes" });
  await sns({ Action: "Subscribe", TopicArn: arn("sns", "notes"), Protocol: "sqs", Endpoint: arn("sqs", "mail"), "Attributes.entry.1.key": "FilterPolicy", "Attributes.entry.1.value": JSON.stringify({ kind: ["paid"] }) });
  await sns({ Action: "Subscribe", TopicArn: arn("sns", "notes"), Protocol: "email", Endpoint: "ann@shop.example" });
  await call("events", "CreateEventBus", { Name: "shop" });
  const rules = [["placed", { "detail-type": ["Order Placed"] }, "payments"], ["all", { source: [{ prefix: "shop." }] }, "audit"], ["large", { detail: { total: [{ numeric: [">", 10000] }] } }, "orders"]];
  for (const [Name, pattern, queue] of rules) {
    await call("events", "PutRule", { Name, EventBusName: "shop", EventPattern: JSON.stringify(pattern) });
    await call("events", "PutTargets", { Rule: Name, EventBusName: "shop", Targets: [{ Id: "t", Arn: arn("sqs", queue) }] });
  }
  await call("dynamodb", "CreateTable", { TableName: "orders", KeySchema: [{ AttributeName: "id", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], BillingMode: "PAY_PER_REQUEST", StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } });
  for (let number = 1; number <= 5; number += 1) await call("dynamodb", "PutItem", { TableName: "orders", Item: { id: { S: `o-${number}` }, total: { N: `${number * 100}` }, lines: { L: [{ M: { sku: { S: "lamp" } } }] } } });
  await call("logs", "CreateLogGroup", { logGroupName: "/shop/orders" });
  await call("logs", "CreateLogStream", { logGroupName: "/shop/orders", logStreamName: "a" });
  const { now } = await admin("pulse");
  await call("logs", "PutLogEvents", { logGroupName: "/shop/orders", logStreamName: "a", logEvents: [{ timestamp: now, message: "order o-1 came" }, { timestamp: now + 1, message: "ERROR order o-2 was refused" }] });
  const definition = { StartAt: "Look", States: { Look: { Type: "Pass", Next: "Large?" }, "Large?": { Type: "Choice", Choices: [{ Variable: "$.total", NumericGreaterThan: 1000, Next: "Ask" }], Default: "Done" }, Ask: { Type: "Wait", Seconds: 60, Next: "Done" }, Done: { Type: "Pass", Result: { ok: true }, End: true } } };
  await call("states", "CreateStateMachine", { name: "approve", definition: JSON.stringify(definition), roleArn: ROLE });
  await call("states", "StartExecution", { stateMachineArn: arn("states", "stateMachine:approve"), name: "first", input: JSON.stringify({ total: 42 }) });
  await call("states", "StartExecution", { stateMachineArn: arn("states", "stateMachine:approve"), name: "slow", input: JSON.stringify({ total: 4200 }) });
  await call("monitoring", "PutMetricAlarm", { AlarmName: "letters", Namespace: "AWS/SQS", MetricName: "ApproximateNumberOfMessagesVisible", Dimensions: [{ Name: "QueueName", Value: "payments-dlq" }], Statistic: "Maximum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanOrEqualToThreshold", AlarmActions: [arn("sns", "notes")] });
  await call("monitoring", "PutMetricData", { Namespace: "Shop", MetricData: [{ MetricName: "Orders", Value: 3, Unit: "Count" }] });
  await call("monitoring", "PutDashboard", { DashboardName: "shop", DashboardBody: JSON.stringify({ widgets: [] }) });
  await rest("scheduler", "/schedules/nightly", { ScheduleExpression: "rate(1 day)", FlexibleTimeWindow: { Mode: "OFF" }, Target: { Arn: arn("sqs", "audit"), RoleArn: ROLE, Input: "{\"night\": true}" } });
  await rest("pipes", "/v1/pipes/copy", { Source: arn("sqs", "orders"), Target: arn("sqs", "audit"), RoleArn: ROLE });
  await put(port, "Order Placed", { orderId: "o-1", total: 4200 });
  return { port };
}

export async function put(port, type, detail) {
  const { call } = client(port);
  const { Entries: [entry] } = await call("events", "PutEvents", { Entries: [{ EventBusName: "shop", Source: "shop.orders", DetailType: type, Detail: JSON.stringify(detail) }] });
  return entry.EventId;
}

// Receives what is in `payments` until it is given up; `payments-dlq` has it then.
export async function poison(port) {
  const { call, admin } = client(port);
  for (let times = 0; times < 3; times += 1) {
    await call("sqs", "ReceiveMessage", { QueueUrl: url(port, "payments"), MaxNumberOfMessages: 10 });
    await admin("clock", { advance_seconds: 6 });
  }
}

export async function manyQueues(port, count) {
  const { call } = client(port);
  const names = Array.from({ length: count }, (_, at) => `q-${String(at).padStart(5, "0")}`);
  while (names.length) await Promise.all(names.splice(0, 50).map(QueueName => call("sqs", "CreateQueue", { QueueName })));
}

export async function manyMessages(port, queue, count) {
  const { call } = client(port);
  for (let sent = 0; sent < count; sent += 500) {
    await Promise.all(Array.from({ length: 50 }, (_, batch) => call("sqs", "SendMessageBatch", { QueueUrl: url(port, queue), Entries: Array.from({ length: 10 }, (_, at) => ({ Id: `${at}`, MessageBody: `{"number":${sent + batch * 10 + at}}` })) })));
  }
}
