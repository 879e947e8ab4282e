//! `/problems/{code}`: what the `type` of an error points at, and `/problems/`: all of them.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::page::show;
use super::prose::Prose;
use crate::http::extract::Path;
use crate::http::problem_codes::{EXPLANATIONS, Explanation, Place, explanation_of};
use crate::http::request_id::path_prefix;

#[derive(Debug, Deserialize)]
pub struct ProblemItem {
    code: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    code: &'static str,
    meaning: Prose,
    remedy: Prose,
    place: Prose,
    example: String,
    has_request_id: bool,
}

#[derive(Template)]
#[template(path = "no_problem.html")]
struct NoPage;

#[derive(Template)]
#[template(path = "problems.html")]
struct Index {
    groups: Vec<Group>,
}

/// The codes of one status.
struct Group {
    status: u16,
    heading: String,
    codes: Vec<Code>,
}

struct Code {
    name: &'static str,
    meaning: Prose,
}

/// What a code means, an example, and what to do. 404 for what is no code.
pub async fn page(Path(item): Path<ProblemItem>) -> Response {
    let Some(explanation) = explanation_of(&item.code) else {
        return (StatusCode::NOT_FOUND, show(&NoPage)).into_response();
    };
    let place = match explanation.place {
        Place::Error => format!("A response with the status {} and this body:", explanation.status),
        Place::Part => {
            "An entry of `errors` in the body of an error. If it is the only one, the error itself has this code too:"
                .to_owned()
        }
        Place::Result => "The result of a permission check, or of one of several addresses or users:".to_owned(),
    };
    show(&Page {
        code: explanation.code,
        meaning: Prose::of(explanation.meaning),
        remedy: Prose::of(explanation.remedy),
        place: Prose::of(&place),
        example: format!("{:#}", example(explanation)),
        has_request_id: explanation.place == Place::Error,
    })
}

fn example(explanation: &Explanation) -> Value {
    let Explanation { code, status, meaning, remedy, .. } = explanation;
    let detail = format!("{meaning} {remedy}").replace('`', "");
    match explanation.place {
        Place::Error => json!({
            "type": format!("{}/problems/{code}", path_prefix()),
            "title": title(*status),
            "status": status,
            "detail": detail,
            "code": code,
            "request_id": "req_01kbc4m3v8x2q7w5n9r6t1y0ze",
        }),
        Place::Part => json!({ "pointer": "/field", "code": code, "detail": detail }),
        Place::Result => json!({ "code": code, "detail": detail }),
    }
}

fn title(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error")
}

/// Every code with its meaning: errors by status, then what is no error.
pub async fn index() -> Response {
    let mut groups: BTreeMap<(bool, u16), Vec<Code>> = BTreeMap::new();
    for Explanation { code, status, meaning, .. } in EXPLANATIONS {
        groups.entry((*status == 200, *status)).or_default().push(Code { name: code, meaning: Prose::of(meaning) });
    }
    let heading = |is_result, status| match is_result {
        true => "Results of checks and lists".to_owned(),
        false => format!("{status} {}", title(status)),
    };
    let groups = groups.into_iter().map(|((is_result, status), codes)| Group {
        status,
        heading: heading(is_result, status),
        codes,
    });
    show(&Index { groups: groups.collect() })
}
