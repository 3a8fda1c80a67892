"""Which entries of a sheet nobody approved yet, and those of them that one looks at together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.workspace.timesheet.plan import Line

CLIENT_OF_ALL = 0
"""In the place of a client: its task names none that is known."""


def to_approve(lines: Iterable[Line]) -> dict[int, list[int]]:
    """Ids of the entries of these blocks that nobody approved yet, by client: those of today
    and those that were entered before, since all of them are approved in one go.
    """
    found: dict[int, list[int]] = {}
    for line in lines:
        if line.entry is not None and line.entry.status == "in-progress":
            client = line.target.client_id if line.target is not None else None
            found.setdefault(client or CLIENT_OF_ALL, []).append(line.entry.id)
    return found


def looked_at(line: Line | None, lines: Sequence[Line]) -> tuple[int, list[int]] | None:
    """The client of a line, with the entries of that client that are to be approved and the
    line's own; of a line without an entry another client's that wait. None where there are none.
    """
    target = line.target if line is not None else None
    client = target.client_id if target is not None else None
    waiting = to_approve(lines)
    if client not in waiting and waiting and (line is None or line.entry is None):
        client = next(iter(waiting))
    ids = waiting.get(client or CLIENT_OF_ALL, [])
    if line is not None and line.entry is not None and line.entry.id not in ids:
        ids = [line.entry.id]
    return None if client is None or not ids else (client, ids)
