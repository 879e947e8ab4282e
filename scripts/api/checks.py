"""Checks of scripts/api.sh that schemathesis has not."""

import os

import schemathesis

# What no schema says: whether something exists or is right, and what goes together. Everything else that a request of the right form can be
# refused for belongs into the description.
RULES = {
    "contradiction",
    "email_immutable",
    "ids_or_filter",
    "invalid_cursor",
    "exceeds_max_length",
    "missing_field",
    "name_for_several",
    "no_addresses",
    "not_an_image",
    "not_expected",
    "not_needed",
    "to_before_from",
    "unclear_column",
    "unknown_role",
    "unknown_system",
    "wrong_password",
}


@schemathesis.deserializer("image/jpeg", "image/png", "image/webp")
def image(ctx, response):
    return response.content.decode("latin-1")


@schemathesis.hook.apply_to(operation_id="check")
def map_body(ctx, body):
    """Asks about the account of this run, where the body names one of the right form."""
    if isinstance(body, dict) and isinstance(body.get("account"), str):
        body["account"] = os.environ["ACCOUNT_ID"]
    return body


@schemathesis.check
def form_is_described(ctx, response, case):
    """A request of the form that the description asks for is not refused for its form."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    problem = response.json()
    codes = {part["code"] for part in problem.get("errors", [])} or {problem["code"]}
    assert codes <= RULES, f"refused for its form: {problem['detail']}"
