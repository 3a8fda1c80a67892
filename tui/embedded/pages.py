"""Pages for people: opened in a browser, which has no way to prove that it knows the secret.

A page opens by an address that is good for one visit and for the one path and query that it was
made for (`once=KEY`, ten minutes). Addresses are made by a service for an answer to who has
proven that they know the secret, or by the control call `POST /_deck/page`. The visit is answered
with a cookie and a redirect to the same page under `page=ID`, an address that no command line
and no list of processes shows; from then on both are needed, for an hour:

- the cookie alone will not do: cookies are not kept apart by port, so another user's server on
  this machine is sent it as well. It never learns the ID.
- the ID alone will not do: it may be read over a shoulder, or in a history.

A form is taken from such a page only: with ID, cookie, and the token that its page was given as
the hidden field `token`, which no page of another origin can read. An Origin has to be our own
where there is one, as for every request (door.py). Text browsers such as w3m send none, and run
no scripts: ID, cookie and token are what they can do, and are enough. A browser without cookies
is told so. Pages load nothing from anywhere and cannot be framed.
"""

from __future__ import annotations

import hmac
import html
import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ONCE, PAGE, TOKEN = "once", "page", "token"
ONCE_SECONDS = 600.0
PAGE_SECONDS = 3600.0
MOST = 200
"""Addresses, and pages, that are open at a time; the oldest go."""
FORM_LIMIT = 65_536
"""Bytes of a form on a page."""

_STATE = "tockdeck.page"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that a browser sends `Origin: null` with a form.
    "Referrer-Policy": "same-origin",
}

_USED = "This address was used already, or is too old. Ask for a new one in the deck."
_UNKNOWN = (
    "This page opens by a new address from the deck, and only in the browser that opened it."
    " A browser has to keep cookies for it (w3m: -cookie)."
)
_NO_FORM = "This form did not come from the page that it belongs to. Open the page anew."


@dataclass(frozen=True)
class Page:
    """A page that is open in a browser."""

    target: str
    """The path and query that it is for."""
    cookie: tuple[str, str]
    token: str
    """What a form on it has to bring along."""
    address: str
    """Path and query where it stands open."""
    until: float

    def form(self, content: str) -> str:
        """A form of the page, sent to where it stands; `content` is HTML."""
        return (
            f'<form method="post" action="{html.escape(self.address)}">'
            f'<input type="hidden" name="{TOKEN}" value="{html.escape(self.token)}">'
            f"{content}</form>"
        )


def page_of(request: Request) -> Page | None:
    """The page that a request was made on; None for a client that has proven itself."""
    page: Page | None = request.scope.get(_STATE)
    return page


def page_response(title: str, content: str, status: int = 200) -> HTMLResponse:
    """A whole page. `content` is HTML: whatever came from elsewhere is escaped in it already."""
    body = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<h1>{html.escape(title)}</h1>{content}</html>"
    )
    return HTMLResponse(body, status, headers=_HEADERS)


class Pages:
    """The addresses that wait for their one visit, and the pages that are open."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._once: dict[str, tuple[str, float]] = {}
        self._open: dict[str, Page] = {}
        self._numbers = itertools.count(1)

    def address(self, target: str) -> str:
        """Path and query by which `target`, a path and query, can be opened once."""
        key = secrets.token_urlsafe(24)
        now = self._monotonic()
        kept = [(old, what) for old, what in self._once.items() if what[1] > now][1 - MOST :]
        self._once = dict(kept) | {key: (target, now + ONCE_SECONDS)}
        return _with(target, ONCE, key)

    def concern(self, scope: Scope) -> bool:
        """True when a request without a session claims to be a visit to a page."""
        return scope["type"] == "http" and any(name in (ONCE, PAGE) for name, _ in _query(scope))

    async def visit(self, inner: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Open a page, show it, or take a form from it."""
        keys, target, method = dict(_query(scope)), _target(scope), scope["method"]
        if ONCE in keys and method == "GET":
            await self._begin(keys[ONCE], target)(scope, receive, send)
            return
        page = self._found(Request(scope), keys.get(PAGE, ""), target)
        if page is None:
            await _refusal("Not open", _UNKNOWN)(scope, receive, send)
        elif method == "GET":
            await inner({**scope, _STATE: page}, receive, send)
        elif method == "POST":
            body = await _body(receive)
            if body is None or not _same(_field(scope, body), page.token):
                await _refusal("Not taken", _NO_FORM)(scope, receive, send)
                return
            await inner({**scope, _STATE: page}, _again(body, receive), send)
        else:
            await _refusal("Not possible", _NO_FORM)(scope, receive, send)

    def _begin(self, key: str, target: str) -> Response:
        now = self._monotonic()
        wanted, until = self._once.pop(key, ("", 0.0))
        if wanted != target or until <= now:
            return _refusal("Not open any more", _USED)
        number = secrets.token_urlsafe(24)
        cookie = (f"tockdeck-{next(self._numbers)}", secrets.token_urlsafe(24))
        address = _with(target, PAGE, number)
        page = Page(target, cookie, secrets.token_urlsafe(24), address, now + PAGE_SECONDS)
        kept = [(old, what) for old, what in self._open.items() if what.until > now][1 - MOST :]
        self._open = dict(kept) | {number: page}
        answer = RedirectResponse(address, 303, headers=_HEADERS)
        answer.set_cookie(
            *cookie,
            max_age=int(PAGE_SECONDS),
            path=target.partition("?")[0],
            httponly=True,
            samesite="strict",
        )
        return answer

    def _found(self, request: Request, number: str, target: str) -> Page | None:
        page = self._open.get(number)
        if page is None or page.target != target or page.until <= self._monotonic():
            return None
        name, value = page.cookie
        return page if _same(_cookie(request, name), value) else None


def _refusal(title: str, words: str) -> Response:
    return page_response(title, f"<p>{html.escape(words)}</p>", 403)


def _query(scope: Scope) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=50
        )
    except ValueError:
        return []


def _target(scope: Scope) -> str:
    """Path and query as `Pages.address` was given them."""
    path: str = scope["raw_path"].decode("latin-1")
    parts = scope["query_string"].decode("latin-1").split("&")
    kept = [part for part in parts if part.partition("=")[0] not in ("", ONCE, PAGE)]
    return f"{path}?{'&'.join(kept)}" if kept else path


def _with(target: str, name: str, value: str) -> str:
    return f"{target}{'&' if '?' in target else '?'}{name}={value}"


def _cookie(request: Request, name: str) -> str:
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return "" if found is None else found.value


def _field(scope: Scope, body: bytes) -> str:
    kind = Request(scope).headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return ""
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=200)).get(TOKEN, "")
    except ValueError:
        return ""


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when it is more than a form may be, or the browser has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > FORM_LIMIT:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives out a body that was read already."""
    waiting = [body]

    async def again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return again


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
