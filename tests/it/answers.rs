//! What the services answer, as the checks of mocked results in Step Functions read it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{Model, ModelShape};
use crate::repository;

const PATH: &str = "emulator/src/services/stepfunctions/answers.txt";

const HEAD: &str = "\
# What operations answer, by service: `Operation = Shape`, then each shape with its kind. A structure's
# members that are required have a `!`; numbers have their range, texts the values that they may be.
# From AWS's models; tests/it/answers.rs writes it: UPDATE_DOCS=1 cargo test -p tests answers.
";

/// S3 is not here. Its answer stands in most examples of mocked results, and comes from the API
/// reference.
const S3: &str = "
[s3]
GetObject = GetObjectOutput
GetObjectOutput structure AcceptRanges=Text Body=Text CacheControl=Text ContentDisposition=Text \
ContentEncoding=Text ContentLanguage=Text ContentLength=Number ContentRange=Text ContentType=Text \
DeleteMarker=Flag ETag=Text Expiration=Text LastModified=Text Metadata=Texts MissingMeta=Number \
PartsCount=Number ServerSideEncryption=Text StorageClass=StorageClass TagCount=Number VersionId=Text
StorageClass text STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER \
DEEP_ARCHIVE OUTPOSTS GLACIER_IR SNOW EXPRESS_ONEZONE FSX_OPENZFS FSX_ONTAP
Flag flag
Number number
Text text
Texts map Text
";

#[test]
fn answers_are_those_of_the_models() {
    let text = services().map(section).collect::<String>();
    let fresh = format!("{HEAD}{text}{S3}");
    let path = repository::root().join(PATH);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, fresh).expect("the file can be written");
        return;
    }
    let why = "out of date: run UPDATE_DOCS=1 cargo test -p tests answers";
    assert!(repository::read(PATH) == fresh, "{PATH} is {why}");
}

/// IAM and STS answer much and are in no example; pages of streams are not asked for by tasks.
const LEFT_OUT: [&str; 3] = ["iam", "sts", "dynamodbstreams"];

fn services() -> impl Iterator<Item = String> {
    let files = repository::files("tests/models", "json").into_iter();
    let name = |path: String| Some(path.rsplit('/').next()?.strip_suffix(".json")?.to_owned());
    files.filter_map(name).filter(|name| !LEFT_OUT.contains(&&**name))
}

fn section(service: String) -> String {
    let model = Model::of(&service);
    let mut text = format!("\n[{service}]\n");
    let mut reached = BTreeSet::new();
    for (name, operation) in &model.operations {
        let Some(output) = &operation.output else { continue };
        let _written = writeln!(text, "{name} = {output}");
        reach(&model, output, &mut reached);
    }
    for name in reached {
        let shape = &model.shapes[name];
        let _written = writeln!(text, "{name} {}", described(shape));
    }
    text
}

fn reach<'a>(model: &'a Model, name: &'a str, reached: &mut BTreeSet<&'a str>) {
    if !reached.insert(name) {
        return;
    }
    let shape = &model.shapes[name];
    let parts = [&shape.member, &shape.value].into_iter().flatten();
    for part in parts.chain(shape.members.values()) {
        reach(model, &part.shape, reached);
    }
}

fn described(shape: &ModelShape) -> String {
    let of = |part: &Option<crate::model::Reference>| part.as_ref().expect("a part").shape.clone();
    match &*shape.kind {
        "structure" => {
            let member = |(name, part): (&String, &crate::model::Reference)| {
                let is_required = shape.required.contains(name);
                let mark = if is_required { "!" } else { "" };
                format!(" {mark}{}={}", capital(name), part.shape)
            };
            format!("structure{}", shape.members.iter().map(member).collect::<String>())
        }
        "list" => format!("list {}", of(&shape.member)),
        "map" => format!("map {}", of(&shape.value)),
        "integer" | "long" | "double" | "float" => {
            let bound = |bound: &Option<f64>| bound.map_or("-".to_owned(), |it| it.to_string());
            format!("number {} {}", bound(&shape.min), bound(&shape.max))
        }
        "boolean" => "flag".to_owned(),
        "document" => "any".to_owned(),
        // In tasks, times and bytes are texts.
        _ => ["text"]
            .into_iter()
            .chain(shape.values.iter().map(|it| &**it))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

/// In tasks every member begins with a capital.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
