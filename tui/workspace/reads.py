"""Reads that paint at once: the kept answer with its age first, the fresh one after it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from tui.services.left_out import LeftOut, collecting, notes
from tui.store.cache import Cache, Cached

T = TypeVar("T")


class Answer(NamedTuple, Generic[T]):
    """What a read gave, when, and whether it came from the disk instead of the service.

    `left_out` is what of the service's lists could not be read; `sentences` says it.
    """

    value: T
    as_of: datetime
    kept: bool
    left_out: tuple[LeftOut, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    """An answer as it lies on the disk, with what it lacks."""

    value: msgspec.Raw
    left_out: tuple[LeftOut, ...] = ()


class Reads:
    """Reads through the cache of this program. Keys begin with the account they belong to."""

    def __init__(
        self,
        cache: Cache,
        heard: Callable[[str, Any], object] = lambda _key, _value: None,
        forgotten: Callable[[str], object] = lambda _prefix: None,
    ) -> None:
        """`heard` is told the key and the value of everything that was read anew, `forgotten`
        in a thread, what the keys begin with that are dropped.
        """
        self._cache = cache
        self.heard = heard
        self._forgotten = forgotten
        self.answered: Callable[[str], object] = lambda _service: None
        """Is told which service has just answered."""
        self._told: dict[str, tuple[LeftOut, ...]] = {}
        """What was left out of kept answers, until a fresh one says what is left out now."""

    async def kept(self, key: str, hint: type[T] | Any) -> Answer[T] | None:
        """The answer kept from an earlier read, or None. Never touches the network."""
        answer: Answer[T] | None = decoded(await asyncio.to_thread(self._cache.get, key), hint)
        heard = notes()
        if answer is not None and heard is not None and answer.left_out:
            heard.extend(answer.left_out)
            self._told[key] = answer.left_out
        return answer

    async def fresh(
        self,
        key: str,
        fetch: Callable[[], Awaitable[T]],
        kept_as: Callable[[T], T | None] = lambda value: value,
    ) -> Answer[T]:
        """Ask the service and keep its answer, or what `kept_as` makes of it; nothing where that
        is None. Raises what `fetch` raises.
        """
        value, left_out = await listening(fetch)
        self.answered(key.partition("@")[0])
        heard, told = notes(), self._told.pop(key, ())
        if heard is not None and told:
            heard[:] = [one for one in heard if one not in told or one in left_out]
        keeping = kept_as(value)
        if keeping is not None:
            kept = _Kept(msgspec.Raw(msgspec.json.encode(keeping)), left_out)
            await asyncio.to_thread(self._cache.put, key, msgspec.json.encode(kept))
            self.heard(key, value)
        return Answer(value, datetime.now(UTC), kept=False, left_out=left_out)

    async def keys(self, prefix: str) -> list[tuple[str, float]]:
        """What is kept under keys that begin so, and when it came, in seconds of the epoch."""
        return await asyncio.to_thread(self._cache.keys, prefix)

    async def forget(self, prefix: str) -> None:
        """Drop kept answers after a change."""
        await asyncio.to_thread(self._cache.forget, prefix)
        await asyncio.to_thread(self._forgotten, prefix)

    async def close(self) -> None:
        """Close the cache's file; the next read opens it again."""
        await asyncio.to_thread(self._cache.close)


def decoded(found: Cached | None, hint: type[T] | Any) -> Answer[T] | None:
    """A kept answer as its type; None for none, and for what cannot be read any more."""
    if found is None:
        return None
    try:
        kept = msgspec.json.decode(found.content, type=_Kept)
        value: T = msgspec.json.decode(kept.value, type=hint)
    except (msgspec.DecodeError, RecursionError):
        # Written by another version of the program: the same as not kept.
        return None
    return Answer(value, found.stored, kept=True, left_out=kept.left_out)


async def listening(fetch: Callable[[], Awaitable[T]]) -> tuple[T, tuple[LeftOut, ...]]:
    """What a read gives, and what it had to leave out."""
    with collecting() as left_out:
        value = await fetch()
    return value, tuple(left_out)
