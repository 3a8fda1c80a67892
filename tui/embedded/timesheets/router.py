"""From a request to an operation and back: the only place that knows tokens, bodies and errors.

Checks are made in this order: path, method, formats, app code, token, administrator, body,
parameters. Source: reference page, section 3.6; HTTP table at the end of the documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import nullcontext
from decimal import Decimal
from typing import NoReturn

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from tui.embedded.context import Context
from tui.embedded.forms import TooLarge, media_type, read_body
from tui.embedded.timesheets.access import actor_of
from tui.embedded.timesheets.answers import Refusal, as_json, forbidden, invalid, refused
from tui.embedded.timesheets.calls import Actor, Call, Operation
from tui.embedded.timesheets.parameters import check
from tui.embedded.timesheets.quirks import with_quirks

LARGEST_BODY = 1_000_000


class Endpoint:
    """Answers one operation. Called for every method, so that 405 has the service's own form."""

    def __init__(self, context: Context, operation: Operation) -> None:
        self.context = context
        self.operation = operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except Refusal as refusal:
            answer = refused(refusal.http, refusal.message)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        operation, context = self.operation, self.context
        if request.method != "POST":
            raise Refusal(405, f"{request.method} is not possible here; use POST.")
        _accepted_formats(request, operation.answers_csv)
        app = request.path_params.get("app")
        if app is not None and app != context.credentials.timesheets_app:
            raise Refusal(404, "Application not found.")
        actor = self._actor(request)
        body = await _body(request)
        arguments = check(body, operation.parameters)
        if operation.one_of and not any(name in arguments for name in operation.one_of):
            raise invalid(f"At least one of {', '.join(operation.one_of)} is required.")
        path = {name: str(value) for name, value in request.path_params.items()}
        call = Call(context, arguments, path, actor, int(context.now().timestamp()))
        with context.database.write() if operation.writes else nullcontext():
            answer = operation.handler(call)
        if isinstance(answer, Response):
            return answer
        return as_json(with_quirks(operation.id, answer) if context.quirks else answer)

    def _actor(self, request: Request) -> Actor | None:
        if not self.operation.signed:
            return None
        actor = actor_of(self.context, request.headers.get("authorization", ""))
        if actor is None:
            raise Refusal(401, "Auth token not specified or incorrect.")
        if self.operation.admin and not actor.is_admin:
            raise forbidden()
        return actor


def _accepted_formats(request: Request, csv: bool) -> None:
    """406 for anything that is not JSON, in either direction (CSV for the two exports)."""
    sent = media_type(request)
    if sent and sent != "application/json":
        raise Refusal(406, "The request must be application/json.")
    wanted = request.headers.get("accept", "*/*").lower()
    kinds = {part.split(";")[0].strip() for part in wanted.split(",")}
    possible = {"*/*", "application/*", "application/json", ""}
    if csv:
        possible |= {"text/*", "text/csv"}
    if not kinds & possible:
        raise Refusal(406, "The answer is application/json.")


async def _body(request: Request) -> dict[str, object]:
    """The JSON object of the request; no body at all counts as an empty one."""
    try:
        parts = await read_body(request, LARGEST_BODY)
    except TooLarge:
        raise invalid(f"The request must have at most {LARGEST_BODY} bytes.") from None
    if not parts.strip():
        return {}
    try:
        content = json.loads(
            parts.decode("utf-8"), parse_float=_bounded_decimal, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise invalid("The request is not valid JSON.") from None
    if content == []:
        # An empty map and an empty list are the same to the service.
        return {}
    if not isinstance(content, dict):
        raise invalid("The request must be a JSON object.")
    return content


def _bounded_decimal(digits: str) -> Decimal:
    """Exact, and small enough that no later comparison can become expensive."""
    exponent = re.search(r"[eE]([+-]?\d+)$", digits)
    if len(digits) > 60 or (exponent and len(exponent[1]) > 4):
        raise ValueError("a number beyond any use")
    return Decimal(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


async def _nothing_here(_request: Request) -> Response:
    return refused(404, "There is no such call.")


def routes_for(context: Context, operations: Sequence[Operation]) -> list[BaseRoute]:
    """A route for every path of every operation, and one that refuses all other paths."""
    made: list[BaseRoute] = [
        Route(path, Endpoint(context, operation), name=operation.id)
        for operation in operations
        for path in operation.paths
    ]
    every_method = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    made.append(Route("/{rest:path}", _nothing_here, methods=every_method))
    return made
