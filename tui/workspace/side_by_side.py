"""Reads beside each other, of which one that fails does not cost the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from tui.services.errors import (
    NotFound,
    PermissionDenied,
    ProtocolViolation,
    Refused,
    ServiceError,
    is_breakdown,
)
from tui.services.left_out import LeftOut, notes

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

AT_ONCE = 4
"""Reads of a kind that are on their way beside each other."""


class Reading(Protocol[R_co]):
    """What begins a reading. A plain Callable has mypy take the type of what is there instead."""

    def __call__(self) -> Awaitable[R_co]: ...


def is_about_one(error: ServiceError) -> bool:
    """Whether a failure is about what was asked for: what else is asked of that service may come
    all the same. A service that is not reached, or knows nobody, has nothing for anybody.
    """
    about_one = isinstance(error, (PermissionDenied, NotFound, Refused, ProtocolViolation))
    return about_one or is_breakdown(error.status)


async def whole(things: Sequence[T], read: Callable[[T], Awaitable[R]]) -> list[R]:
    """What reading each of them gives, in their order, where it is worth nothing in part.

    Raises what reading raises first, and nothing more is asked for then.
    """
    turns = asyncio.Semaphore(AT_ONCE)

    async def of(thing: T) -> R:
        async with turns:
            try:
                return await read(thing)
            except Exception:
                # Now and not when it is told: the next has its turn as soon as this one is left.
                for one in reads:
                    if one is not asyncio.current_task():
                        one.cancel()
                raise

    reads = [asyncio.ensure_future(of(thing)) for thing in things]
    return await asyncio.gather(*reads)


async def each(
    kind: str,
    things: Sequence[T],
    read: Callable[[T], Awaitable[R]],
    called: Callable[[T], str],
) -> list[R]:
    """What reading each of them gives, in their order.

    One that cannot be read is left out, and noted as one of `kind` by what it is `called`, with
    the reason. Raises what reading raises where that is not about one of them, where none of them
    can be read, and where nobody collects what is left out.
    """
    found = notes()

    async def of(thing: T) -> R | ServiceError:
        try:
            return await read(thing)
        except ServiceError as error:
            if found is None or not is_about_one(error):
                raise
            return error

    outcomes = await whole(things, of)
    failed = [
        (called(thing), outcome)
        for thing, outcome in zip(things, outcomes, strict=True)
        if isinstance(outcome, ServiceError)
    ]
    there = [one for one in outcomes if not isinstance(one, ServiceError)]
    if failed:
        if found is None or not there:
            raise failed[0][1]
        names, reasons = zip(*((name, error.message) for name, error in failed), strict=True)
        found.append(
            LeftOut(name=kind, total=len(things), places=names, reason=reasons[0], names=reasons)
        )
    return there


async def perhaps(what: str, read: Reading[R], instead: R) -> R:
    """A part of a whole that is worth seeing without it: what reading it gives, else `instead`,
    and that `what` could not be read is noted. Raises as `each` does.

    Given up before its turn came, it has begun no reading that nobody would await.
    """
    try:
        return await read()
    except ServiceError as error:
        found = notes()
        if found is None or not is_about_one(error):
            raise
        found.append(LeftOut(name=what, total=0, places=(what,), reason=error.message))
        return instead
