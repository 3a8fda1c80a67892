"""Addresses and answers: `POST /api/1/<function>/<parameter>/...`, always `{code, response}`."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tui.embedded.context import Context
from tui.embedded.forms import FormError, form_fields
from tui.embedded.ticktocker import accounts, feeds, tocks
from tui.embedded.ticktocker.codes import Code, Refusal, invalid, missing
from tui.embedded.ticktocker.submit import submit

Fields = Mapping[str, str]
Parameters = Sequence[str]
Content = dict[str, object]
Function = Callable[[Context, Fields, Parameters], Content]

_API_VERSION = 1


def failure(_request: Request, status: int, words: str) -> Response:
    """The service's own error form; what has no code of its own has simply failed."""
    return _response(_refused(Refusal(Code.FAIL, words)), status)


def routes(context: Context) -> list[BaseRoute]:
    """The endpoint with all its functions, and the authors' pictures."""

    async def call(request: Request) -> Response:
        try:
            given = await form_fields(request)
            name, *parameters = _path(request)
            function = FUNCTIONS.get(name or "version")
            if function is None:
                raise HTTPException(404)
            return _response(function(context, given, parameters))
        except FormError as error:
            return _response(_refused(invalid(str(error))), 400)
        except Refusal as refusal:
            return _response(_refused(refusal, quirks=context.quirks))

    async def picture(request: Request) -> Response:
        letter = html.escape(str(request.path_params["url"])[:1].upper())
        return Response(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><text x="1" y="7"'
            f' font-size="8">{letter}</text></svg>',
            media_type="image/svg+xml",
        )

    return [
        Route("/api/1", call, methods=["POST"]),
        Route("/api/1/{call:path}", call, methods=["POST"]),
        Route("/avatars/{url}.svg", picture, methods=["GET"]),
    ]


def _getapikey(context: Context, given: Fields, _parameters: Parameters) -> Content:
    accounts.check_application(context, given)
    return _ok(accounts.api_key(context, given))


def _version(context: Context, given: Fields, _parameters: Parameters) -> Content:
    accounts.check_application(context, given)
    user = accounts.logged_in(context, given)
    calls = 0
    if user is not None:
        if user["banned"]:
            raise Refusal(Code.NO_AUTH, "This user is banned.")
        calls = accounts.spend(context, user, calls=0)
    return _ok(
        {
            "api_version": str(_API_VERSION) if context.quirks else _API_VERSION,
            "logged_in": user is not None,
            "application": accounts.APPLICATION,
            "calls": str(calls) if context.quirks else calls,
        }
    )


def _tock(context: Context, given: Fields, parameters: Parameters) -> Content:
    user = _caller(context, given)
    short_url = _at(parameters, 0)
    if not short_url:
        raise missing("short_url")
    found = tocks.find(context, user, short_url)
    if found is None:
        raise Refusal(Code.NONE, f"There is no tock {short_url[:60]}.")
    if not found.visible_to(user):
        raise Refusal(Code.NO_AUTH, "This tock is private.")
    tock = tocks.whole(context, found)
    return _ok({"tock": _loosened(tock) if context.quirks else tock})


def _follow(context: Context, given: Fields, parameters: Parameters) -> Content:
    user = _caller(context, given)
    user_url = _at(parameters, 0)
    if not user_url:
        raise missing("user_url")
    author = feeds.author_id(context, user_url)
    if author == user:
        raise invalid("You can not follow yourself.")
    with context.database.write() as connection:
        pair = (user, author)
        gone = connection.execute(
            "DELETE FROM ticktocker_follows WHERE user_id = ? AND author_id = ?", pair
        ).rowcount
        if not gone:
            connection.execute("INSERT INTO ticktocker_follows VALUES (?, ?)", pair)
    if context.quirks:
        # The page documents no answer but the code.
        return {"code": int(Code.OK)}
    return _ok({"author_url": user_url, "author_followed": int(not gone)})


def _community(context: Context, given: Fields, parameters: Parameters) -> Content:
    user = _caller(context, given)
    found = feeds.community(context, user, _at(parameters, 0), _at(parameters, 1))
    stream = _stream(context, found)
    return _ok(stream) if context.quirks else _ok({"tocks": stream})


def _me(context: Context, given: Fields, parameters: Parameters) -> Content:
    user = _caller(context, given)
    scope, order, page = (_at(parameters, index) for index in range(3))
    stream = _stream(context, feeds.me(context, user, scope, order, page))
    if context.quirks and not stream:
        return {"code": int(Code.NONE), "response": []}
    return _ok({"stream" if context.quirks else "tocks": stream})


def _user(context: Context, given: Fields, parameters: Parameters) -> Content:
    user = _caller(context, given)
    author, order, page = (_at(parameters, index) for index in range(3))
    if not author:
        raise missing("user_url")
    stream = _stream(context, feeds.of_user(context, user, author, order, page))
    if context.quirks:
        # The page's text calls the second item `result`, its samples call it `response`.
        return {"code": int(Code.OK), "result": {"tock": stream}}
    return _ok({"tocks": stream})


def _submit(context: Context, given: Fields, _parameters: Parameters) -> Content:
    accounts.check_application(context, given)
    user = accounts.require_user(context, given)
    accounts.spend(context, user)
    short_url = submit(context, user, given)
    return _ok(short_url if context.quirks else {"short_url": short_url})


FUNCTIONS: dict[str, Function] = {
    "getapikey": _getapikey,
    "version": _version,
    "tock": _tock,
    "follow": _follow,
    "community": _community,
    "me": _me,
    "user": _user,
    "submit": _submit,
}


def _caller(context: Context, given: Fields) -> int:
    accounts.check_application(context, given)
    user = accounts.require_user(context, given)
    accounts.spend(context, user)
    return int(user["id"])


def _stream(context: Context, found: Sequence[tocks.Seen]) -> list[Content]:
    stream = [tocks.in_stream(context, tock) for tock in found]
    return [_loosened(tock) for tock in stream] if context.quirks else stream


def _loosened(tock: Content) -> Content:
    """Numbers as digit strings, which is how databases of that time gave them to the page."""
    return {name: str(value) if isinstance(value, int) else value for name, value in tock.items()}


def _path(request: Request) -> list[str]:
    raw: bytes = request.scope.get("raw_path", b"")
    path = raw.decode("latin-1").partition("/api/1")[2].strip("/")
    try:
        return [unquote(part, errors="strict") for part in path.split("/")]
    except UnicodeDecodeError as error:
        raise invalid("The address is not URL-encoded UTF-8.") from error


def _at(parameters: Parameters, index: int) -> str:
    return parameters[index] if index < len(parameters) else ""


def _ok(content: object) -> Content:
    return {"code": int(Code.OK), "response": content}


def _refused(refusal: Refusal, *, quirks: bool = False) -> Content:
    content: Content = {"code": int(refusal.code)}
    if refusal.code is Code.NONE or not quirks:
        # Only code 0 is said to have an error text; the others have it as a courtesy.
        content["response"] = {"error": refusal.words}
    return content


def _response(content: Content, status: int = 200) -> Response:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Response(body, status, media_type="application/json")
