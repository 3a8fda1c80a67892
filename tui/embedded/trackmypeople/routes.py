"""Addresses, authentication and the error form.

`/api/<function>.<format>`, by POST with form fields or by GET with path pairs
`/name/value/name/value`; the suffix may be dropped where no pairs follow, and means XML then.
"""

from __future__ import annotations

from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tui.embedded.context import Context
from tui.embedded.forms import FormError, form_fields
from tui.embedded.pages import page_response
from tui.embedded.trackmypeople.access import CHALLENGE, authenticated
from tui.embedded.trackmypeople.actions import ACTIONS, Answer
from tui.embedded.trackmypeople.editing import edit_page
from tui.embedded.trackmypeople.fields import Refusal
from tui.embedded.trackmypeople.wire import FORMATS, encode

_MOST_PAIRS = 50


def failure(request: Request, status: int, words: str) -> Response:
    """The service's own error form, in the format that the address asks for."""
    kind = "json" if ".json" in request.url.path else "xml"
    return _response({"result": 0, "error": words}, kind, status=status)


def routes(context: Context) -> list[BaseRoute]:
    """The functions, and the pages that their answers point to."""

    async def call(request: Request) -> Response:
        return await _call(context, request)

    async def edit(request: Request) -> Response:
        return await edit_page(context, request)

    async def download(_request: Request) -> Response:
        return page_response(
            "Widgets", "<p>The newest widget of each platform is offered here.</p>"
        )

    return [
        Route("/api/{call:path}", call, methods=["GET", "POST"]),
        Route("/block/edit/id/{number:int}", edit, methods=["GET", "POST"]),
        Route("/download", download, methods=["GET"]),
    ]


async def _call(context: Context, request: Request) -> Response:
    raw: bytes = request.scope.get("raw_path", b"")
    parts = raw.decode("latin-1").partition("/api/")[2].split("/")
    name, dot, suffix = parts[0].partition(".")
    kind = suffix if suffix in FORMATS else "xml"

    def answer(content: Answer, status: int = 200) -> Response:
        return _response(content, kind, status=status, quirks=context.quirks)

    if dot and suffix not in FORMATS:
        return answer({"result": 0, "error": f"There is no format {unquote(suffix)[:40]}."}, 404)
    action = ACTIONS.get(name)
    if action is None:
        return answer({"result": 0, "error": f"There is no function {unquote(name)[:40]}."}, 404)
    if not authenticated(context, request):
        response = answer({"result": 0, "error": "Wrong username or password."}, 401)
        response.headers.update(CHALLENGE)
        return response
    try:
        given = _pairs(parts[1:])
        if given and not dot:
            raise Refusal("The format can not be left out when parameters are passed.")
        if request.method == "POST":
            given |= await form_fields(request)
        return answer(action(context, given))
    except FormError as error:
        return answer({"result": 0, "error": str(error)}, 400)
    except Refusal as refusal:
        content: Answer = {"result": 0, "error": refusal.error}
        if refusal.url is not None:
            content["url"] = refusal.url
        return answer(content)


def _pairs(parts: list[str]) -> dict[str, str]:
    if parts and not parts[-1] and len(parts) % 2:
        # A slash at the end is no parameter.
        parts = parts[:-1]
    if len(parts) % 2:
        raise Refusal("Parameters come in pairs of a name and a value.")
    if len(parts) > 2 * _MOST_PAIRS:
        raise Refusal("That are too many parameters.")
    try:
        decoded = [unquote(part, errors="strict") for part in parts]
    except UnicodeDecodeError as error:
        raise Refusal("The parameters are not URL-encoded UTF-8.") from error
    return dict(zip(decoded[::2], decoded[1::2], strict=True))


def _response(content: Answer, kind: str, *, status: int = 200, quirks: bool = False) -> Response:
    body = encode(content, kind, quirks=quirks)
    return Response(body, status, media_type=FORMATS[kind])
