"""The envelope of every answer: `status`, `message`, `data`, and the one error form.

Source: reference page, sections 3.6 and 3.7.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

Record = dict[str, object]

# Only these two pairs are documented. For every other HTTP status the number itself is answered
# as error_code: an assumption, chosen so that it can never be mistaken for 5 or 9.
DOCUMENTED_CODES = {401: 9, 404: 5}


class Refusal(Exception):
    """A call that is answered with `status: ERROR`; the transaction is rolled back.

    `http` 200 is the form of ts/start: status ERROR under a successful HTTP status, with no code.
    """

    def __init__(self, http: int, message: str) -> None:
        super().__init__(message)
        self.http = http
        self.message = message


def not_found(what: str) -> Refusal:
    """HTTP 404 with error_code 5, in the words of the documents: `Task not found.`"""
    return Refusal(404, f"{what} not found.")


def invalid(message: str) -> Refusal:
    """HTTP 400: the request itself cannot be accepted."""
    return Refusal(400, message)


def forbidden(message: str = "Only an administrator can do this.") -> Refusal:
    """HTTP 403: hidden for administrators only."""
    return Refusal(403, message)


def success(message: str | None = None, **members: object) -> Record:
    """A normal answer. Several calls are documented without a message: None leaves it out."""
    answer: Record = {"status": "SUCCESS"}
    if message is not None:
        answer["message"] = message
    answer.update(members)
    return answer


def number(value: Decimal | str) -> int | float:
    """Money, hours and estimates as a JSON number; whole values without a fraction, as in the
    samples (`"amount": 100`, `"sum": 10.5`). Exact in text up to 15 significant digits."""
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def entity_map(items: Mapping[int, Record]) -> object:
    """A map by id, or `[]` when it is empty: the service cannot tell an empty map from a list."""
    return {str(key): item for key, item in items.items()} if items else []


def present(record: Record) -> Record:
    """Without the members that are not set: the service leaves them out."""
    return {name: value for name, value in record.items() if value is not None}


def as_json(content: object, http: int = 200) -> Response:
    """JSON with every character beyond ASCII escaped, as the service's own encoder does."""
    body = json.dumps(content, allow_nan=False).encode("ascii")
    return Response(body, status_code=http, media_type="application/json")


def refused(http: int, message: str) -> Response:
    """The error form for any HTTP status."""
    content: Record = {"status": "ERROR", "message": message}
    if http != 200:
        content["error_code"] = DOCUMENTED_CODES.get(http, http)
    return as_json(content, http)


def failure(_request: Request, http: int, message: str) -> Response:
    """What the application calls when something outside of this service went wrong."""
    return refused(http, message)
