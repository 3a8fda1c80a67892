"""What of one service is not settled, by the records that lists show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    # Lists are shown before anything of the changes is asked for.
    from tui.store.changes import Change

WAITS, NOT_KNOWN = "…", "?"
DELETED = "✗"
"""Stands behind the mark of what is to be deleted."""
LEGEND = (
    (WAITS, "Waits", "It is not sent yet; what is to be made stands behind the others."),
    (
        NOT_KNOWN,
        "Not known",
        "It was sent; nobody knows whether it was made. Changes shows it.",
    ),
    (DELETED, "To be deleted", "Behind one of the two: what is under it goes once that is sent."),
)
"""The marks: each with what it is called and what it means."""
_TAKES_AWAY = ("delete", "unregister")


class _Open(NamedTuple):
    # Every list is shown with it: nothing is imported for it before the first frame.
    changes: tuple[Change, ...] = ()


class Unsettled(_Open):
    """The open changes of one account, in the order in which they were begun."""

    @cached_property
    def _by_record(self) -> Mapping[str, Change]:
        """The change that counts most of each record: what is not known, else the latest."""
        found: dict[str, Change] = {}
        for change in self.changes:
            for whole in change.records:
                # A session's log and a text that is saved on it are parts of it.
                parts = whole.split("/")
                for record in {"/".join(parts[1:]), "/".join(parts[1:3])}:
                    if record not in found or found[record].state != "unknown":
                        found[record] = change
        return found

    def mark(self, record: str) -> str:
        """What stands before a record, such as `invoice/3`; "" where nothing of it is open."""
        change = self._by_record.get(record)
        if change is None:
            return ""
        takes_away = change.operation.endswith(_TAKES_AWAY)
        return f"{sign_of_open(change)} {DELETED}" if takes_away else sign_of_open(change)

    def new(self, *operations: str) -> list[Change]:
        """Those that make something by one of these operations."""
        return [one for one in self.changes if one.operation in operations]


NOTHING = Unsettled()


def called(change: Change) -> str:
    """What that is called which a change makes."""
    names = (change.arguments.get(name) for name in ("name", "title"))
    return next((name for name in names if isinstance(name, str) and name), change.title)


def new_key(change: Change) -> str:
    """What the row of what is to be made is called: like no id of a service."""
    return f"new {change.id}"


def unsettled_of(changes: Iterable[Change], owner: str) -> Unsettled:
    """Those of one account."""
    return Unsettled(tuple(one for one in changes if one.owner == owner))


def sign_of_open(change: Change) -> str:
    """The mark of an open change."""
    return NOT_KNOWN if change.state == "unknown" else WAITS
