"""What is typed into the search: words, and before a colon the screen that they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """What a person looks for; `room` is "" for all of them."""

    words: str
    room: str = ""
    between: tuple[str, ...] = ()
    """The screens that the beginning may mean, where it is not one alone."""


def wanted(text: str, rooms: Sequence[str]) -> Wanted:
    """Read what was typed. `books: regatta`, `b:regatta`; a colon after anything else is a sign."""
    head, colon, rest = text.partition(":")
    name = head.strip().casefold()
    if not colon or not name:
        return Wanted(text)
    meant = [room for room in rooms if room == name] or [
        room for room in rooms if room.startswith(name)
    ]
    if len(meant) == 1:
        return Wanted(rest, meant[0])
    return Wanted(text, between=tuple(meant))
