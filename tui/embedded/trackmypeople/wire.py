"""The two forms of an answer, JSON and XML.

Source: the API page, "result", "error" and the samples; XML element names beyond
`api_response` are not documented, and are here those of the JSON keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

FORMATS = {"json": "application/json", "xml": "text/xml; charset=utf-8"}

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def encode(answer: Mapping[str, object], kind: str, *, quirks: bool) -> bytes:
    """The bytes of an answer in `json` or `xml`."""
    if kind == "json":
        content: object = answer
        if quirks:
            content = _loosened(answer)
        # Without blanks, as PHP writes it: of a report over years they were a tenth.
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")
    children = "".join(_element(name, value, quirks=quirks) for name, value in answer.items())
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<api_response>{children}</api_response>\n'
    return text.encode("utf-8", "replace")


def _loosened(value: object) -> object:
    """The looseness that the samples show: digit strings, 1 or empty for a flag, [] for none."""
    if isinstance(value, bool):
        return 1 if value else ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _loosened(inner) for name, inner in value.items()} or []
    return value


def _element(name: str, value: object, *, quirks: bool) -> str:
    if quirks and name == "Email":
        # The XML sample of the profiles has no place for it.
        return ""
    opening, closing = name, name
    if name.isdigit():
        # A tag cannot begin with a digit, which is what the ids of trackers do.
        opening = f"tracker_{name}" if quirks else f'tracker id="{name}"'
        closing = f"tracker_{name}" if quirks else "tracker"
    if isinstance(value, Mapping):
        inner = "".join(_element(key, child, quirks=quirks) for key, child in value.items())
    elif isinstance(value, bool):
        inner = "1" if value else ""
    elif value is None:
        inner = ""
    else:
        inner = escape(_NOT_IN_XML.sub("\ufffd", str(value)), quote=False)
    return f"<{opening}>{inner}</{closing}>"
