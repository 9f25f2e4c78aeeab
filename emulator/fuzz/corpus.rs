//! Corpora between the repository, where each is one file, and libFuzzer, which wants a folder.

use std::error::Error;
use std::fs;

#[path = "../tests/malformed/corpus.rs"]
mod corpus;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["unpack", file, folder] => {
            fs::create_dir_all(folder)?;
            for (number, case) in corpus::unpack(&fs::read_to_string(file)?).iter().enumerate() {
                fs::write(format!("{folder}/packed-{number:04}"), case)?;
            }
        }
        ["pack", folder, file] => {
            let files = fs::read_dir(folder)?;
            let cases = files.map(|entry| fs::read(entry?.path())).collect::<Result<_, _>>()?;
            fs::write(file, corpus::pack(cases))?;
        }
        _ => return Err("corpus unpack FILE FOLDER, or corpus pack FOLDER FILE".into()),
    }
    Ok(())
}
