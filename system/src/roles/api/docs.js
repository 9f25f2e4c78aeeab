// Shows the document of the API. Everything becomes text, nothing becomes markup.
"use strict";

const at = (id) => document.getElementById(id);

function made(name, text, ...inside) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...inside);
  return element;
}

function marked(kind, name, text) {
  const element = made(name, text);
  element.className = kind;
  return element;
}

function reference(schema) {
  if (!schema) return made("span", "nothing");
  const name = (schema.$ref || "").split("/").pop();
  if (name) {
    const link = made("a", name);
    link.href = "#schema-" + name;
    return link;
  }
  return made("code", JSON.stringify(schema));
}

function content(holder) {
  return Object.entries((holder && holder.content) || {});
}

function row(...cells) {
  return made("tr", "", ...cells.map((cell) => made("td", "", cell)));
}

function operation(path, method, it) {
  const head = made("summary", "", marked("method", "span", method.toUpperCase()),
    marked("path", "span", path), marked("soft", "span", "  " + (it.summary || "")));
  const table = made("table");
  for (const parameter of it.parameters || []) {
    const what = parameter.in + (parameter.required ? ", needed" : "");
    table.append(row(made("code", parameter.name), marked("soft", "span", what),
      reference(parameter.schema), made("span", parameter.description || "")));
  }
  for (const [type, { schema }] of content(it.requestBody)) {
    table.append(row(made("span", "body"), marked("soft", "span", type), reference(schema), ""));
  }
  for (const [status, answer] of Object.entries(it.responses)) {
    const types = content(answer);
    const schema = types.length ? reference(types[0][1].schema) : "";
    table.append(row(made("code", status), marked("soft", "span", types.length ? types[0][0] : ""),
      schema, made("span", answer.description)));
  }
  const all = made("details", "", head, made("p", it.description || ""), table);
  all.id = it.operationId;
  return all;
}

function show(api) {
  at("title").textContent = api.info.title + " " + api.info.version;
  at("state").textContent = api.info.description || "";
  const tags = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, it] of Object.entries(methods)) {
      const tag = (it.tags || ["other"])[0];
      tags.set(tag, [...(tags.get(tag) || []), operation(path, method, it)]);
    }
  }
  for (const [tag, operations] of tags) {
    const title = made("h2", tag);
    title.id = "tag-" + tag;
    at("operations").append(title, ...operations);
    const link = made("a", tag);
    link.href = "#tag-" + tag;
    at("tags").append(link);
  }
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const text = made("pre", JSON.stringify(schema, null, 2));
    const all = made("details", "", made("summary", name), text);
    all.id = "schema-" + name;
    at("schemas").append(all);
  }
  const table = made("table");
  for (const { code, title, when } of api["x-problems"] || []) {
    const line = row(made("code", code), title, marked("soft", "span", when));
    line.id = code;
    table.append(line);
  }
  at("problems").append(table);
  reveal();
}

// What a link names is opened and shown.
function reveal() {
  const wanted = at(decodeURIComponent(location.hash.slice(1)));
  if (!wanted) return;
  if ("open" in wanted) wanted.open = true;
  wanted.scrollIntoView();
}

addEventListener("hashchange", reveal);
fetch("/openapi.json")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error("status " + answer.status))))
  .then(show)
  .catch((error) => { at("state").textContent = "cannot be shown: " + error.message; });
