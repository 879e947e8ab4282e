//! Has the console embedded again when it was built anew.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../../console/dist");
}
