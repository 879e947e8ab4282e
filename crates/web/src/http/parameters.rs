//! Parameters that many operations have.

use serde::Deserialize;
use utoipa::IntoParams;

/// The account in a path, by id or slug.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the Caller extractor; here for the description of the API")]
pub struct InAccount {
    /// Id (`acc_…`) or slug of the account.
    #[param(min_length = 2, max_length = 40, pattern = "^[a-z0-9_-]*$")]
    account: String,
}

/// Whether to only preview.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the Caller extractor; here for the description of the API")]
pub struct DryRun {
    /// `true` returns a preview and changes nothing.
    dry_run: Option<bool>,
}
