"""An earlier import of the same rows: found by what it made, or is still to make, and gone on with,
so that nothing is there twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from tui.services.errors import ServiceError
from tui.store.changes import Change
from tui.words import counted
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.sending import Sent, made_by
from tui.workspace.books.places import Place
from tui.workspace.changes.errors import Waiting
from tui.workspace.changes.history import History
from tui.workspace.changes.sending import words_of
from tui.workspace.uncollected import uncollected

OPERATION = "timetonic.createOrUpdateTableRows"
_encoded = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True)
class Earlier:
    """An import of before that has new rows of a plan."""

    group: str
    title: str
    begun: datetime
    places: frozenset[int]
    """Which of the plan's new rows it wrote, or is still to write."""
    open: int
    """How many of its rows wait to be sent, or are such as nobody knows of."""
    at_work: bool = False
    """Whether somebody sends it just now, or another deck or command that has it is still there."""

    @property
    def state(self) -> str:
        """What it does where something of it is open, after "which" or "that"."""
        return "is at work or waits" if self.at_work else "broke off"

    def told(self, plan: Plan, when: str) -> str:
        """What is known of it, in a sentence without its end; `when` it was begun."""
        all_new = len(plan.new)
        part = f"{len(self.places):,} of them" if len(self.places) < all_new else "all of them"
        news = f"{counted(all_new, 'row')} to add: {part} came with an import of {when}"
        return f"{news}, which {self.state}" if self.open else news

    def rest(self, plan: Plan) -> None:
        """Leave in a plan what the earlier import has not."""
        left = [number for number in range(len(plan.new)) if number not in self.places]
        lines = [plan.lines.get(f"tmp{number + 1}") for number in left]
        for number in range(len(plan.new)):
            plan.lines.pop(f"tmp{number + 1}", None)
        plan.new = [plan.new[number] for number in left]
        plan.lines |= {f"tmp{at}": one for at, one in enumerate(lines, 1) if one is not None}


async def earlier_of(history: History, place: Place, plan: Plan, *, by_key: bool) -> Earlier | None:
    """The latest import into the same table that has these new rows already, or a part of them.

    Where rows are known `by_key`, what is written is no new row of the plan: then only what is
    still to be sent counts. Without one an import that is at its end counts where at least half of
    these rows were in it, and it wrote some. What its end left in doubt is looked for first, also
    that of making it again.
    """
    if not plan.new:
        return None
    owner = history.clients.account("timetonic")
    await history.outbox.recover()
    groups = await asyncio.to_thread(history.changes.groups, owner, OPERATION)
    if not groups:
        return None

    def at_work(part: Change) -> bool:
        changes = history.changes
        return part.state == "sending" or (
            part.is_open and not changes.is_own(part) and changes.senders.lives(part.maker)
        )

    @uncollected()
    def find() -> Earlier | None:
        wanted: dict[bytes, list[int]] = {}
        for number, values in enumerate(plan.new):
            wanted.setdefault(_encoded(values), []).append(number)
        for group in groups:
            parts = history.changes.grouped(group)
            found = _compared(parts, place, wanted, by_key=by_key)
            if found is not None:
                return replace(found, at_work=any(map(at_work, parts)))
        return None

    return await asyncio.to_thread(find)


async def go_on(history: History, earlier: Earlier, told: Callable[[int], object]) -> Sent:
    """Send what waits of an earlier import; what came of all of it. `told` hears how many rows of
    it are written. Raises ReadOnly, OSError.
    """
    why, refused = "", list[tuple[int, str]]()
    for change in await asyncio.to_thread(history.changes.grouped, earlier.group):
        if change.state != "waiting":
            continue
        try:
            await history.outbox.send(change.id)
        except Waiting as error:
            why = error.message.removeprefix(f"{change.title}: ")
            break
        except ServiceError as error:
            refused.append((len(change.arguments.get("rows") or ()), words_of(error)))
        told((await made_by(history, earlier.group)).rows)
    made = await made_by(history, earlier.group)
    return Sent(made.rows, made.open, why, tuple(refused), made.unknown)


def _compared(
    parts: Sequence[Change], place: Place, wanted: Mapping[bytes, list[int]], *, by_key: bool
) -> Earlier | None:
    """An import as one that has rows which are wanted, given with their places in a plan; None
    where it has none of them, or rows that are others."""
    all_of_it = _shared(parts, wanted)
    parts = [one for one in parts if one.is_open or one.state == "done"]
    if not parts or str(parts[0].arguments.get("cat_id")) != str(place.table.id):
        return None
    its = [one for one in parts if one.is_open or not by_key]
    common = _shared(its, wanted)
    shared, count_of_its = sum(common.values()), sum(1 for one in its for _ in _new_rows(one))
    if not shared or (not by_key and shared < count_of_its):
        return None
    # Who gave one up, or took back a part of it, has the same file in hand all the same.
    open_ones = any(one.is_open for one in parts)
    if not open_ones and 2 * sum(all_of_it.values()) < sum(map(len, wanted.values())):
        return None
    places = (number for row, count in common.items() for number in wanted.get(row, ())[:count])
    first = parts[0]
    waiting = sum(len(one.arguments.get("rows") or ()) for one in parts if one.is_open)
    return Earlier(first.group, first.title, first.time, frozenset(places), waiting)


def _shared(parts: Sequence[Change], wanted: Mapping[bytes, list[int]]) -> dict[bytes, int]:
    """The new rows of some calls which are wanted, each with how often."""
    rows = Counter(row for one in parts for row in _new_rows(one))
    return {row: min(count, len(wanted.get(row, ()))) for row, count in rows.items()}


def _new_rows(change: Change) -> Iterator[bytes]:
    """The rows that a call makes, each as it is compared."""
    asked: dict[str, Any] = change.arguments.get("rows") or {}
    return (_encoded(values) for name, values in asked.items() if not name.isdecimal())
