//! The attribute of the tests in `crates/testing`. An attribute, so that rustfmt formats them: it leaves what stands inside a macro as it is.

use proc_macro::TokenStream;
use quote::quote;
use syn::parse::Nothing;
use syn::{ItemFn, parse_macro_input};

/// Runs a test on SQLite and on PostgreSQL: beside the function stands a module of its name with `sqlite` and `postgres` in it.
///
/// The PostgreSQL one is skipped when `PORTCULLIS_TEST_DATABASE_URL` is not set; `make test` sets it.
#[proc_macro_attribute]
pub fn both_engines(arguments: TokenStream, function: TokenStream) -> TokenStream {
    parse_macro_input!(arguments as Nothing);
    let function = parse_macro_input!(function as ItemFn);
    let name = &function.sig.ident;
    quote! {
        #function

        mod #name {
            #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let app = ::testing::TestApp::start(::testing::Engine::Sqlite).await;
                super::#name(app.expect("SQLite needs no server")).await;
            }

            #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(app) = ::testing::TestApp::start(::testing::Engine::Postgres).await {
                    super::#name(app).await;
                }
            }
        }
    }
    .into()
}
