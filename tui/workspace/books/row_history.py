"""How a row came to be as it is, as far as that is known: changes of our own, comments, and what
the service keeps of the last change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from tui.services.timetonic import Cell, Comment
from tui.store.changes import Change
from tui.words import counted
from tui.workspace.books.cells import Field, TableRow, cell_text, kind_of
from tui.workspace.changes.words import sign_of, state_text, value_text
from tui.workspace.html_text import plain_text
from tui.workspace.times import whole_text

MOST_CHANGES = 200
"""Changes of our own that are told, the newest of them."""
SHOWN = 160
"""Characters of a value: the rest stands in the change itself."""
_NO_TIME = "time not told"
ROLL_BACK = "timetonic.rollBackBeforeChange"


class Moment(NamedTuple):
    """Something that happened to a row."""

    time: datetime | None
    head: str
    """Who did what."""
    lines: tuple[str, ...]


def moments_of(
    row: TableRow,
    fields: Sequence[Field],
    changes: Iterable[Change],
    comments: Mapping[int, Sequence[Comment]],
    zone: tzinfo,
) -> list[Moment]:
    """What is known to have happened, the newest first; `comments` by their fields."""
    names = {str(field.id): field.name or f"field {field.id}" for field in fields}
    moments = [
        Moment(
            change.time,
            f"{sign_of(change)} {change.title} · {state_text(change)}",
            tuple(_differences(change, row.id, names, zone)),
        )
        for change in changes
    ]
    for field_id, said in comments.items():
        name = names.get(str(field_id), f"field {field_id}")
        moments += [
            Moment(
                one.created,
                f"“ {author_of(one.author)} in {name}",
                (_short(plain_text(one.text)) or "(no text)",),
            )
            for one in said
        ]
    return sorted(moments, key=lambda one: one.time.timestamp() if one.time else 0.0, reverse=True)


def kept_by_service(row: TableRow, fields: Sequence[Field], zone: tzinfo) -> list[str]:
    """What the table itself keeps of who changed a row, a line a field."""
    found: list[str] = []
    for field in fields:
        cell = row.cells.get(field.id)
        if kind_of(field) != "activity" or cell is None:
            continue
        text = plain_text(cell.text) if cell.text else cell_text(field, cell, zone)
        if text.strip():
            found.append(f"{field.name}: {' '.join(text.split())}")
    return found


def why_not_rolled_back(changes: Sequence[Change]) -> str:
    """Why the service's roll back is not offered by the changes of a row, the newest first; empty
    where it is. What a second one does is in no document: back further, or on again.
    """
    made = (one for one in changes if one.state not in ("refused", "dropped", "undone"))
    newest = next((one for one in made if not one.undoes), None)
    if newest is not None and newest.operation == ROLL_BACK:
        return "It was rolled back from here already. What once more would do is not documented."
    return ""


def rolled_back_text(fields: Sequence[Field], before: TableRow, now: TableRow | None) -> str:
    """What a roll back has changed, as far as the row could be read."""
    if now is None:
        return "Rolled back."
    names = [
        field.name
        for field in fields
        if kind_of(field) != "activity"
        and before.cells.get(field.id, Cell()).value != now.cells.get(field.id, Cell()).value
    ]
    return f"Rolled back: {', '.join(names)}." if names else "Rolled back; no cell is another now."


def history_text(moments: Sequence[Moment], kept: Sequence[str], zone: tzinfo, most: int) -> str:
    """All of it, to read; `most` is how many changes were asked for at most."""
    parts = list(kept)
    for moment in moments:
        when = _NO_TIME if moment.time is None else whole_text(moment.time, zone)
        parts.append("\n".join((f"{when}  {moment.head}", *(f"    {one}" for one in moment.lines))))
    if not parts:
        parts.append("Nothing is known of how it came to be so.")
    rest = "What others changed is known only as far as the table keeps it."
    if len(moments) >= most:
        rest = f"Only the newest {counted(most, 'change')} of our own. {rest}"
    return "\n\n".join((*parts, rest))


def author_of(author: object) -> str:
    """Who wrote a comment, as the service tells it."""
    if isinstance(author, dict):
        author = author.get("n") or author.get("c")
    return str(author or "somebody")


def _differences(
    change: Change, row_id: int, names: Mapping[str, str], zone: tzinfo
) -> Iterable[str]:
    """The fields of the row that a change writes: as they were, and as they are to be."""
    before = _of_row(change.before or {}, row_id)
    for name, wanted in _of_row(change.wanted, row_id).items():
        if name not in names:
            continue
        text = _short(value_text(_plain(wanted), zone))
        was = f"{_short(value_text(_plain(before[name]), zone))} → " if name in before else ""
        yield f"{names[name]}: {was}{text}"


def _of_row(fields: Mapping[str, Any], row_id: int) -> dict[str, Any]:
    """Of fields by their ids, or by `row/field`, those of one row."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        row, stroke, field = name.rpartition("/")
        if not stroke or row == str(row_id):
            found[field] = value
    return found


def _plain(value: Any) -> Any:
    """Links by their names alone."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict) and set(value) == {"row_id", "value"}:
        return value["value"] or f"row {value['row_id']}"
    return value


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"
