// A small program on Dynamoose against the emulator. Run by more.sh, which sets SKYRIG to the binary.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import test, { after, before } from "node:test";

import dynamoose from "dynamoose";

let server;
let Order;

before(async () => {
  server = spawn(process.env.SKYRIG, ["serve", "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  const endpoint = line.match(/http:\/\/\S+/)[0];
  const ddb = new dynamoose.aws.ddb.DynamoDB({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  dynamoose.aws.ddb.set(ddb);
  const schema = new dynamoose.Schema(
    {
      customer: { type: String, hashKey: true },
      number: { type: Number, rangeKey: true },
      status: { type: String, index: { name: "by-status", type: "global", rangeKey: "number" } },
      total: Number,
      tags: { type: Set, schema: [String] },
      lines: { type: Array, schema: [{ type: Object, schema: { sku: String, count: Number } }] },
    },
    { timestamps: true },
  );
  Order = dynamoose.model("orders", schema);
  const table = new dynamoose.Table("orders", [Order], {
    create: true,
    initialize: false,
    update: true,
    waitForActive: { enabled: true, check: { timeout: 20000, frequency: 50 } },
    throughput: "ON_DEMAND",
    expires: { ttl: 3600, attribute: "expires" },
    tags: { team: "a" },
  });
  await table.initialize();
});

after(() => server.kill());

test("items come back", async () => {
  await Order.create({
    customer: "a", number: 1, status: "new", total: 5, tags: new Set(["x"]), lines: [{ sku: "k", count: 2 }],
  });
  const found = await Order.get({ customer: "a", number: 1 });
  assert.equal(found.total, 5);
  assert.deepEqual(found.lines.map((line) => ({ ...line })), [{ sku: "k", count: 2 }]);
  await assert.rejects(Order.create({ customer: "a", number: 1 }), { name: "ConditionalCheckFailedException" });
  const updated = await Order.update({ customer: "a", number: 1 }, { $ADD: { total: 2 }, $SET: { status: "paid" } });
  assert.equal(updated.total, 7);
  const condition = new dynamoose.Condition().where("total").eq(1);
  await assert.rejects(Order.delete({ customer: "a", number: 1 }, { condition }), { name: "ConditionalCheckFailedException" });
  await Order.delete({ customer: "a", number: 1 });
  assert.equal(await Order.get({ customer: "a", number: 1 }), undefined);
});

test("queries, scans and batches", async () => {
  const all = Array.from({ length: 20 }, (_, number) => ({
    customer: "b", number, status: number % 2 ? "odd" : "even", total: number,
  }));
  await Order.batchPut(all);
  const some = await Order.query("customer").eq("b").where("number").between(3, 5).exec();
  assert.deepEqual(some.map((order) => order.number), [3, 4, 5]);
  const odd = await Order.query("status").eq("odd").using("by-status").sort("descending").limit(2).exec();
  assert.deepEqual(odd.map((order) => order.number), [19, 17]);
  assert.equal((await Order.scan("total").ge(15).count().exec()).count, 5);
  const got = await Order.batchGet([{ customer: "b", number: 1 }, { customer: "b", number: 99 }]);
  assert.equal(got.length, 1);
});

test("transactions", async () => {
  await dynamoose.transaction([
    Order.transaction.create({ customer: "t", number: 1, total: 1 }),
    Order.transaction.create({ customer: "t", number: 2, total: 2 }),
  ]);
  const again = [Order.transaction.create({ customer: "t", number: 1, total: 1 })];
  await assert.rejects(dynamoose.transaction(again), { name: "TransactionCanceledException" });
});
