"""Reads that paint at once: the kept answer with its age first, the fresh one after it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec

from tui.store.cache import Cache

T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What a read gave, when, and whether it came from the disk instead of the service."""

    value: T
    as_of: datetime
    kept: bool


class Reads:
    """Reads through the cache of this program. Keys begin with the account they belong to."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def kept(self, key: str, hint: type[T] | Any) -> Answer[T] | None:
        """The answer kept from an earlier read, or None. Never touches the network."""
        found = await asyncio.to_thread(self._cache.get, key)
        if found is None:
            return None
        try:
            value: T = msgspec.json.decode(found.content, type=hint)
        except (msgspec.DecodeError, RecursionError):
            # Written by another version of the program: the same as not kept.
            return None
        return Answer(value, found.stored, kept=True)

    async def fresh(self, key: str, fetch: Callable[[], Awaitable[T]]) -> Answer[T]:
        """Ask the service and keep its answer. Raises what `fetch` raises."""
        value = await fetch()
        content = msgspec.json.encode(value)
        await asyncio.to_thread(self._cache.put, key, content)
        return Answer(value, datetime.now(UTC), kept=False)

    async def forget(self, prefix: str) -> None:
        """Drop kept answers after a change."""
        await asyncio.to_thread(self._cache.forget, prefix)

    async def close(self) -> None:
        """Close the cache's file; the next read opens it again."""
        await asyncio.to_thread(self._cache.close)
