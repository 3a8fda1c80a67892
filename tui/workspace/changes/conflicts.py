"""What somebody else has made of a record since a person saw it, and what of a change is left.

Nothing here asks a service or a person: it compares fields, and makes of a change what was decided.
"""

from __future__ import annotations

from msgspec.structs import replace

from tui.store.changes import Change
from tui.workspace.changes.errors import AlreadySo, Conflict, TheirsStay
from tui.workspace.changes.kinds import Data, Kind
from tui.workspace.changes.values import differing, same


def conflict_of(
    change: Change, seen: Data, now: Data, there: Data, *, undoing: bool = False
) -> Conflict | None:
    """Where the fields that are `there` are others than they were seen and others than they are
    to become; None where nothing stands against the change. `now` are all that were read.
    """
    expected = {name: value for name, value in seen.items() if name in now and name in there}
    theirs = differing({name: there[name] for name in expected}, expected)
    # Who wanted the same as what is there by now has nothing to choose.
    theirs = {
        name: value
        for name, value in theirs.items()
        if name not in change.wanted or not same(value, change.wanted[name])
    }
    if not theirs:
        return None
    return Conflict(
        f"{change.title}: somebody else changed it meanwhile.",
        seen={name: expected.get(name) for name in theirs},
        theirs=theirs,
        mine={name: change.wanted[name] for name in theirs if name in change.wanted},
        undoing=undoing,
        called=change.field_names,
        service=change.service,
        operation=change.operation,
    )


def decided(change: Change, kind: Kind, there: Data, conflict: Conflict, chosen: Data) -> Change:
    """The change with those fields of the conflict that were `chosen` to be written.

    Raises TheirsStay where nothing is left to be written.
    """
    if not change.wanted:
        return replace(change, before=there)
    kept = {name: value for name, value in change.wanted.items() if name not in conflict.theirs}
    wanted = {**kept, **chosen}
    if not wanted:
        raise TheirsStay.of(conflict)
    arguments = kind.with_fields(change.arguments, wanted)
    return replace(change, before=there, wanted=wanted, arguments=arguments)


def turned_over(change: Change, kind: Kind, there: Data, seen: Data | None) -> Change:
    """A change that turns a field over, with what it is to become.

    Raises AlreadySo where somebody else has turned it over since it was seen.
    """
    name = kind.turns_over
    wanted = change.wanted or {name: not (seen or there).get(name)}
    if same(there.get(name), wanted[name]):
        raise AlreadySo(f"{change.title}: it is so already.", service=change.service)
    return replace(change, before=there, wanted=wanted)
