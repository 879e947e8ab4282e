//! What happens to every request before its handler, and to every answer after it: in one place, in the order of this file.
//!
//! One layer instead of one for each concern: a layer is cloned and its future put on the heap for every request, and layers
//! inside layers multiply that.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::http::{connections, csrf, development, headers, idempotency, request_id, unread};

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
            Ok(()) if is_api => within_budget(&site, request, next).await,
            Ok(()) => in_time(&site, next.run(request)).await,
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

/// Gives up what takes too long, a body that does not come to its end included.
async fn in_time(site: &Site, answer: impl Future<Output: IntoResponse>) -> Response {
    let limit = site.settings.request_timeout;
    match tokio::time::timeout(limit, answer).await {
        Ok(answer) => answer.into_response(),
        Err(_) => {
            tracing::warn!(?limit, "A request was stopped because it took too long.");
            let detail = "The request took too long and was stopped. If it changes something, check whether that \
             happened before you send it again.";
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timed_out", detail).retry_after(2);
            (Extension(GivenUp), problem).into_response()
        }
    }
}

async fn within_budget(site: &Site, request: Request, next: Next) -> Response {
    let admission = site.limiter.take(&site.app, &site.proxies, request.headers(), request.extensions()).await;
    let mut response = match admission.refusal() {
        None => in_time(site, admit(site, request, next)).await,
        Some(problem) => problem.into_response(),
    };
    admission.tell(response.headers_mut());
    response
}

async fn admit(site: &Site, request: Request, next: Next) -> Result<Response, Problem> {
    csrf::check(site, &request)?;
    site.operations.check(&request)?;
    match idempotency::key_of(&request) {
        Some(key) => Box::pin(idempotency::answer_once(site, request, next, &key)).await,
        None => Ok(next.run(request).await),
    }
}
