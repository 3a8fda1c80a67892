"""The door: everybody who speaks to the embedded services proves that they know the secret.

The secret is `deck_token` of credentials.json, which only its owner reads (mode 0600). It is never
sent. What is said on the wire, all of it over HTTP/1.1:

1. On each connection that it opens a client first asks `GET /_deck/door` with the header
   `Tockdeck-Nonce: C`, 16 to 128 characters of `A-Za-z0-9_-` that it uses once. The answer is
   `{"nonce": S, "proof": P}`, P being the HMAC-SHA256 under the secret, in hexadecimal digits, of
   the five lines `tockdeck door 1`, `server`, ADDRESS, C, S (joined by newlines). ADDRESS is where
   the server listens, such as `127.0.0.1:8021`: an answer that was passed on from another port
   proves nothing. A client says nothing more where P is wrong: it may have met whoever took
   the port of a server that was killed.
2. On one such connection it asks `GET /_deck/presence` with `Tockdeck-Nonce: C`,
   `Tockdeck-Challenge: S` and `Tockdeck-Proof:` the HMAC of the same lines with `deck` in place of
   `server`. The answer is a stream that stays open; its first line is JSON and holds `session`.
3. Every other request and every websocket carries `Tockdeck-Session: <session>`. A session ends
   with its presence stream, and with the server.

Whoever does not is answered 403 and nothing else, and does not keep the process alive. Before
all of this: the Host has to be a name that this server answers for (its own loopback address and
`localhost`, with its port, or one that was written into the configuration), and an Origin, where
there is one (and there may be one only), has to be that of the Host. So a page of another site
reaches nothing, whatever name it gives to this machine. Pages for people are the one other way in:
see pages.py.

It is one ASGI application around another: what is served behind it, later listeners' pages
included, need not know of it.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tui.embedded.pages import Pages
from tui.hosts import are_origin_of, authority, own_names

CHALLENGE_PATH = "/_deck/door"
PRESENCE_PATH = "/_deck/presence"
NONCE_HEADER = "tockdeck-nonce"
CHALLENGE_HEADER = "tockdeck-challenge"
PROOF_HEADER = "tockdeck-proof"
SESSION_HEADER = "tockdeck-session"

CHALLENGE_SECONDS = 10.0
"""How long a challenge may be answered; it is good for one answer."""

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)
_CHALLENGE = re.compile(r"(\d{1,15})-[0-9a-f]{64}", re.ASCII)

NOT_OURS = "This server does not answer for that name."
FOREIGN = "Pages of other sites have no business here."
CLOSED = "The embedded services speak only with who proves that they know their secret."


def proof(secret: str, side: str, address: str, nonce: str, challenge: str) -> str:
    """What shows that `side` (`server` or `deck`) knows the secret, for this address alone."""
    lines = ("tockdeck door 1", side, address, nonce, challenge)
    return hmac.new(secret.encode(), "\n".join(lines).encode(), sha256).hexdigest()


class Door:
    """Lets requests through to what it stands before, by session or as a page."""

    def __init__(
        self,
        secret: str,
        pages: Pages,
        *,
        names: Iterable[str] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secret = secret
        self._pages = pages
        self._names = frozenset(name.lower() for name in names)
        self._monotonic = monotonic
        self._own = secrets.token_hex(16)
        """Known to this process alone: tells its own challenges from others."""
        self._spent: dict[str, float] = {}
        self._sessions: set[str] = set()

    @contextmanager
    def session(self) -> Iterator[str]:
        """A new session, which ends with the block."""
        token = secrets.token_urlsafe(24)
        digest = _digest(token)
        self._sessions.add(digest)
        try:
            yield token
        finally:
            self._sessions.discard(digest)

    def before(self, inner: ASGIApp) -> ASGIApp:
        """An application that passes on to `inner` what may come in."""

        async def door(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await inner(scope, receive, send)
                return
            headers = Headers(scope=scope)
            answer = self._misdirected(scope, headers)
            if answer is None and scope["path"] == CHALLENGE_PATH:
                answer = self._challenge(scope, headers)
            if answer is None and self._known(scope, headers):
                await inner(scope, receive, send)
            elif answer is None and self._pages.concern(scope):
                await self._pages.visit(inner, scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await (answer or _refusal(403, CLOSED))(scope, receive, send)

        return door

    def _misdirected(self, scope: Scope, headers: Headers) -> Response | None:
        """A refusal of what was sent to another name, or by a page of another site."""
        hosts = headers.getlist("host")
        host = hosts[0].lower() if len(hosts) == 1 else ""
        if host not in self._own_names(scope):
            return _refusal(421, NOT_OURS)
        if not are_origin_of(headers.getlist("origin"), host):
            return _refusal(403, FOREIGN)
        return None

    def _known(self, scope: Scope, headers: Headers) -> bool:
        """True for who has proven that they know the secret."""
        if scope["path"] == PRESENCE_PATH:
            return scope["type"] == "http" and self._proven(scope, headers)
        return _digest(headers.get(SESSION_HEADER, "")) in self._sessions

    def _own_names(self, scope: Scope) -> frozenset[str]:
        return self._names | own_names(*scope["server"])

    def _challenge(self, scope: Scope, headers: Headers) -> Response:
        nonce = headers.get(NONCE_HEADER, "")
        if scope["type"] != "http" or not _NONCE.fullmatch(nonce):
            return _refusal(400, CLOSED)
        moment = round(self._monotonic() * 1000)
        challenge = f"{moment}-{self._mark(moment, nonce)}"
        address = authority(*scope["server"])
        shown = proof(self._secret, "server", address, nonce, challenge)
        return _json({"nonce": challenge, "proof": shown}, 200)

    def _proven(self, scope: Scope, headers: Headers) -> bool:
        nonce, challenge = headers.get(NONCE_HEADER, ""), headers.get(CHALLENGE_HEADER, "")
        found = _CHALLENGE.fullmatch(challenge)
        if found is None or not _NONCE.fullmatch(nonce):
            return False
        now, moment = self._monotonic(), int(found[1])
        if now - moment / 1000 > CHALLENGE_SECONDS or challenge in self._spent:
            return False
        ours = f"{moment}-{self._mark(moment, nonce)}"
        address = authority(*scope["server"])
        wanted = proof(self._secret, "deck", address, nonce, challenge)
        given = headers.get(PROOF_HEADER, "")
        if not (_same(challenge, ours) and _same(given, wanted)):
            return False
        self._spent = {
            spent: end for spent, end in self._spent.items() if now - end <= CHALLENGE_SECONDS
        }
        self._spent[challenge] = now
        return True

    def _mark(self, moment: int, nonce: str) -> str:
        """Makes a challenge this process's own without its being kept: strangers ask for many."""
        return hmac.new(self._own.encode(), f"{moment}\n{nonce}".encode(), sha256).hexdigest()


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _json(content: object, status: int) -> Response:
    # A client reads this from a bare socket, and stops at its length.
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})


def _refusal(status: int, words: str) -> Response:
    return _json({"error": words}, status)


def content_of(body: bytes) -> dict[str, object]:
    """The JSON object of an answer of the door; empty where it is none."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
