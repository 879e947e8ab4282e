//! Lists the migrations, as they lie in their folder: `0001_initial.sql` is number 1, about "initial".

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=migrations");
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut names = Vec::new();
    for file in std::fs::read_dir(&folder)? {
        let name = file?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".sql").map(str::to_owned));
    }
    names.sort_unstable();
    let mut list = String::from("&[");
    for (number, name) in (1..).zip(names) {
        let (version, about) = name.split_once('_').ok_or_else(|| format!("{name}.sql has no number"))?;
        let (version, file) = (version.parse::<i64>()?, folder.join(format!("{name}.sql")));
        if version != number {
            return Err(format!("{name}.sql stands where number {number} belongs").into());
        }
        write!(list, "Migration {{ version: {version}, name: {about:?}, text: include_str!({file:?}) }},")?;
    }
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("migrations.rs"), list + "]")?;
    Ok(())
}
