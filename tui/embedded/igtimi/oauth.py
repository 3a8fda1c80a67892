"""OAuth 2 (seed document, "OAuth 2"; reference/igtimi.md section 5).

There is one application, with the client id and secret of credentials.json, and whoever may come
in is the sample user. A client that has proven itself (door.py) is asked nothing more; a person
who opened the authorize page in a browser by its one-use address allows it with a form there.
The password of the sample user is its access token, so that there is one secret to know.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import html
import secrets
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.responses import RedirectResponse, Response

from tui.embedded.context import Context
from tui.embedded.igtimi.access import SAMPLE_USER, Who, token_digest
from tui.embedded.igtimi.answers import Refused, json_answer, now_milliseconds
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.pages import Page, page_of, page_response

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""Shows the code or token on a page, for programs that cannot be redirected to."""

REGISTERED = (
    OUT_OF_BAND,
    "http://127.0.0.1/",
    "http://127.0.0.1/callback",
    "http://localhost/",
    "http://localhost/callback",
    "http://[::1]/",
    "http://[::1]/callback",
)
"""The application's redirect addresses. On loopback any port will do (RFC 8252, section 7.3)."""

CODE_SECONDS = 600
TOKENS = 50
"""Tokens of one user that are good at a time."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_registered(address: str) -> bool:
    """True when an answer may be redirected there."""
    if address in REGISTERED:
        return True
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        # Reading the port raises for one that is no number.
        has_port = parts.port is not None
    except ValueError:
        return False
    if host not in _LOOPBACK or not has_port or parts.username is not None or parts.fragment:
        return False
    name = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, name, parts.path or "/", parts.query, "")) in REGISTERED


def authorize(call: Call) -> Response:
    """igtimi.oauth.authorize: 302 to the redirect address, or a page for the `oob` address.

    A wrong client or address is never redirected: it could be anybody's.
    """
    address = _address(call)
    page = page_of(call.request)
    return _granted_to(call, address) if page is None else _question(call, address, page)


def decide(call: Call) -> Response:
    """What a person answered on the authorize page."""
    if page_of(call.request) is None:
        raise Refused(405, "method_not_allowed", "Only GET here")
    address = _address(call)
    if call.parameters.text("answer") == "allow":
        return _granted_to(call, address)
    if address == OUT_OF_BAND:
        return page_response("Not allowed", "<p>Nobody was given access.</p>")
    return _redirect(address, "?", {"error": "access_denied"} | _kept(call))


def _address(call: Call) -> str:
    """Where the answer goes. Raises Refused (401)."""
    parameters = call.parameters
    if parameters.text("client_id") != call.context.credentials.igtimi_client_id:
        raise Refused(401, "invalid_client", "The client id is not known")
    address = parameters.text("redirect_uri") or ""
    if not is_registered(address):
        raise Refused(401, "invalid_redirect_uri", "The redirect_uri is not a registered one")
    return address


def _kept(call: Call) -> dict[str, str]:
    """The client's own state, which comes back unchanged."""
    state = call.parameters.text("state")
    return {} if state is None else {"state": state}


def _question(call: Call, address: str, page: Page) -> Response:
    row = call.context.database.one("SELECT email FROM igtimi_user WHERE id = ?", (SAMPLE_USER,))
    who = "the account" if row is None else str(row["email"])
    where = "shown on the next page" if address == OUT_OF_BAND else f"given to {address}"
    buttons = "".join(
        f'<button type="submit" name="answer" value="{value}">{label}</button> '
        for value, label in (("allow", "Allow"), ("deny", "Do not allow"))
    )
    words = f"May the program that opened this page read and change the data of {who}?"
    return page_response(
        "Access to Igtimi",
        f"<p>{html.escape(words)}</p><p>{html.escape(f'The answer is {where}.')}</p>"
        + page.form(f"<p>{buttons}</p>"),
    )


def _granted_to(call: Call, address: str) -> Response:
    kept = _kept(call)
    match call.parameters.text("response_type"):
        case "code":
            code = _make_code(call.context, address)
            if address == OUT_OF_BAND:
                return _page("Authorization code", code)
            return _redirect(address, "?", {"code": code} | kept)
        case "token":
            token = make_token(call.context, SAMPLE_USER)
            if address == OUT_OF_BAND:
                return _page("Access token", token)
            answer = {"access_token": token, "token_type": "bearer"} | kept
            return _redirect(address, "#", answer)
        case _:
            if address == OUT_OF_BAND:
                raise Refused(400, "unsupported_response_type", "Ask for code or token")
            return _redirect(address, "?", {"error": "unsupported_response_type"} | kept)


def _redirect(address: str, mark: str, values: dict[str, str]) -> Response:
    joint = "&" if mark == "?" and "?" in address else mark
    return RedirectResponse(address + joint + urlencode(values), status_code=302)


def _page(title: str, secret: str) -> Response:
    return page_response(f"{title}:", f'<code id="authorization_code">{html.escape(secret)}</code>')


def _make_code(context: Context, address: str) -> str:
    code = secrets.token_urlsafe(24)
    now = now_milliseconds(context)
    with context.database.write() as connection:
        connection.execute("DELETE FROM igtimi_code WHERE expires < ?", (now,))
        connection.execute(
            "INSERT INTO igtimi_code (digest, user_id, redirect_uri, expires) VALUES (?, ?, ?, ?)",
            (token_digest(code), SAMPLE_USER, address, now + CODE_SECONDS * 1000),
        )
    return code


def make_token(context: Context, user: int | None) -> str:
    """A new access token of a user, or of the application (None).

    It does not expire; of more than some the oldest goes.
    """
    token = secrets.token_urlsafe(24)
    with context.database.write() as connection:
        connection.execute(
            "DELETE FROM igtimi_token WHERE user_id IS ? AND rowid NOT IN (SELECT rowid FROM"
            " igtimi_token WHERE user_id IS ? ORDER BY created DESC, rowid DESC LIMIT ?)",
            (user, user, TOKENS - 1),
        )
        connection.execute(
            "INSERT INTO igtimi_token (digest, user_id, created) VALUES (?, ?, ?)",
            (token_digest(token), user, now_milliseconds(context)),
        )
    return token


def grant_token(call: Call) -> Response:
    """igtimi.oauth.token. A refusal is JSON with `error`, as clients look for that key."""
    try:
        token = _granted(call)
    except OAuthError as error:
        status = 401 if error.code == "invalid_client" else 400
        answer = {"error": error.code, "error_description": str(error)}
        return json_answer(answer, status, {"Cache-Control": "no-store"})
    answer = {"access_token": token, "token_type": "bearer"}
    return json_answer(answer, headers={"Cache-Control": "no-store"})


class OAuthError(Exception):
    """A refusal by the token call: a code of RFC 6749 section 5.2 and a person's words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def _granted(call: Call) -> str:
    context, parameters = call.context, call.parameters
    kind = parameters.text("grant_type")
    if kind not in ("authorization_code", "client_credentials", "password"):
        raise OAuthError("unsupported_grant_type", f"grant_type {kind} is not supported")
    _check_client(call)
    if kind == "client_credentials":
        return make_token(context, None)
    if kind == "password":
        return make_token(context, _user_of_password(call))
    digest = token_digest(parameters.text("code") or "")
    with context.database.write() as connection:
        row = connection.execute("SELECT * FROM igtimi_code WHERE digest = ?", (digest,)).fetchone()
        # A code is good for one try, also for one that fails.
        connection.execute("DELETE FROM igtimi_code WHERE digest = ?", (digest,))
    if row is None or row["expires"] < now_milliseconds(context):
        raise OAuthError("invalid_grant", "The code is unknown, used or expired")
    if parameters.text("redirect_uri") != row["redirect_uri"]:
        raise OAuthError("invalid_grant", "The redirect_uri is not the one of the authorization")
    return make_token(context, row["user_id"])


def _check_client(call: Call) -> None:
    """Client id and secret, from the form or as HTTP Basic."""
    given = (call.parameters.text("client_id"), call.parameters.text("client_secret"))
    scheme, _, encoded = (call.request.headers.get("authorization") or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise OAuthError("invalid_client", "The Authorization header is damaged") from None
        given = (name, secret)
    known = call.context.credentials
    if not (
        _same(given[0], known.igtimi_client_id) and _same(given[1], known.igtimi_client_secret)
    ):
        raise OAuthError("invalid_client", "The client id or secret is wrong")


def _user_of_password(call: Call) -> int:
    row = call.context.database.one("SELECT email FROM igtimi_user WHERE id = ?", (SAMPLE_USER,))
    name, password = call.parameters.text("username"), call.parameters.text("password")
    if (
        row is None
        or name != row["email"]
        or not _same(password, call.context.credentials.igtimi_access_token)
    ):
        raise OAuthError("invalid_grant", "The user name or password is wrong")
    return SAMPLE_USER


def _same(given: str | None, known: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), known.encode())


OPERATIONS = (
    Operation("igtimi.oauth.authorize", "GET", "/oauth/authorize", authorize, Who.NOBODY),
    Operation("igtimi.oauth.token", "POST", "/oauth/token", grant_token, Who.NOBODY),
)

FORMS = (Operation("igtimi.oauth.decide", "POST", "/oauth/authorize", decide, Who.NOBODY),)
"""What pages for people send; no operation of the interface."""
