//! `skyrig init`: what was used by hand is made again, and the first script plays.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::stage::{Folder, has_python};

const SET_UP: &str = "
import json, os, urllib.request

def ask(service, operation, **input):
    body = json.dumps({'service': service, 'operation': operation, 'input': input}).encode()
    request = urllib.request.Request(os.environ['EMULATOR'] + '/_skyrig/rehearsal/ask', body)
    return urllib.request.urlopen(request).read()

dead = 'arn:aws:sqs:us-east-1:000000000000:a-dead'
ask('sqs', 'CreateQueue', QueueName='a-dead')
policy = json.dumps({'deadLetterTargetArn': dead, 'maxReceiveCount': 3})
ask('sqs', 'CreateQueue', QueueName='orders', Attributes={'RedrivePolicy': policy})
ask('sns', 'CreateTopic', Name='news')
ask('sns', 'Subscribe', TopicArn='arn:aws:sns:us-east-1:000000000000:news', Protocol='email',
    Endpoint='ann@example.com')
ask('dynamodb', 'CreateTable', TableName='things', BillingMode='PAY_PER_REQUEST',
    AttributeDefinitions=[{'AttributeName': 'id', 'AttributeType': 'S'}],
    KeySchema=[{'AttributeName': 'id', 'KeyType': 'HASH'}])
ask('events', 'PutRule', Name='all', EventPattern='{\\\"source\\\":[\\\"shop\\\"]}')
ask('sqs', 'SendMessage', QueueUrl='orders', MessageBody='{}')
";
const WORKER: &str = "
import json, os, urllib.request

def sqs(operation, **members):
    request = urllib.request.Request(
        os.environ['AWS_ENDPOINT_URL'], json.dumps(members).encode(),
        {'x-amz-target': 'AmazonSQS.' + operation})
    return urllib.request.urlopen(request).read()

while True:
    got = json.loads(sqs('ReceiveMessage', QueueUrl='orders', WaitTimeSeconds=20))
    for message in got.get('Messages', []):
        sqs('DeleteMessage', QueueUrl='orders', ReceiptHandle=message['ReceiptHandle'])
";

struct Emulator(Child);

impl Drop for Emulator {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _ended = self.0.wait();
    }
}

#[test]
fn what_was_used_is_made_again() {
    if !has_python() {
        return;
    }
    let mut serve = Command::new(env!("CARGO_BIN_EXE_skyrig"));
    let serve = serve.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
    let mut emulator = Emulator(serve.stderr(Stdio::null()).spawn().unwrap());
    let mut said = BufReader::new(emulator.0.stdout.take().unwrap()).lines();
    let first = said.next().unwrap().unwrap();
    let url = first.split_whitespace().last().unwrap().to_owned();
    said.find(|line| line.as_ref().unwrap() == "Ready.").unwrap().unwrap();
    let made = Command::new("python3").args(["-c", SET_UP]).env("EMULATOR", &url).status();
    assert!(made.unwrap().success());
    let folder = Folder::new("init").with("worker.py", WORKER);
    let init = ["init", "--endpoint", &url, "--process", "worker=python3 worker.py"];
    let written = folder.skyrig(&init);
    assert_eq!(written.code, Some(0), "{}", written.text);
    let system = folder.read("system.yaml");
    for there in ["a-dead", "RedrivePolicy", "ann@example.com", "things", "PutRule", "worker.py"] {
        assert!(system.contains(there), "{there} is not in:\n{system}");
    }
    let run = folder.passes("first.yaml");
    assert!(run["timeline"].to_string().contains("DeleteMessage orders"), "{run:#}");
    // What is there is not written over.
    assert_eq!(folder.skyrig(&init).code, Some(1));
}
