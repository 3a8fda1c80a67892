"""What was done to a record since it was made, which goes with it when the making is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui.store.changes import Change, Changes, Step, Wanted
from tui.words import counted
from tui.workspace.changes.kinds import kind_of

AT_ONCE = 100
"""Changes that are looked through at a time, the newest first."""
NAMED = 2
"""Titles that are said."""


def lost_with(changes: Changes, parts: Sequence[Change]) -> str:
    """The later changes that are lost where these are taken back, in a sentence; else "".

    Mostly undo has taken them back before. What it could not take back, or passed over, still
    stands in the records that are then deleted.
    """
    made = [one for one in parts if one.inverse is not None and _deletes(one.inverse)]
    records = {record for one in made for record in one.records}
    if not records:
        return ""
    since, own = max(one.sequence for one in made), {one.id for one in parts}
    titles = dict.fromkeys(
        one.title
        for one in _later(changes, made[0].owner, since)
        if one.id not in own and not one.undoes and records.intersection(one.records)
    )
    if not titles:
        return ""
    more = len(titles) - NAMED
    rest = f" and {counted(more, 'more change')}" if more > 0 else ""
    named = f"{', '.join([*titles][:NAMED])}{rest}"
    return f"What was done since goes with it: {named}."


def _deletes(step: Step) -> bool:
    """Whether a step back deletes what was made: a deletion keeps all that it finds."""
    return bool(step.arguments.get("row_ids")) if step.way else kind_of(step.operation).keeps


def _later(changes: Changes, owner: str, since: int) -> Iterator[Change]:
    """What stands of an account that was begun after that change, the newest first."""
    wanted, past = Wanted(owner=owner, states=("done",)), 0
    while True:
        found: Iterable[Change] = changes.newest(AT_ONCE, wanted, past=past)
        later = [one for one in found if one.sequence > since]
        yield from later
        if len(later) < AT_ONCE:
            return
        past += AT_ONCE
