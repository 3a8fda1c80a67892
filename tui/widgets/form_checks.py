"""Checks that look at several fields of a form at once."""

from __future__ import annotations

from typing import Any

from tui.workspace.times import is_after


def ends_after_start(values: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the two times of a form."""
    start, end = values.get("start"), values.get("end")
    if start is not None and end is not None and not is_after(end, start):
        return {"end": "must be after the start"}
    if start is None and end is not None:
        return {"start": "an end needs a start"}
    return {}
