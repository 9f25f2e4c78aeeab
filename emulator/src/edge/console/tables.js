// Tables: what they are, and looking into them.

import { ask, placeOf, where } from "./aws.js";
import { button, choice, code, count, el, facts, field, form, input, link, many, parts, show } from "./dom.js";

const PAGE = 50;
const AGAINST = [["=", "="], ["<", "<"], ["<=", "≤"], [">", ">"], [">=", "≥"], ["begins_with", "begins with"]];

// An attribute's value as one would write it.
function plain(value) {
  const [kind, it] = Object.entries(value)[0] ?? ["NULL", true];
  if (kind === "N") return Number.isSafeInteger(Number(it)) ? Number(it) : it;
  if (kind === "M") return Object.fromEntries(Object.entries(it).map(([key, one]) => [key, plain(one)]));
  if (kind === "L") return it.map(plain);
  return kind === "NULL" ? null : it;
}
const item = it => Object.fromEntries(Object.entries(it).map(([key, value]) => [key, plain(value)]));

async function list({ root, tell }) {
  const body = el("div");
  root.append(el("h1", {}, "Tables"), body);
  tell(["dynamodb", "ListTables", {}]);
  const refresh = async () => {
    const { TableNames: names = [] } = await ask("dynamodb", "ListTables", {});
    show(body, names.length ? el("ul", { class: "rows" }, names.map(it => el("li", {}, link(`arn:aws:dynamodb:${where.region}:${where.account}:table/${it}`)))) : el("p", { class: "none" }, "no table"));
  };
  await refresh();
  return { refresh };
}

export async function enter(visit) {
  const { root, rest, tell, failed } = visit;
  if (!rest) return list(visit);
  const { name } = parts(rest);
  const place = placeOf(rest);
  const [head, found] = [el("div"), el("div")];
  let table = {};
  let asked = null;

  const keysOf = index => (index ? [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].find(it => it.IndexName === index)?.KeySchema : table.KeySchema) ?? [];
  const typeOf = key => (table.AttributeDefinitions ?? []).find(it => it.AttributeName === key)?.AttributeType ?? "S";
  const typed = (key, text) => ({ [typeOf(key)]: text });

  // What the box says, as Query or Scan.
  function question({ index, partition, sort, against, filter, value }) {
    const [hash, range] = ["HASH", "RANGE"].map(kind => keysOf(index).find(it => it.KeyType === kind)?.AttributeName);
    const more = { TableName: name, Limit: PAGE };
    const [names, values] = [{}, {}];
    if (index) more.IndexName = index;
    if (partition) {
      names["#p"] = hash;
      values[":p"] = typed(hash, partition);
      more.KeyConditionExpression = "#p = :p";
      if (sort && range) {
        names["#s"] = range;
        values[":s"] = typed(range, sort);
        more.KeyConditionExpression += against === "begins_with" ? " AND begins_with(#s, :s)" : ` AND #s ${against} :s`;
      }
    }
    if (filter && value) {
      names["#f"] = filter;
      values[":f"] = /^-?\d+(\.\d+)?$/.test(value) ? { N: value } : /^(true|false)$/.test(value) ? { BOOL: value === "true" } : { S: value };
      more.FilterExpression = "#f = :f";
    }
    if (Object.keys(names).length) Object.assign(more, { ExpressionAttributeNames: names, ExpressionAttributeValues: values });
    return [partition ? "Query" : "Scan", more];
  }

  async function look(start) {
    if (!asked) return;
    const [operation, more] = question(asked);
    tell(["dynamodb", operation, more, place.region]);
    try {
      const page = await ask("dynamodb", operation, start ? { ...more, ExclusiveStartKey: start } : more, place);
      show(found, el("p", { class: "hint" }, `${many(page.Count, "item")} of ${count(page.ScannedCount)} that were read`),
        page.Items.map(it => el("details", { open: page.Items.length < 4 }, el("summary", {}, keysOf("").map(key => JSON.stringify(plain(it[key.AttributeName] ?? {}))).join(" · "), el("small", {}, ` ${JSON.stringify(item(it)).slice(0, 120)}`)), code(JSON.stringify(item(it)), "item"))),
        page.LastEvaluatedKey ? button("Further", () => look(page.LastEvaluatedKey)) : null);
    } catch (error) { failed(error); }
  }

  const describe = async () => {
    ({ Table: table } = await ask("dynamodb", "DescribeTable", { TableName: name }, place));
    const keys = schema => schema.map(it => `${it.AttributeName} (${typeOf(it.AttributeName)}, ${it.KeyType === "HASH" ? "partition" : "sort"})`).join(", ");
    show(head, el("h1", {}, name), facts([["items", count(table.ItemCount)], ["key", keys(table.KeySchema)], ["state", table.TableStatus], ["stream", table.StreamSpecification?.StreamEnabled ? table.StreamSpecification.StreamViewType : null],
      ...[...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].map(it => [`index ${it.IndexName}`, keys(it.KeySchema)])]));
  };
  await describe();
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].map(it => it.IndexName);
  const box = form({ class: "fields" }, fields => { asked = fields; return look(); },
    field("Index", choice("index", [["", "the table"], ...indexes])), field("Partition key", input("partition", "", { "data-first": true }), "empty: everything is scanned"),
    field("Sort key", el("span", { class: "bar" }, choice("against", AGAINST), input("sort"))), field("Attribute", input("filter"), "only items where it"), field("is", input("value")), el("button", { class: "main" }, "Look"));
  root.append(head, box, found);
  tell(["dynamodb", "DescribeTable", { TableName: name }, place.region]);
  asked = { index: "", partition: "", sort: "", against: "=", filter: "", value: "" };
  await look();
  return { refresh: async () => { await describe(); if (!found.querySelector("details[open]") && document.activeElement?.form !== box) await look(); } };
}

