"""The answer around every answer: status, echo of the request, environment, stamps, errors.

Source: reference TimeTonic, 1.1 (envelope), 4 (errors), 6 (stamps and dates).
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from html import escape

import msgspec
from starlette.responses import Response

VERSION = "6.49q/6.49"

JsonObject = dict[str, object]


class Refusal(Exception):
    """The service says no, at HTTP status 200 as the real one does.

    `code` goes into errorCode of the newer form. `older` asks for the older form, one `error`
    text, which log-in requests and the Deadlock of writes still have. Clients take a text with
    "sess" or "auth" in it for "log in again", so other refusals avoid those letters.
    """

    def __init__(self, code: str, words: str, *, older: bool = False) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.older = older


class NoContent(Exception):
    """HTTP 204: how resumableUpload says that a chunk is not there."""


def environment(path: str) -> str:
    """`live` or `dev`, by the address that was asked, the prefix of this service included."""
    segments = [segment for segment in path.split("/") if segment]
    return "dev" if segments[1:2] == ["dev"] else "live"


def transaction() -> str:
    """The id that newer servers put into errors and writes."""
    return secrets.token_hex(12)


def accepted(payload: JsonObject, request_name: str, where: str) -> JsonObject:
    """The envelope of a success: payload keys sit at top level."""
    return {
        "status": "ok",
        **payload,
        "createdVNB": f"{where}-{VERSION}",
        "req": request_name,
    }


def refused(refusal: Refusal, request_name: str, where: str, *, older: bool) -> JsonObject:
    """The envelope of a refusal, in one of its two generations; no payload keys at all."""
    about: JsonObject = {"createdVNB": f"{where}-{VERSION}", "req": request_name}
    if older or refusal.older:
        text = refusal.words
        if not text.startswith("apiProcess"):
            text = f"apiProcess{_number(refusal.code)}: {text}"
        return {"status": "nok", "error": text, **about}
    return {
        "status": "nok",
        "errorCode": refusal.code,
        "errorMsg": refusal.words,
        **about,
        "transactionId": transaction(),
    }


def _number(code: str) -> int:
    """A stable two-digit number for a code: the older form has only numbers."""
    return 10 + sum(code.encode()) % 90


def json_response(content: JsonObject, *, pretty: bool = False, status: int = 200) -> Response:
    """PHP's own style of JSON: UTF-8, with every slash escaped."""
    body = msgspec.json.encode(content)
    if pretty:
        body = msgspec.json.format(body, indent=4)
    # A slash can only stand inside a string, so this cannot change the structure.
    return Response(body.replace(b"/", b"\\/"), status, media_type="application/json")


def documentation_page(request_name: str | None) -> Response:
    """What the entry point shows for an unknown or missing `req`: HTML, at status 200."""
    said = "" if request_name is None else f"<p>Unknown request: {escape(request_name)}</p>"
    return Response(
        "<!DOCTYPE html><html><head><title>TimeTonic API</title></head><body>"
        f"<h1>TimeTonic API for version {VERSION}</h1>{said}"
        "<p>Name the request in the parameter <code>req</code>.</p></body></html>",
        media_type="text/html",
    )


def unix(moment: datetime) -> int:
    """Unix seconds."""
    return int(moment.timestamp())


def stamp_of(moment: datetime) -> int:
    """A server stamp: unix seconds x 10000, 14 digits."""
    return int(moment.timestamp() * 10000)


def paris(seconds: int) -> datetime:
    """Unix seconds as naive local time in Paris.

    By the rule of the European Union (last Sundays of March and October, 01:00 UTC), so that
    no time zone database needs to be installed.
    """
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return moment + timedelta(hours=2 if summer else 1)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1)  # noqa: DTZ001 - naive UTC on both sides
    return last - timedelta(days=(last.weekday() + 1) % 7)


def paris_text(seconds: int) -> str:
    """`lastModified` of tables and fields: "2019-05-27 13:55:06"."""
    return paris(seconds).isoformat(" ")


def from_paris(text: str) -> int:
    """Local time in Paris, "YYYY-MM-DD HH:MM:SS", as unix seconds; the inverse of paris_text."""
    local = datetime.fromisoformat(text)
    winter = int(local.replace(tzinfo=UTC).timestamp()) - 3600
    if not 3 <= local.month <= 10:
        # At the ends of the calendar there is no other time to compare it with.
        return winter
    return winter if paris(winter) == local else winter - 3600
