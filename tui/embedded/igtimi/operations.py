"""One operation is a method, a path, who may call it and a function; routes come from them."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Caller, Reach, Who, bearer_token, identify
from tui.embedded.igtimi.answers import Refused, bad_request, unauthorized
from tui.embedded.igtimi.parameters import Parameters, read_parameters

SMALL_BODY = 1 << 20
"""Bytes that a call without a file may carry."""

_METHODS = ("GET", "POST", "PUT", "DELETE")


@dataclass(frozen=True)
class Call:
    """One call of an operation."""

    context: Context
    request: Request
    caller: Caller
    parameters: Parameters
    body: bytes
    path: Mapping[str, str]

    @property
    def user(self) -> int:
        """The calling user. Raises Refused (401) for an application."""
        if self.caller.user is None:
            raise unauthorized("This call needs a user's access token")
        return self.caller.user

    def path_id(self, name: str) -> int:
        """A number in the path; anything else is an unknown id, hence 401."""
        value = self.path[name]
        if not (value.isascii() and value.isdigit() and len(value) <= 18):
            raise unauthorized()
        return int(value)

    def reach(self) -> Reach:
        """The caller's groups."""
        return Reach(self.context, self.caller)

    def as_application(self) -> Call:
        """The same call, made by an application. Raises Refused (401) when it is not."""
        caller = _caller(self.context, self.request, self.parameters, Who.APPLICATION)
        return replace(self, caller=caller)


def _caller(context: Context, request: Request, parameters: Parameters, who: Who) -> Caller:
    return identify(
        context,
        who,
        token=bearer_token(request.headers.get("authorization")) or parameters.text("access_token"),
        application_token=parameters.text("application_access_token"),
        device_group_token=parameters.text("devicegroup_token"),
    )


Handler = Callable[[Call], Response | Awaitable[Response]]


@dataclass(frozen=True)
class Operation:
    """A documented operation, named by its id of the operations table."""

    id: str
    method: str
    path: str
    handler: Handler
    who: Who = Who.USER
    body_limit: int = SMALL_BODY
    also: tuple[str, ...] = field(default=())
    """Ids of further operations that share method and path."""


def _wanted_method(request: Request, parameters: Parameters) -> str:
    """`_method` in a POST's form body replaces the method, for queries too long for a URL.

    The vendor's guide says "in the request header", every client puts it into the body
    (reference/igtimi.md section 3): the body is what counts.
    """
    if request.method != "POST":
        return request.method
    wanted = (parameters.text("_method") or "POST").upper()
    if wanted not in _METHODS:
        raise bad_request("_method is no HTTP method")
    return wanted


async def _answer(
    context: Context, operations: Mapping[str, Operation], request: Request
) -> Response:
    limit = max(operation.body_limit for operation in operations.values())
    parameters, body = await read_parameters(request, limit)
    operation = operations.get(_wanted_method(request, parameters))
    if operation is None:
        raise Refused(405, "method_not_allowed", f"Only {', '.join(operations)} here")
    if len(body) > operation.body_limit:
        raise Refused(413, "too_large", f"the body is longer than {operation.body_limit} bytes")
    caller = _caller(context, request, parameters, operation.who)
    call = Call(context, request, caller, parameters, body, request.path_params)
    answer = operation.handler(call)
    return await answer if inspect.isawaitable(answer) else answer


def _route(context: Context, path: str, operations: Mapping[str, Operation]) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return await _answer(context, operations, request)
        except Refused as refused:
            return refused.response()

    return Route(path, endpoint, methods=list(_METHODS))


def routes_of(context: Context, operations: Iterable[Operation]) -> list[BaseRoute]:
    """One route a path, in the order in which the paths first appear."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return [_route(context, path, methods) for path, methods in by_path.items()]
