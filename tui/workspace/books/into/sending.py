"""Rows of a plan on their way: some a call, and fewer where the service refuses one of them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

from tui.services.errors import InvalidArgument, PermissionDenied
from tui.services.timetonic import TimeTonic
from tui.words import counted
from tui.workspace.books.into.calls import batches
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.places import Place
from tui.workspace.books.rows import written_through
from tui.workspace.changes.errors import NotNoted, Waiting
from tui.workspace.changes.history import Became, History
from tui.workspace.changes.sending import words_of
from tui.workspace.uncollected import uncollected

PARTS = 10
"""Into so many a call is divided that was refused."""
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Sent:
    """What came of it."""

    rows: int
    waiting: int
    """Rows that are kept to be sent later, or of which nobody knows."""
    why: str
    """Why they wait; "" where none does, or nobody knows what became of them."""
    refused: tuple[tuple[int, str], ...]
    """How many rows of a call were refused, and why."""
    unknown: int = 0
    """How many of those that wait are such as nobody knows of: they are not sent by themselves."""

    def with_more(self, more: Sent) -> Sent:
        """The same with what came of further rows."""
        return Sent(
            self.rows + more.rows,
            self.waiting + more.waiting,
            self.why or more.why,
            self.refused + more.refused,
            self.unknown + more.unknown,
        )


@dataclass(frozen=True)
class Written:
    """What became of a plan whose sending was given up."""

    rows: int
    """How many rows the service made or changed."""
    unknown: bool
    """Whether nobody knows of some others."""
    is_next: bool
    """Whether undo would take it back now, and not what was done meanwhile."""


class Made(NamedTuple):
    """How many rows of an action are written, and how many wait or are such as nobody knows of."""

    rows: int
    open: int
    unknown: int


async def made_by(history: History, group: str) -> Made:
    """What became of the changes of a group so far."""
    parts = await asyncio.to_thread(history.changes.grouped, group)
    rows = [(one, len(one.arguments.get("rows") or ())) for one in parts]
    return Made(
        sum(count for one, count in rows if one.state == "done"),
        sum(count for one, count in rows if one.is_open),
        sum(count for one, count in rows if one.state in ("unknown", "sending")),
    )


async def first_new(history: History, group: str) -> str:
    """The id of the first row that a group has added; "" where it added none, or none is told."""
    parts = await asyncio.to_thread(history.changes.grouped, group)
    made = (row for one in parts if one.state == "done" for row in one.answer.get("row_ids") or ())
    return str(next(made, ""))


async def written_of(history: History, group: str) -> Written:
    """What became of the changes of a group. What was on its way is looked for."""
    await history.outbox.recover()
    made = await made_by(history, group)
    return Written(made.rows, made.unknown > 0, await is_next_undone(history, group))


async def is_next_undone(history: History, group: str) -> bool:
    """Whether undo would take a group back now, and not what was done meanwhile."""
    plan = await history.undoing.next_undo()
    return plan is not None and {one.group for one in plan.changes} == {group}


class Sending:
    """Sends a plan as one step of undo."""

    def __init__(
        self,
        history: History,
        client: TimeTonic,
        place: Place,
        plan: Plan,
        told: Callable[[int], object],
        title: str,
        group: str = "",
    ) -> None:
        self._history, self._client, self._place, self._plan = history, client, place, plan
        self._told, self._count = told, len(plan.changed) + len(plan.new)
        self._title = title or f"Import {counted(self._count, 'row')} into {place.table.name}"
        self._group = group or secrets.token_hex(6)
        self._rows = self._waiting = self._unknown = 0
        self._why = ""
        self._refused: list[tuple[int, str]] = []

    async def all_of_it(self, rows_a_call: int) -> Sent:
        """Send all rows. Raises ReadOnly, OSError."""
        in_vain: set[str] = set()
        parts = await asyncio.to_thread(uncollected()(lambda: [*batches(self._plan, rows_a_call)]))
        for rows, why in await self._round(parts):
            if why in in_vain:
                self._refuse(rows, why)
                continue
            taken = self._rows + self._waiting
            divided = [(rows, why)]
            while divided:
                divided[:1] = await self._again(divided[0][0])
            if taken == self._rows + self._waiting:
                # No row of it was taken: that is not for one of them.
                in_vain.add(why)
        return Sent(self._rows, self._waiting, self._why, tuple(self._refused), self._unknown)

    async def _again(self, rows: Rows) -> list[tuple[Rows, str]]:
        """Send in parts what was refused as a whole. What cannot be noted by now is not sent."""
        try:
            return await self._round(_parts(rows))
        except NotNoted as error:
            self._refuse(rows, f"the disk did not take them ({words_of(error)}); nothing was sent")
            return []

    async def _round(self, parts: Sequence[Rows]) -> list[tuple[Rows, str]]:
        """Send these calls; the rows of those that are to be divided, with why."""
        after = [*accumulate(map(len, parts))]
        before = self._rows + self._waiting + sum(count for count, _ in self._refused)
        became = await self._history.write_each(
            self._title,
            [
                partial(
                    self._client.create_or_update_table_rows,
                    rows,
                    cat_id=self._place.table.id,
                    **written_through(self._place),
                )
                for rows in parts
            ],
            seen=[self._seen(rows) for rows in parts],
            told=lambda done: self._told(before + after[done - 1]),
            group=self._group,
        )
        divided: list[tuple[Rows, str]] = []
        for rows, one in zip(parts, became, strict=True):
            if one.change.state == "done":
                self._rows += len(rows)
            elif one.change.state in ("waiting", "unknown", "sending"):
                self._waiting += len(rows)
                self._unknown += 0 if one.change.state == "waiting" else len(rows)
                if isinstance(one.error, Waiting):
                    self._why = one.error.message.removeprefix(f"{self._title}: ")
            else:
                why = one.change.reason or str(one.error or "refused")
                if len(rows) > 1 and _is_for_a_row(one):
                    divided.append((rows, why))
                else:
                    self._refuse(rows, why)
        return divided

    def _refuse(self, rows: Rows, why: str) -> None:
        line = self._plan.lines.get(next(iter(rows))) if len(rows) == 1 else None
        self._refused.append((len(rows), why if line is None else f"line {line}: {why}"))

    def _seen(self, rows: Rows) -> dict[str, Any]:
        """What stands in the cells that a call changes, as the history names them."""
        return {
            f"{row_id}/{name}": value
            for row_id in rows
            if row_id.isdecimal()
            for name, value in self._plan.before[int(row_id)].items()
        }


def _is_for_a_row(one: Became) -> bool:
    """Whether a call was refused for what is in it: then less may be taken."""
    error = one.error
    return (
        error is not None
        and (one.change.state == "refused" or isinstance(error, InvalidArgument))
        and error.nothing_done
        and not isinstance(error, PermissionDenied)
    )


def _parts(rows: Rows) -> list[Rows]:
    """Some rows in several parts, of the same kind of map."""
    size = -(-len(rows) // PARTS)
    named = [*rows.items()]
    return [type(rows)(named[first : first + size]) for first in range(0, len(named), size)]
