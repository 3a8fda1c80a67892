"""The form of a new tock, with every limit that the service documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from tui.widgets.form_values import FormField
from tui.workspace.times import TimeTextError, is_after, zone

TITLE = range(4, 256)
DESCRIPTION = 2000
LINE = 255
REPEATS = [
    ("no", "no"),
    ("daily", "daily"),
    ("weekly", "weekly"),
    ("bi-weekly", "every two weeks"),
    ("monthly", "monthly"),
    ("yearly", "yearly"),
]
_TAG = re.compile(r"[\w\- ]+")


def fields(where: tzinfo) -> list[FormField]:
    """The fields; `where` is the person's own zone."""
    return [
        FormField(
            "title", "Title", required=True, limit=TITLE.stop - 1, check=_check_title,
            help=f"{TITLE.start} to {TITLE.stop - 1} characters",
        ),
        FormField(
            "eventstart", "Starts", "datetime", required=True, until="eventend",
            placeholder="tomorrow 18:00-20:00",
        ),
        FormField(
            "eventend", "Ends", "datetime", placeholder="an hour after it starts",
            help="without it the service takes an hour",
        ),
        FormField("repeat", "Repeats", "choice", required=True, choices=REPEATS, default="no"),
        FormField("private", "Private", "boolean", default=True, help="for you alone"),
        FormField(
            "tags", "Tags", "list", limit=LINE, check=_check_tags, placeholder="sailing, harbour",
            help="letters, digits, blanks, - and _; commas between them",
        ),
        FormField("location", "Location", limit=LINE),
        FormField("link", "Link", limit=LINE, placeholder="https://", check=_check_link),
        FormField(
            "timezone", "Time zone", limit=LINE, default=getattr(where, "key", None),
            check=_check_zone, help="its own zone, which matters when it repeats",
        ),
        FormField("description", "Description", "lines", limit=DESCRIPTION),
    ]  # fmt: skip


def check(values: dict[str, object]) -> dict[str, str]:
    """What is wrong with the values together."""
    start, end = values.get("eventstart"), values.get("eventend")
    if isinstance(start, datetime) and isinstance(end, datetime) and is_after(start, end):
        return {"eventend": "It ends before it starts."}
    return {}


def arguments(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as arguments of the operation; what was left empty is left out."""
    given = {name: value for name, value in values.items() if value not in (None, "", [])}
    given["private"] = bool(values["private"])
    if given.get("repeat") == "no":
        del given["repeat"]
    return given


def _check_title(value: object) -> str | None:
    return None if len(str(value).strip()) in TITLE else "A title has 4 to 255 characters."


def _check_tags(value: object) -> str | None:
    for tag in value if isinstance(value, list) else []:
        if not _TAG.fullmatch(tag):
            return f"{tag!r} holds more than letters, digits, blanks, - and _."
    return None


def _check_link(value: object) -> str | None:
    text = str(value)
    if text.startswith(("http://", "https://")) and " " not in text:
        return None
    return "A link begins with http:// or https://."


def _check_zone(value: object) -> str | None:
    text = str(value)
    try:
        zone(text)
    except TimeTextError:
        text = "local"
    # `local` means this machine's, which the service cannot know.
    return "Write a zone as Europe/Paris." if text == "local" else None
