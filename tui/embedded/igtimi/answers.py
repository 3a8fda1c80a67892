"""How the embedded Igtimi answers: JSON, refusals and what it says when it fails.

The bodies of refusals are not documented; `{"error": .., "reason": ..}` is the one form that a
client was seen to read (reference/igtimi.md section 3), so every JSON refusal uses it.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tui.embedded.context import Context

_encoder = msgspec.json.Encoder()


class Refused(Exception):
    """A request that is answered with a refusal: HTTP status, what happened, and why."""

    def __init__(
        self, status: int, error: str, reason: str | None = None, *, text: bool = False
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.reason = reason
        self.text = text
        """True for the one refusal documented as plain text: a session log's 403."""

    def response(self) -> Response:
        """The answer on the wire."""
        if self.text:
            return PlainTextResponse(self.error, status_code=self.status)
        body = {"error": self.error}
        if self.reason is not None:
            body["reason"] = self.reason
        headers = {"WWW-Authenticate": 'Bearer realm="Igtimi"'} if self.status == 401 else None
        return json_answer(body, self.status, headers)


def unauthorized(error: str = "You do not have permission, or it does not exist") -> Refused:
    """401, which Igtimi uses for missing permission and for unknown alike (section 5)."""
    return Refused(401, error)


def bad_request(reason: str) -> Refused:
    """400 for a parameter that cannot be read; not documented, so in the one known form."""
    return Refused(400, "invalid_request", reason)


def json_answer(
    value: object, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A JSON answer in UTF-8."""
    return Response(
        _encoder.encode(value),
        status_code=status,
        headers=headers,
        media_type="application/json; charset=utf-8",
    )


def success() -> Response:
    """`{"success": true}`, which most writes answer."""
    return json_answer({"success": True})


def now_milliseconds(context: Context) -> int:
    """The service's clock as it goes over the wire: UTC milliseconds since 1970."""
    return int(context.now().timestamp() * 1000)


def failure(_request: Request, status: int, words: str) -> Response:
    """This service's own form for what went wrong outside of any operation."""
    return Refused(status, words).response()
