// Functions: what they are, and invoking them.

import { ask, command, placeOf, rest as call } from "./aws.js";
import { area, choice, code, count, el, facts, field, form, link, parts, show } from "./dom.js";

async function list({ root, tell }) {
  const body = el("div");
  root.append(el("h1", {}, "Functions"), body);
  tell(["lambda", "ListFunctions", {}]);
  const refresh = async () => {
    const { Functions: all = [] } = await ask("lambda", "ListFunctions", {});
    show(body, all.length ? el("ul", { class: "rows" }, all.map(it => el("li", {}, link(it.FunctionArn), el("small", {}, ` ${it.Runtime ?? it.PackageType ?? ""} ${it.Handler ?? ""}`)))) : el("p", { class: "none" }, "no function"));
  };
  await refresh();
  return { refresh };
}

export async function enter(visit) {
  const { root, rest: arn, tell, doing, say } = visit;
  if (!arn) return list(visit);
  const { name } = parts(arn);
  const place = placeOf(arn);
  const [head, result] = [el("div"), el("div", { role: "status" })];
  const shell = payload => `${command("lambda", "Invoke", { FunctionName: name, CliBinaryFormat: "raw-in-base64-out", Payload: payload }, place.region)} /dev/stdout`;
  const refresh = async () => {
    const { Configuration: it } = await ask("lambda", "GetFunction", { FunctionName: name }, place);
    const { EventSourceMappings: mappings = [] } = await ask("lambda", "ListEventSourceMappings", { FunctionName: name }, place);
    show(head, el("h1", {}, name), facts([["runtime", it.Runtime], ["handler", it.Handler], ["memory", `${count(it.MemorySize)} MB`], ["time-out", `${it.Timeout} s`], ["state", it.State], ["role", it.Role], ["variables", it.Environment?.Variables && code(JSON.stringify(it.Environment.Variables), "variables")],
      ["polls", mappings.length ? mappings.map(one => el("div", {}, link(one.EventSourceArn ?? ""), ` ${one.State}`)) : null], ["log", link(`arn:aws:logs:${place.region}:${place.account}:log-group:/aws/lambda/${name}`)]]),
    el("p", {}, el("a", { href: `#/why/${encodeURIComponent(arn)}` }, "Why is it not invoked?")));
  };
  root.append(head, form({ class: "fields" }, async ({ payload, kind }) => {
    try { JSON.parse(payload); } catch (error) { say(`event: ${error.message}`, true); return; }
    tell(shell(payload));
    show(result, el("p", { class: "hint" }, "it runs…"));
    const done = await doing(() => call("lambda", "POST", `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, payload, { "x-amz-invocation-type": kind, "x-amz-log-type": kind === "RequestResponse" ? "Tail" : "None" }));
    const failed = done?.headers.get("x-amz-function-error");
    const log = done?.headers.get("x-amz-log-result");
    show(result, done ? [el("h2", {}, failed ? `It failed: ${failed}` : done.status === 202 ? "Taken" : "It returned"), done.text ? code(done.text, "result") : null, log ? code(new TextDecoder().decode(Uint8Array.from(atob(log), it => it.charCodeAt(0))), "log") : null] : null);
  }, field("Event", area("payload", "{}", { "data-first": true })), field("How", choice("kind", [["RequestResponse", "and wait"], ["Event", "as an event"]])), el("button", { class: "main" }, "Invoke")), result);
  tell(shell("{}"));
  await refresh();
  return { refresh };
}
