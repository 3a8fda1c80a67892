"""How changes of TimeTonic's rows are taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tui.services.errors import NotFound, Refused, ServiceError
from tui.services.timetonic import TimeTonic
from tui.store.changes import Change, Step
from tui.words import counted
from tui.workspace.changes.arguments import ASKED, from_data
from tui.workspace.changes.kinds import Data, Performed, kind_of
from tui.workspace.changes.timetonic.reading import Found, number_of, read_rows, rows_named
from tui.workspace.changes.values import differing

LOSES = "Files, comments and links to it may not come back, and its id may be another."
NOT_TOLD = "The service did not tell the id of what it made."
NOT_KNOWN = "Nobody knows what stood there before."
MOST_AT_ONCE = 200
"""Rows that one request deletes."""
ENCRYPTED = "What the encrypted fields held is not kept."


def fields_back(change: Change) -> Step | str:
    """The old values by the same operation; the encrypted ones, which are not kept, stay."""
    values = [path for path in change.hidden if path != "encrypted_field_passwords"]
    if not change.wanted:
        return ENCRYPTED if values else "It changed no field."
    before = change.before or {}
    if any(before.get(name) is None for name in change.wanted):
        return NOT_KNOWN
    old = {name: before[name] for name in change.wanted}
    return Step(
        operation=change.operation,
        arguments=kind_of(change.operation).with_fields(change.arguments, old),
        about=change.about,
        inexact=ENCRYPTED if values else "",
    )


def socket_value_back(change: Change) -> Step | str:
    """What the socket wrote is taken back over HTTP."""
    step = fields_back(change)
    if isinstance(step, str):
        return step
    return msgspec.structs.replace(step, operation="timetonic.updateTableValue")


def row_back(change: Change) -> Step | str:
    """A new row is deleted, a changed one gets its old values."""
    if number_of(change.arguments.get("row_id")) is None:
        return _deletion(change)
    return fields_back(change)


def new_row_back(change: Change) -> Step | str:
    """A row that was added through a shared form is deleted."""
    return _deletion(change)


def _deletion(change: Change) -> Step | str:
    row_id = change.answer.get("id")
    if row_id is None:
        return NOT_TOLD
    where = _given(change.arguments, "b_o", "b_c", "tab_id")
    return Step(
        operation="timetonic.deleteTableRow",
        arguments={"row_id": row_id, **where},
        about=_given(change.arguments, "cat_id", "cat_code", "b_c"),
        title=f"row {row_id} is deleted",
    )


def _given(arguments: Data, *names: str) -> dict[str, Any]:
    return {name: arguments[name] for name in names if arguments.get(name) is not None}


def several_back(change: Change) -> Step | str:
    """Changed rows get their old values, new ones are deleted."""
    asked: Mapping[str, Data] = change.arguments.get("rows") or {}
    new = [name for name in asked if number_of(name) is None]
    if not new:
        return fields_back(change)
    made = change.answer.get("row_ids") or []
    if len(made) != len(new) and len(new) == len(asked):
        made = change.answer.get("written") or []
    if len(made) != len(new):
        return NOT_TOLD
    before = change.before or {}
    made_now = frozenset(new)
    old = {
        name: before.get(name) for name in change.wanted if name.partition("/")[0] not in made_now
    }
    if any(value is None for value in old.values()):
        return NOT_KNOWN
    kind = kind_of(change.operation)
    return Step(
        operation=change.operation,
        way="rows_back",
        arguments={
            **_given(change.arguments, "b_o", "b_c", "cat_id", "tab_id"),
            "rows": kind.with_fields({}, old)["rows"],
            "row_ids": made,
            "made": {
                name: (change.after or change.wanted).get(name, change.wanted[name]) for name in old
            },
            # Not once more: there may be very many.
            "made_of": {ASKED: [change.id, "rows"]},
        },
    )


async def take_several_back(client: TimeTonic, step: Step) -> Performed:
    """Give changed rows their old values and delete new ones, where nobody changed them since.

    Where this broke off before, what is as it was needs nothing more, and a new one that is gone.
    """
    known = step.arguments
    old: Mapping[str, Data] = known["rows"]
    new: Sequence[int] = known["row_ids"]
    ids = [*map(int, old), *new]
    found = await read_rows(client, known, ids, [name for one in old.values() for name in one])
    made_new = known.get("made_new")
    if made_new is None:
        asked: Mapping[str, Data | None] = known["made_of"]
        made_new = [values or {} for name, values in asked.items() if number_of(name) is None]
    if found is None or not found.rows.keys() >= set(map(int, old)):
        raise NotFound("some of the rows are not there any more", service="timetonic")
    there = {
        f"{row_id}/{name}": value
        for row_id, named in old.items()
        for name, value in found.values(int(row_id), named).items()
    }
    before = {
        f"{row_id}/{name}": value for row_id, one in old.items() for name, value in one.items()
    }
    untouched = not (
        set(differing(found_form(found, known["made"]), there))
        & set(differing(found_form(found, before), there))
    ) and all(
        not differing(found.as_read(values), found.values(row_id, values))
        for row_id, values in zip(new, made_new, strict=True)
        if row_id in found.rows
    )
    new = [row_id for row_id in new if row_id in found.rows]
    if not untouched:
        raise Refused(
            "somebody else has changed some of the rows since; nothing was put back",
            service="timetonic",
            advice="Look at them, and change back what should be.",
        )
    where = {"b_o": known.get("b_o"), "tab_id": known.get("tab_id")}
    if old:
        await client.create_or_update_table_rows(
            {row_id: from_data(values) for row_id, values in old.items()},
            cat_id=known.get("cat_id"), bypass_url_trigger=False, **where,
        )  # fmt: skip
    if len(new) == 1:
        await client.delete_table_row(new[0], **where)
    for first in range(0, len(new) if len(new) > 1 else 0, MOST_AT_ONCE):
        await client.delete_table_row(row_ids=[*new[first : first + MOST_AT_ONCE]], **where)
    return Performed()


def found_form(found: Found, by_path: Data) -> dict[str, Any]:
    """Values of several rows in the form in which they are read."""
    return {
        path: found.as_read({path.partition("/")[2]: value})[path.partition("/")[2]]
        for path, value in by_path.items()
    }


def deletion_back(change: Change) -> Step | str:
    """Deleted rows are rolled back by the service; where it does not, made anew of their values."""
    held: dict[str, dict[str, Any]] = {str(row_id): {} for row_id in rows_named(change.arguments)}
    for path, value in (change.before or {}).items():
        row_id, slash, name = path.partition("/")
        if not slash:
            row_id, name = str(change.arguments.get("row_id")), path
        if value not in (None, "", []):
            held[row_id][name] = value
    return Step(
        operation="timetonic.rollBackBeforeChange",
        way="rows_again",
        arguments={
            **_given(change.known, "row_id", "row_ids", "b_o", "tab_id", "cat_id", "cat_code"),
            **_given(change.known, "b_c"),
            "rows": held,
        },
        inexact=LOSES,
    )


async def make_rows_again(client: TimeTonic, step: Step) -> Performed:
    """Bring deleted rows back: as they were, or else as new ones of their values."""
    known = step.arguments
    ids = rows_named(known)
    held: Mapping[str, Data] = known["rows"]
    whole, anew = 0, []
    for row_id in ids:
        values = held[str(row_id)]
        if await _rolled_back(client, known, row_id, can_make=bool(values)):
            whole += 1
            continue
        made = await client.create_or_update_table_row(
            field_values=from_data(values),
            cat_id=known.get("cat_id"), cat_code=known.get("cat_code"), b_c=known.get("b_c"),
            b_o=known.get("b_o"), tab_id=known.get("tab_id"), bypass_url_trigger=False,
        )  # fmt: skip
        anew.append((row_id, made.id))
    return Performed(
        _came_back(whole, anew), anew=tuple(pair for pair in anew if pair[1] is not None)
    )


def _came_back(whole: int, anew: Sequence[tuple[int, int | None]]) -> str:
    told: list[str] = []
    if whole:
        rows = "The row is back as it was." if whole == 1 else None
        told.append(rows or f"{counted(whole, 'row')} are back as they were.")
    for _old, new in anew:
        told.append(
            f"The row is back as a new row with the id {new};"
            " its files, comments and links to it are not."
        )
    return " ".join(told)


async def _rolled_back(client: TimeTonic, known: Data, row_id: int, *, can_make: bool) -> bool:
    """Whether the row is there again, or was not gone at all.

    Whether the service's own roll back includes a deletion is not documented: it is tried, and
    looked at.
    """
    found = await read_rows(client, known, [row_id])
    if found is not None and row_id in found.rows:
        return True
    try:
        await client.roll_back_before_change(
            row_id, b_o=known.get("b_o"), cat_id=known.get("cat_id")
        )
    except ServiceError as error:
        if not (error.nothing_done and can_make):
            raise
        return False
    found = await read_rows(client, known, [row_id])
    if found is None or row_id in found.rows:
        return True
    if not can_make:
        raise Refused(
            f"the service rolled back its last change of the row {row_id}, which was another",
            service="timetonic",
            advice="What it held is not known here, so it cannot be made anew.",
        )
    return False


def rolling_back_back(change: Change) -> Step | str:
    """What was rolled back is put on again; a row that came back by it is deleted again."""
    where = _given(change.arguments, "row_id", "b_o")
    about = _given(change.arguments, "cat_id")
    if not about or change.before is None:
        return NOT_KNOWN
    if not change.before:
        return Step(operation="timetonic.deleteTableRow", arguments=where, about=about)
    values = dict(change.before)
    if change.after:
        values = differing(values, change.after)
    if not values:
        return "It changed nothing that can be put back."
    return Step(
        operation="timetonic.createOrUpdateTableRow",
        arguments={**where, **about, "field_values": values, "bypass_url_trigger": False},
    )
