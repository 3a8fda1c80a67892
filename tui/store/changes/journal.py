"""The journal of earlier versions: a JSON line for each outcome of a write, taken over once."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from tui.store.changes.change import Change, State

_STATES: dict[str, State] = {"pending": "unknown", "done": "done", "failed": "refused"}
_NO_WAY = "It was made by an earlier version of tockdeck, which did not keep what stood there."


def changes_of_journal(path: Path) -> list[Change]:
    """What an old journal says, oldest first, each with its latest outcome.

    Whose account a change belonged to was not noted, so none of them is ever sent or taken back.
    A line torn by a kill is passed over. Raises OSError where the file is there and unreadable.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    latest: dict[str, Change] = {}
    for line in lines:
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            change = _change(json.loads(line))
            latest[change.id] = change
    return list(latest.values())


def _change(line: dict[str, Any]) -> Change:
    state = _STATES[line["outcome"]]
    return Change(
        id=str(line["id"]),
        sequence=0,
        time=datetime.fromisoformat(line["time"]),
        owner="",
        operation=str(line["operation"]),
        title=str(line["title"]),
        arguments=dict(line["arguments"]),
        no_inverse=_NO_WAY if state == "done" else "",
        state=state,
        reason=str(line["reason"]),
    )
