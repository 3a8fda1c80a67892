"""Asking what a file does not tell itself."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from tui.screens.asking import Asking
from tui.widgets.form_values import FormField
from tui.workspace.hours.forms import READ
from tui.workspace.times import TimeTextError, zone

_DATES = [("dmy", "day, month, year"), ("mdy", "month, day, year")]
_TWICE = [("first", "the first"), ("second", "the second")]


async def ask_reads(asker: Asking, reads: MutableMapping[str, str]) -> bool:
    """Ask for format, zone, order of dates, which of two hours, whose; whether it was said."""

    def is_zone(value: object) -> str | None:
        try:
            if value:
                zone(str(value))
        except TimeTextError as error:
            return str(error)
        return None

    fields = [
        FormField("form", "Format", "choice", choices=[(one, one) for one in READ],
                  default=reads.get("form") or None),
        FormField("zone", "Times without zone", default=reads.get("zone") or None,
                  check=is_zone),
        FormField("dates", "Order of dates", "choice", choices=_DATES,
                  default=reads.get("dates") or None),
        FormField("twice", "Hours shown twice", "choice", choices=_TWICE,
                  default=reads.get("twice") or None),
        FormField("person", "Only the hours of", default=reads.get("person") or None),
    ]  # fmt: skip

    async def submit(values: Mapping[str, Any]) -> str:
        for one in fields:
            reads[one.name] = str(values.get(one.name) or "")
        return ""

    return await asker.ask_form(
        "hours.reads", "How the file is read", fields, submit, save="Read it so",
        intro="Only what the file does not tell itself; what is left empty is found out.",
    )  # fmt: skip
