"""The elements of a list in an answer: one that cannot be read does not cost the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from tui.services.errors import ProtocolViolation, ServiceError
from tui.services.left_out import LeftOut, as_received, called, notes
from tui.services.scalars import is_nothing, unreadable

T = TypeVar("T")


def elements(value: Any, at: str) -> list[tuple[str, Any]]:
    """The elements of a list, each with its place; of what stands for no list there are none.

    PHP writes a list with gaps as an object whose keys are numbers. Raises ProtocolViolation for
    anything else.
    """
    if is_nothing(value):
        return []
    if isinstance(value, list):
        return [(f"{at}[{index}]", element) for index, element in enumerate(value)]
    if isinstance(value, dict) and all(map(str.isdecimal, value)):
        return [(f"{at}[{key[:60]}]", element) for key, element in value.items()]
    raise unreadable(at, "a list", value)


def each(value: Any, at: str, item: Callable[[Any, str], T], *, subject: bool = False) -> list[T]:
    """What `item` makes of every element of a list.

    Within an operation an element that cannot be read is left out and noted. Of a list that is
    the `subject` of an answer at least one has to be readable. Raises ProtocolViolation.
    """
    return each_of(elements(value, at), at, item, subject=subject)


def each_of(
    found: list[tuple[str, Any]], at: str, item: Callable[[Any, str], T], *, subject: bool = False
) -> list[T]:
    """As `each`, of elements that have their places already."""
    heard = notes()
    if heard is None:
        return [item(element, place) for place, element in found]
    kept: list[T] = []
    failures: list[tuple[str, ProtocolViolation]] = []
    names: list[str] = []
    for place, element in found:
        before = len(heard)
        try:
            kept.append(item(element, place))
        except ProtocolViolation as error:
            # It counts once, whatever of it had been left out by then.
            del heard[before:]
            failures.append((getattr(error, "place", place), error))
            names.append(called(element))
        else:
            if len(heard) > before:
                within = called(kept[-1], element)
                heard[before:] = [
                    one if one.within else msgspec.structs.replace(one, within=within)
                    for one in heard[before:]
                ]
    if not failures:
        return kept
    if subject and not kept:
        raise failures[0][1]
    left_out(at, len(found), failures, names)
    return as_received(kept, len(found))


def left_out(
    at: str, total: int, failures: Sequence[tuple[str, ServiceError]], names: Sequence[str] = ()
) -> None:
    """Note what was left out of a list of `total` elements, perhaps with what each is called.

    Raises the first where nobody notes.
    """
    heard = notes()
    if heard is None:
        raise failures[0][1]
    places = tuple(place for place, _ in failures)
    reason = failures[0][1].message
    heard.append(LeftOut(name=at, total=total, places=places, reason=reason, names=tuple(names)))
