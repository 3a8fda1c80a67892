"""How changes are taken back, in the ways that several kinds share."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tui.store.changes import Change, Step

WayBack = Callable[[Change], Step | str]
"""Given a change that was made: the step back, or why there is none."""


class Never(msgspec.Struct, frozen=True):
    """Nothing takes it back, whatever it was; `why`, in a sentence."""

    why: str

    def __call__(self, _change: Change) -> Step | str:
        return self.why


def deletion(operation: str, argument: str, what: str) -> WayBack:
    """What was made is taken back by deleting it."""

    def inverse(change: Change) -> Step | str:
        number = change.answer.get("id")
        if number is None:
            return "The service did not tell the id of what it made."
        title = f"{what} {number} is deleted"
        return Step(operation=operation, arguments={argument: number}, title=title)

    return inverse


def opposite(operation: str) -> WayBack:
    """The call with the same arguments that does the opposite."""

    def inverse(change: Change) -> Step | str:
        return Step(operation=operation, arguments=change.arguments)

    return inverse


def made_again(operation: str, inexact: str) -> WayBack:
    """What was deleted is made again of what it held."""

    def inverse(change: Change) -> Step | str:
        if change.before is None:
            return "Nobody knows what it held."
        held = {name: value for name, value in change.before.items() if value not in (None, "")}
        return Step(operation=operation, arguments=held, inexact=inexact)

    return inverse
