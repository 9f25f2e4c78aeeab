"""Runs the Python handler of a Lambda function: skyrig's client of the Runtime API.

Errors, their documents and what is logged are as in Lambda's own runtime. Standard library only.
"""

import decimal
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
BASE = "/2018-06-01/runtime"
# Stands for a line break inside of one record: a record is one event of the log.
BREAK = "\x1f"
ROOT = os.environ["LAMBDA_TASK_ROOT"]


class Context:
    """What a handler gets as its second argument."""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.client_context = client_context(headers.get("Lambda-Runtime-Client-Context"))
        self.identity = Members({"cognito_identity_id": None, "cognito_identity_pool_id": None})
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        members = ",".join(f"{name}={value}" for name, value in vars(self).items()
                           if not name.startswith("_"))
        return f"LambdaContext([{members}])"


class Members:
    """An object with just these members."""

    def __init__(self, members):
        self.__dict__.update(members)


def client_context(text):
    if not text:
        return None
    given = json.loads(text)
    names = ("installation_id", "app_title", "app_version_name", "app_version_code",
             "app_package_name")
    client = given.get("client")
    client = client and Members({name: client.get(name) for name in names})
    return Members({"custom": given.get("custom"), "env": given.get("env"), "client": client})


class Record(logging.Formatter):
    """[LEVEL]	time	request id	message, in one event."""

    converter = time.gmtime
    request_id = ""

    def format(self, record):
        record.aws_request_id = Record.request_id
        return super().format(record).replace("\n", BREAK)


def begin_logging():
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Record(
        "[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s",
        "%Y-%m-%dT%H:%M:%S"))
    logging.getLogger().addHandler(handler)


class Failure(Exception):
    """An error of a kind that Lambda itself reports."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.document = {"errorMessage": message, "errorType": error_type, "requestId": "",
                         "stackTrace": list(trace)}


def frames(error):
    """The lines of a stack trace, without those of this file."""
    stack = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in stack
           if frame.filename != __file__ and not frame.filename.startswith("<frozen importlib")]
    return traceback.format_list(own)


def find_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError:
        raise Failure("Runtime.MalformedHandlerName",
                      f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    module_name = module_name.replace("/", ".")
    try:
        if module_name.split(".")[0] in sys.builtin_module_names:
            raise Failure("Runtime.BuiltInModuleConflict",
                          f"Cannot use built-in module {module_name} as a handler module")
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise Failure("Runtime.ImportModuleError",
                      f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        line = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise Failure("Runtime.UserCodeSyntaxError",
                      f"Syntax error in module '{module_name}': {error}", [line])
    handler = getattr(module, function_name, None)
    if handler is None:
        raise Failure("Runtime.HandlerNotFound",
                      f"Handler '{function_name}' missing on module '{module_name}'")
    return handler


def error_document(error, request_id):
    if isinstance(error, Failure):
        return {**error.document, "requestId": request_id}
    return {"errorMessage": str(error), "errorType": type(error).__name__,
            "requestId": request_id, "stackTrace": frames(error)}


def report(document):
    """Writes an error to the log, as one event."""
    lines = [f"[ERROR] {document['errorType']}: {document['errorMessage']}"]
    if document["stackTrace"]:
        lines.append("Traceback (most recent call last):")
        lines.extend(line.rstrip("\n") for line in document["stackTrace"])
    text = "\n".join(lines).replace("\n", BREAK)
    print(text, flush=True)


def plain(value):
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


class Api:
    """One connection, used again and again."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(API)

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, BASE + path, body, headers or {})
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()

    def fail(self, path, document):
        headers = {"Lambda-Runtime-Function-Error-Type": document["errorType"],
                   "Content-Type": "application/json"}
        self.ask("POST", path, json.dumps(document), headers)


def answer(handler, payload, context):
    try:
        event = json.loads(payload)
    except ValueError as error:
        raise Failure("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
    result = handler(event, context)
    try:
        return json.dumps(result, default=plain, ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        raise Failure("Runtime.MarshalError", f"Unable to marshal response: {error}")


def main():
    begin_logging()
    api = Api()
    opt = [path for path in os.environ.get("PYTHONPATH", "").split(":") if path]
    # Of this file's own folder nothing must be imported; of the code's everything.
    sys.path[0:1] = [ROOT]
    for path in opt:
        if path not in sys.path:
            sys.path.append(path)
    try:
        handler = find_handler(os.environ["_HANDLER"])
    except Exception as error:
        document = error_document(error, "")
        report(document)
        api.fail("/init/error", document)
        sys.exit(1)
    while True:
        status, headers, payload = api.ask("GET", "/invocation/next")
        if status != 200:
            sys.exit(0)
        context = Context(headers)
        Record.request_id = context.aws_request_id
        trace = headers.get("Lambda-Runtime-Trace-Id")
        if trace:
            os.environ["_X_AMZN_TRACE_ID"] = trace
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        place = f"/invocation/{context.aws_request_id}"
        try:
            result = answer(handler, payload, context)
        except Exception as error:
            document = error_document(error, context.aws_request_id)
            report(document)
            api.fail(place + "/error", document)
            continue
        sys.stdout.flush()
        api.ask("POST", place + "/response", result, {"Content-Type": "application/json"})


if __name__ == "__main__":
    main()
