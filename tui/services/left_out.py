"""What of an answer could not be read and was left out: counted, and told to whoever listens.

One element of a list that cannot be read does not cost the others. It is left out and noted
here, with its place, and the notes travel beside the answer:

    with collecting() as notes:
        books = await client.get_all_books()
    for line in sentences(notes):
        ...                      # "1 of 12 books could not be read: allBooks.books[3].b_c"

Every operation collects; without anybody around it that does, what it left out goes to the log.
Outside of operations nothing is left out: a reader raises, as a person's own input has to be.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import msgspec

from tui.late_patterns import late_pattern

T = TypeVar("T")

SHOWN = 3
"""Places that a sentence names; the others are only counted."""

_UNTELLING = frozenset({"answer", "data", "response"})
"""Names of lists that say nothing to a person: the service's word for "what you asked for"."""

_NAMES = ("title", "name", "b_c", "short_url", "serial_number")
"""What a person knows a thing by, in the words of the services: the first that it has counts."""
_LONGEST_NAME = 60

_KEY = late_pattern(r"[A-Za-z]+_\d+(?![\w\[])")
"""A key that a service makes of a thing's kind and its id, such as `block_450`."""

_log = logging.getLogger("tockdeck.services")


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Elements of one list that were left out: where it stands, and what could not be read."""

    name: str
    """The list's place, such as `allBooks.books[1].members`."""
    total: int
    """How many elements it had; 0 where it is no list, but a part that was asked for by itself."""
    places: tuple[str, ...]
    """The place of each that was left out, as deep as reading came."""
    reason: str
    """Why the first of them was, in words."""
    names: tuple[str, ...] = ()
    """What each that was left out is called, or why it was; empty where nobody says."""
    within: str = ""
    """What the record is called that the list stands in; empty where it does not say."""

    @property
    def labelled(self) -> list[str]:
        """The places, each with what a person knows it by."""
        names = self.names or ("",) * len(self.places)
        around = f"in {self.within}" if self.within else ""
        labels = [", ".join(filter(None, (name, around))) for name in names]
        return [
            f"{place} ({label})" if label else place
            for place, label in zip(self.places, labels, strict=True)
        ]


class PartialList(list[T]):
    """A list of which something was left out; `received` is how many the service sent."""

    received = 0


def as_received(items: list[T], count: int) -> list[T]:
    """The list with how many elements the service sent."""
    if count <= len(items):
        return items
    partial = PartialList(items)
    partial.received = count
    return partial


def received(items: Sequence[object]) -> int:
    """How many elements the service sent, those that were left out too: what paging counts."""
    return items.received if isinstance(items, PartialList) else len(items)


_current: ContextVar[list[LeftOut] | None] = ContextVar("left_out", default=None)


def notes() -> list[LeftOut] | None:
    """The notes of what runs now; None where nothing may be left out."""
    return _current.get()


@contextmanager
def collecting() -> Iterator[list[LeftOut]]:
    """Collect what is left out by everything that runs inside, tasks begun there included.

    What runs around it is told too, once this ends without an error.
    """
    outer = _current.get()
    found: list[LeftOut] = []
    token = _current.set(found)
    try:
        yield found
    finally:
        _current.reset(token)
    if outer is not None:
        outer.extend(found)


@contextmanager
def operating() -> Iterator[list[LeftOut]]:
    """As collecting, for one operation: with nobody around it the log is told."""
    outer = _current.get()
    with collecting() as found:
        yield found
    if outer is None:
        for line in sentences(found):
            _log.warning("%s", line)


def called(*forms: object) -> str:
    """What a thing is called, as a record of it or as the service sent it; empty where nothing."""
    for form in forms:
        inner = next(iter(form.values())) if isinstance(form, dict) and len(form) == 1 else None
        # Some wrap each element once more: `{"device": {"name": ...}}`.
        told = inner if isinstance(inner, dict) else form
        for name in _NAMES:
            value = told.get(name) if isinstance(told, dict) else getattr(told, name, None)
            if isinstance(value, str) and value.strip():
                return " ".join(value.split())[:_LONGEST_NAME]
    return ""


def sentences(found: Iterable[LeftOut]) -> list[str]:
    """What was left out, one line for each kind of list."""
    kinds: dict[str, list[LeftOut]] = {}
    for one in dict.fromkeys(found):
        kinds.setdefault(re.sub(r"\[[^\]]*\]", "", one.name), []).append(one)
    return [_sentence(kind, ones) for kind, ones in kinds.items()]


def _once(places: list[str]) -> list[str]:
    """The places, each thing that a key of its own names only the first time; an index in a list
    says nothing of what stands there.
    """
    found: dict[object, str] = {}
    for count, place in enumerate(places):
        key = _KEY.match(place)
        found.setdefault(key[0] if key else count, place)
    return list(found.values())


def _sentence(kind: str, ones: list[LeftOut]) -> str:
    noun = kind.rpartition(".")[2]
    told = [place for one in ones for place in one.labelled]
    places = _once(told)
    more = len(places) - SHOWN
    shown = ", ".join(places[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    total: int | str = sum(one.total for one in ones)
    if len(places) < len(told):
        # Answers to several requests held the same: nobody knows how much else of them was.
        total = f"at least {max(max(one.total for one in ones), len(places))}"
    what = "entries" if noun in _UNTELLING else noun
    words = f"{len(places)} of {total} {what} could not be read: {shown}"
    if not total:
        words = f"{noun} could not be read: {ones[0].reason}"
    return printable(words)


def printable(words: str) -> str:
    """Words with places in them, which are made of the service's own keys: these hold anything."""
    return "".join(mark if mark.isprintable() else "·" for mark in words)
