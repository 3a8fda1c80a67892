"""Parts that are made when first asked for, and only once, whatever thread asks."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, TypeVar, overload

Made = TypeVar("Made")

_making = RLock()
"""One for all parts: making one asks for others, and a thread that waits wants nothing else."""


class made_once(Generic[Made]):  # noqa: N801 - used as `property` is
    """A property whose value is made at the first use and kept in the object.

    functools.cached_property has no lock from Python 3.12 on: there two threads that ask at the
    same time each get an object of their own, say two files of changes. Once the value is
    there, reading it costs what any attribute costs.
    """

    def __init__(self, make: Callable[[Any], Made]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> made_once[Made]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Made: ...

    def __get__(self, instance: object | None, owner: type) -> made_once[Made] | Made:
        if instance is None:
            return self
        kept = instance.__dict__
        with _making:
            if self._name not in kept:
                kept[self._name] = self._make(instance)
            value: Made = kept[self._name]
            return value
