"""What a dry run shows: a request as it would be sent, its secrets hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from tui.services.wire import HIDDEN, Request, redacted


class NotSent(Exception):
    """Raised by a dry run instead of sending; `preview` is the request with secrets hidden."""

    def __init__(self, preview: dict[str, Any]) -> None:
        super().__init__("nothing was sent")
        self.preview = preview


def hidden(request: Request) -> Request:
    """The request without the secrets of its query."""
    return replace(request, query=tuple((k, redacted(v, k)) for k, v in request.query))


def preview_of(request: Request, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The request as JSON-ready values. `url` is that of the hidden request."""
    shown: dict[str, Any] = {
        "method": request.method,
        "url": url.replace(quote(HIDDEN), HIDDEN),
        "headers": redacted(headers),
    }
    if request.form is not None:
        shown["form"] = [[name, redacted(value, name)] for name, value in request.form]
    elif request.body is not None:
        shown["body"] = request.body.decode("utf-8", errors="replace")
    elif (encoded := request.encoded_body()[0]) is not None:
        # As it is written on the wire: an amount is a number there.
        shown["json"] = redacted(msgspec.json.decode(encoded))
    if request.files:
        shown["files"] = [
            {"field": part.field, "filename": part.filename, "type": part.content_type}
            for part in request.files
        ]
    return shown
