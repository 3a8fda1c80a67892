"""Logging in with OAuth 2: the two calls, and the whole way from a browser to a token.

Source: Igtimi API document, OAuth 2; reference "OAuth and HTTP". Works on one's own machine (the
browser comes back to 127.0.0.1), and over SSH (the code, or the address that the browser could
not open, is pasted).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from tui.services.client import decode_json
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    ProtocolViolation,
    Refused,
    TimedOut,
    error_of_status,
    is_breakdown,
    is_too_early,
)
from tui.services.guarded import Guarded
from tui.services.igtimi.dialect import OUT_OF_BAND, Dialect, IgtimiResource, spoken
from tui.services.igtimi.loopback import LoopbackListener, is_loopback
from tui.services.igtimi.records import AccessToken
from tui.services.operation import operation
from tui.services.reading import read
from tui.services.wire import Request, pairs

__all__ = ["OUT_OF_BAND", "Authorization", "OAuth", "code_of", "log_in"]

PATIENCE = 300.0
"""Seconds that a person has in the browser."""


class Authorization(Guarded, frozen=True, kw_only=True):
    """Where a person allows the access. `code` or `access_token` when that needed nobody."""

    url: str
    code: str | None = None
    access_token: str | None = None
    state: str | None = None


class OAuth(IgtimiResource):
    """The two calls of OAuth 2. Neither is signed."""

    @operation("igtimi.oauth.authorize", "read")
    async def authorize(
        self,
        response_type: Literal["code", "token"],
        client_id: str | None = None,
        redirect_uri: str | None = None,
        *,
        state: str | None = None,
    ) -> Authorization:
        """Ask for a user's permission; the answer's url is to be opened in a browser.

        Where the service redirects at once, the code or token is in the answer already.
        Errors: AuthenticationFailed when the application or the redirect address is not known.
        Source: Igtimi API document, OAuth 2: Authorize.

        Args:
            response_type: A code to exchange for a token, or the token itself.
            client_id: The application's id; the configured one when left out.
            redirect_uri: A registered address, or urn:ietf:wg:oauth:2.0:oob for a page; the
                configured one when left out.
            state: Any text; comes back unchanged.
        """
        client_id = client_id or self._client.client_id
        redirect_uri = redirect_uri or self._client.redirect_uri
        if not (client_id and redirect_uri):
            raise InvalidArgument("client_id or redirect_uri is neither given nor configured")
        request = _authorization(response_type, client_id, redirect_uri, state)
        answer = await self._client.send(request)
        url = await self._client.transport.page(request)
        if answer.status >= 400:
            raise _refusal(spoken(answer) or "the service refuses the application", answer.status)
        target = answer.headers.get("location", "")
        if not (300 <= answer.status < 400 and target.startswith(redirect_uri)):
            return Authorization(url=url, state=state)
        found = _handed_back(target)
        if "error" in found:
            raise _refusal(found.get("error_description") or found["error"], None, found["error"])
        return Authorization(
            url=url,
            code=found.get("code"),
            access_token=found.get("access_token"),
            state=found.get("state"),
        )

    @operation("igtimi.oauth.token", "write")
    async def token(
        self,
        grant_type: Literal["authorization_code", "client_credentials"],
        *,
        code: str | None = None,
        redirect_uri: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
    ) -> AccessToken:
        """Exchange a code, or the application's own credentials, for an access token.

        The application's id and secret are sent for both kinds of grant, as real clients do.
        Errors: AuthenticationFailed with the service's words (invalid_grant, invalid_client).
        Source: Igtimi API document, OAuth 2: Access Token; reference "OAuth and HTTP".

        Args:
            grant_type: What is exchanged.
            code: The code, for authorization_code.
            redirect_uri: The address that the code was asked for with; the configured one when
                left out.
            client_id: The application's id; the configured one when left out.
            client_secret: The application's secret; the configured one when left out.
        """
        if grant_type == "authorization_code":
            redirect_uri = redirect_uri or self._client.redirect_uri
            if not (code and redirect_uri):
                raise InvalidArgument("authorization_code needs code and redirect_uri")
        form = pairs(
            {
                "grant_type": grant_type,
                "code": code,
                "redirect_uri": redirect_uri,
                "client_id": client_id or self._client.client_id or None,
                "client_secret": client_secret or self._client.client_secret or None,
            }
        )
        answer = await self._client.send(Request("POST", "/oauth/token", form=form))
        if is_breakdown(answer.status) or is_too_early(answer.status):
            raise error_of_status(answer.status, spoken(answer))
        try:
            content = decode_json(answer)
        except ProtocolViolation:
            if answer.status < 400:
                raise
            raise _refusal(spoken(answer) or "the log-in was refused", answer.status) from None
        # A refusal holds `error`, whatever the status is.
        if answer.status >= 400 or (isinstance(content, dict) and content.get("error")):
            error = content.get("error") if isinstance(content, dict) else None
            raise _refusal(spoken(answer) or "the log-in was refused", answer.status, error)
        token: AccessToken = read(AccessToken, content)
        return token


def _authorization(
    response_type: str, client_id: str, redirect_uri: str, state: str | None
) -> Request:
    return Request(
        "GET",
        "/oauth/authorize",
        query=pairs(
            {
                "response_type": response_type,
                "client_id": client_id,
                "redirect_uri": redirect_uri,
                "state": state,
            }
        ),
        accept="text/html, */*",
    )


def _refusal(words: str, status: int | None, code: object = None) -> AuthenticationFailed:
    return AuthenticationFailed(
        words[:500],
        status=status,
        code=str(code) if code else None,
        advice="Check client id, client secret and redirect address, then log in again.",
    )


def _handed_back(address: str) -> dict[str, str]:
    """What an address that the service redirects to carries, in its query or its fragment."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return {}
    found = parse_qs(parts.query) | parse_qs(parts.fragment)
    return {name: values[0] for name, values in found.items()}


def code_of(pasted: str, state: str) -> str:
    """The code in what a person pasted: the code alone, or the whole address of the last page.

    Raises Refused for an address that has no code, or belongs to another log-in.
    """
    text = pasted.strip()
    if "://" not in text and "code=" not in text:
        if not text or any(character.isspace() for character in text):
            raise Refused("that is no code", advice="Paste the code, or the page's whole address.")
        return text
    found = _handed_back(text if "://" in text else f"?{text.lstrip('?')}")
    if "error" in found:
        raise _refusal(found.get("error_description") or found["error"], None, found["error"])
    if "code" not in found:
        raise Refused("that address has no code", advice="Paste the last page's whole address.")
    if not hmac.compare_digest(found.get("state", "").encode(), state.encode()):
        raise Refused("that address belongs to another log-in", advice="Begin the log-in again.")
    return found["code"]


async def log_in(
    client: Dialect,
    *,
    show: Callable[[str], None],
    pasted: Callable[[], Awaitable[str]] | None = None,
    redirect_uri: str | None = None,
    patience: float = PATIENCE,
) -> AccessToken:
    """The whole log-in; the client has the token afterwards.

    `show` gets the address that the person is to open. The redirect address is the configured
    one when left out; with one on 127.0.0.1 a listener waits for the browser, on its port or,
    without one, on a free port. `pasted` is awaited for what the person pastes, beside the
    listener or alone.
    Errors: AuthenticationFailed, TimedOut after `patience` seconds, InvalidArgument when there
    is no way for the code to come back.
    """
    if not (client.client_id and client.client_secret):
        raise AuthenticationFailed(
            "the log-in needs the application's client id and secret",
            advice="Configure client_id and client_secret of [igtimi].",
        )
    state = secrets.token_urlsafe(24)
    redirect_uri = redirect_uri or client.redirect_uri or OUT_OF_BAND
    listening = is_loopback(redirect_uri)
    if not listening and pasted is None:
        raise InvalidArgument("without a loopback address the code must be pasted")
    listener = LoopbackListener(state, redirect_uri) if listening else None
    try:
        address = await listener.start() if listener else redirect_uri
        request = _authorization("code", client.client_id, address, state)
        show(await client.transport.page(request))
        async with asyncio.timeout(patience):
            code = await _first_code(listener, pasted, state)
    except TimeoutError:
        raise TimedOut("nobody came back from the browser in time") from None
    finally:
        if listener:
            await listener.close()
    token = await OAuth(client).token("authorization_code", code=code, redirect_uri=address)
    client.access_token = token.access_token
    return token


async def _first_code(
    listener: LoopbackListener | None,
    pasted: Callable[[], Awaitable[str]] | None,
    state: str,
) -> str:
    """The code from whichever way brings one first; the other way is given up."""

    async def from_person(ask: Callable[[], Awaitable[str]]) -> str:
        return code_of(await ask(), state)

    ways: list[asyncio.Task[str]] = []
    if listener:
        ways.append(asyncio.create_task(listener.code()))
    if pasted:
        ways.append(asyncio.create_task(from_person(pasted)))
    try:
        ready, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(ready)).result()
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
