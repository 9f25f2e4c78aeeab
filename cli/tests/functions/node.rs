//! Node.js's handlers.

use serde_json::json;
use skyrig::kernel::FunctionEnd;

use crate::code::{Function, failed, has, init_failed, returned, runner, texts};

const COMMON: &str = r#"
let runs = 0;
exports.handler = async (event, context) => {
  runs += 1;
  console.log("order %d", event.id);
  console.error("one\ntwo");
  return { runs, name: context.functionName, left: context.getRemainingTimeInMillis() > 50000 };
};
exports.called = (event, context, callback) => { setTimeout(() => callback(null, "later"), 10); };
exports.late = (event, context, callback) => {
  callback(null, "first");
  setTimeout(() => console.log("then"), 10);
};
exports.early = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  callback(null, "at once");
  setTimeout(() => {}, 100000);
};
exports.silent = () => {};
exports.deep = { inner: { handler: async () => "deep" } };
exports.wrong = async () => { throw new TypeError("no order"); };
exports.refused = (event, context, callback) => callback(new Error("refused"));
exports.text = async () => { throw "text"; };
exports.loose = async () => { Promise.reject(new Error("loose")); await new Promise(() => {}); };
exports.thrown = async () => {
  setTimeout(() => { throw new RangeError("thrown"); }, 1);
  await new Promise((done) => setTimeout(done, 100000));
};
exports.leave = async () => process.exit(4);
exports.nothing = async () => {};
"#;

fn orders(handler: &str) -> Function {
    Function::new("nodejs22.x", handler, &[("src/orders.js", COMMON)])
}

#[tokio::test]
async fn handlers_of_all_kinds_answer() {
    if !has("node") {
        return;
    }
    let runner = runner();
    let function = orders("src/orders.handler");
    let first = function.run(&runner, r#"{"id": 1}"#).await;
    assert_eq!(returned(&first), json!({"runs": 1, "name": "orders", "left": true}));
    let lines = texts(&first);
    assert!(lines[0].ends_with("\tINFO\torder 1"), "{lines:?}");
    assert!(lines[1].ends_with("\tERROR\tone\ntwo"), "{lines:?}");
    assert_eq!(returned(&function.run(&runner, r#"{"id": 2}"#).await)["runs"], 2);
    for (handler, expected) in [
        ("called", json!("later")),
        ("late", json!("first")),
        ("early", json!("at once")),
        ("silent", json!(null)),
        ("nothing", json!(null)),
        ("deep.inner.handler", json!("deep")),
    ] {
        let run = orders(&format!("src/orders.{handler}")).run(&runner, "{}").await;
        assert_eq!(returned(&run), expected, "{handler}");
        assert_eq!(texts(&run).len(), usize::from(handler == "late"), "{handler}");
    }
}

#[tokio::test]
async fn modules_are_found() {
    if !has("node") {
        return;
    }
    let runner = runner();
    let code = "import { rate } from './tax.mjs';\nexport const handler = async () => rate;";
    let tax = ("tax.mjs", "export const rate = await Promise.resolve(19);");
    let package = ("package.json", r#"{"type": "module"}"#);
    let from_layer = "exports.handler = async () => require('tax').rate;";
    let layer = [("nodejs/node_modules/tax/index.js", "exports.rate = 7;")];
    for (function, expected) in [
        (Function::new("nodejs20.x", "a.handler", &[("a.mjs", code), tax]), 19),
        (Function::new("nodejs20.x", "a.handler", &[("a.js", code), tax, package]), 19),
        (Function::new("nodejs20.x", "a.handler", &[("a.cjs", from_layer)]).with_layer(&layer), 7),
    ] {
        assert_eq!(returned(&function.run(&runner, "{}").await), expected);
    }
}

#[tokio::test]
async fn errors_are_reported_as_lambda_does() {
    if !has("node") {
        return;
    }
    let runner = runner();
    for (handler, error_type, message) in [
        ("wrong", "TypeError", "no order"),
        ("refused", "Error", "refused"),
        ("text", "string", "text"),
        ("loose", "Runtime.UnhandledPromiseRejection", "Error: loose"),
        ("thrown", "RangeError", "thrown"),
    ] {
        let run = orders(&format!("src/orders.{handler}")).run(&runner, "{}").await;
        let document = failed(&run);
        assert_eq!(document["errorType"], error_type, "{handler}");
        assert_eq!(document["errorMessage"], message, "{handler}");
        assert!(document["trace"].is_array(), "{handler}");
        assert!(texts(&run)[0].contains("\tERROR\t"), "{handler}");
    }
    let left = orders("src/orders.leave").run(&runner, "{}").await;
    assert_eq!(left.end, FunctionEnd::Exited { status: "exit status 4".to_owned() });
    for (handler, error_type) in [
        ("src/orders", "Runtime.MalformedHandlerName"),
        ("src/none.handler", "Runtime.ImportModuleError"),
        ("src/orders.none", "Runtime.HandlerNotFound"),
    ] {
        let document = init_failed(&orders(handler).run(&runner, "{}").await);
        assert_eq!(document["errorType"], error_type, "{document}");
    }
    let wrong = Function::new("nodejs22.x", "a.b", &[("a.js", "exports.b = (")]);
    let document = init_failed(&wrong.run(&runner, "{}").await);
    assert_eq!(document["errorType"], "Runtime.UserCodeSyntaxError");
}
