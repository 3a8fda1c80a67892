"""The one entry point `/live/api.php`: which request, by whom, answered in which envelope.

Source: reference TimeTonic, 1 (transport) and 4 (errors).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.timetonic import (
    books,
    comments,
    compute,
    events,
    history,
    messages,
    rows,
    sessions,
    tables,
    tokens,
    uploads,
    users,
    values,
    writes,
)
from tui.embedded.timetonic.call import NOBODY, Call, merge
from tui.embedded.timetonic.envelope import (
    JsonObject,
    NoContent,
    Refusal,
    accepted,
    documentation_page,
    environment,
    json_response,
    refused,
)
from tui.embedded.timetonic.parameters import Parameters, read_parameters
from tui.embedded.timetonic.quirks import quirky_answer
from tui.embedded.timetonic.sessions import authenticate

OPERATIONS = merge(
    sessions.OPERATIONS,
    users.OPERATIONS,
    books.OPERATIONS,
    messages.OPERATIONS,
    events.OPERATIONS,
    tables.OPERATIONS,
    values.OPERATIONS,
    rows.OPERATIONS,
    compute.OPERATIONS,
    writes.OPERATIONS,
    history.OPERATIONS,
    comments.OPERATIONS,
    tokens.OPERATIONS,
    uploads.OPERATIONS,
)
"""Every documented value of `req`; files by URL are the fortieth operation."""

_KNOWN = merge(OPERATIONS, writes.UNDOCUMENTED)


async def answer(context: Context, request: Request) -> Response:
    """Answer one request of the entry point."""
    where = environment(request.scope["path"])
    try:
        parameters = await read_parameters(request)
    except Refusal as refusal:
        return json_response(refused(refusal, "", where, older=context.quirks))
    name = parameters.values.get("req")
    if not isinstance(name, str) or name not in _KNOWN:
        return documentation_page(name if isinstance(name, str) else None)
    pretty = "JSON_PRETTY_PRINT" in parameters.values
    try:
        payload = _perform(context, name, where, parameters)
    except NoContent:
        return Response(status_code=204)
    except Refusal as refusal:
        older = context.quirks or _KNOWN[name].log_in
        return json_response(refused(refusal, name, where, older=older), pretty=pretty)
    if context.quirks and payload:
        payload = quirky_answer(payload)
    return json_response(accepted(payload, name, where), pretty=pretty)


def _perform(context: Context, name: str, where: str, parameters: Parameters) -> JsonObject:
    """Check the session and its restrictions, and do it. Raises Refusal, NoContent."""
    operation = _KNOWN[name]
    session = authenticate(context, parameters) if operation.session else NOBODY
    operation.check(session.restrictions)
    return operation.handler(Call(context, name, where, parameters, session))
