//! What happens to every request before its handler, and to every answer after it: in one place, in the order of this file.
//!
//! One layer instead of one for each concern: a layer is cloned and its future put on the heap for every request, and layers
//! inside layers multiply that.

use std::pin::pin;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::http::connections::now;
use crate::http::extract::BodyLimit;
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::http::unread::{Reading, Rest};
use crate::http::{connections, csrf, development, headers, idempotency, request_id, unread};

/// The bytes in a second that a body comes with at least, in the time that a request has.
const LEAST_RATE: usize = 1024;

/// Gives the request its id, admits it, has it answered, and adds the headers that every answer carries.
pub async fn layer(State(site): State<Site>, request: Request, next: Next) -> Response {
    let running = connections::begin(request.extensions());
    let id = site.request_ids.next();
    let span = request_id::span(&id, &request);
    let is_api = request.uri().path().starts_with("/api/");
    let (request, rest) = unread::lend(request);
    let answer = async {
        let answer = match development::check(&site, &request) {
            Err(problem) => problem.into_response(),
            Ok(()) if is_api => within_budget(&site, request, &rest, next).await,
            Ok(()) => in_time(&site, &rest, next.run(request)).await,
        };
        if answer.extensions().get::<GivenUp>().is_none() {
            rest.discard(site.settings.request_timeout).await;
        }
        answer
    };
    let mut response = request_id::scope(&id, site.app.settings.path_prefix(), answer.instrument(span)).await;
    request_id::tell(response.headers_mut(), &id);
    headers::add(response.headers_mut(), is_api);
    match running {
        Some(running) => running.follow(response),
        None => response,
    }
}

/// Marks the answer to a request that had all its time, also for its body.
#[derive(Clone)]
struct GivenUp;

/// Stops requests that take too long. The time limit starts when the body has arrived. A body gets the same time again for as long as it
/// keeps arriving at the minimum rate.
async fn in_time(site: &Site, rest: &Rest, answer: impl Future<Output: IntoResponse>) -> Response {
    let limit = site.settings.request_timeout;
    let least = LEAST_RATE.saturating_mul(usize::try_from(limit.as_secs().max(1)).unwrap_or(usize::MAX));
    let (mut until, mut before) = (now() + limit, 0);
    let mut answer = pin!(answer);
    loop {
        if let Ok(answer) = tokio::time::timeout_at(until, &mut answer).await {
            return answer.into_response();
        }
        match rest.reading() {
            Reading::Under(came) if came - before >= least => (until, before) = (until + limit, came),
            Reading::Under(_) => return (Extension(GivenUp), body_too_slow()).into_response(),
            Reading::Over(at) if at + limit > until => until = at + limit,
            Reading::Over(_) | Reading::None => return (Extension(GivenUp), timed_out(limit)).into_response(),
        }
    }
}

fn body_too_slow() -> Problem {
    let detail =
        "The body of the request came too slowly, so nothing was done. Send it again over a faster connection.";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", detail)
}

fn timed_out(limit: Duration) -> Problem {
    tracing::warn!(?limit, "A request was stopped because it took too long.");
    let detail = "The request took too long and was stopped. If it changes something, check whether that happened before \
                  you send it again.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timed_out", detail).retry_after(2)
}

async fn within_budget(site: &Site, request: Request, rest: &Rest, next: Next) -> Response {
    let admission = site.limiter.take(&site.app, &site.proxies, request.headers(), request.extensions()).await;
    let mut response = match admission.refusal() {
        None => in_time(site, rest, admit(site, request, next)).await,
        Some(problem) => problem.into_response(),
    };
    admission.tell(response.headers_mut());
    response
}

async fn admit(site: &Site, mut request: Request, next: Next) -> Result<Response, Problem> {
    csrf::check(site, &request)?;
    site.operations.check(&request)?;
    let limit = BodyLimit(site.operations.most_bytes(&request));
    limit.check_announced(request.headers())?;
    request.extensions_mut().insert(limit);
    match idempotency::key_of(&request) {
        Some(key) => Box::pin(idempotency::answer_once(site, request, next, &key)).await,
        None => Ok(next.run(request).await),
    }
}
