"""What of a request's body has gone: its call gets time for it, and who waits is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from tui.services.limits import Allowance

if TYPE_CHECKING:
    import httpx


class Going(msgspec.Struct):
    """Who is told how many bytes of what is being sent have been handed on."""

    told: Callable[[int], object]
    before: int = 0
    """Bytes that went, or were there already, before the request that is being sent now."""


_going: ContextVar[Going | None] = ContextVar("going", default=None)


@contextmanager
def telling(told: Callable[[int], object]) -> Iterator[None]:
    """While it lasts `told` hears how many bytes of the bodies of requests have been handed on.

    What a form has around a file counts as well: it is a little more than the file.
    """
    token = _going.set(Going(told))
    try:
        yield
    finally:
        _going.reset(token)


def went_before(size: int) -> None:
    """So many bytes went before the next request, or need not go."""
    going = _going.get()
    if going is not None:
        going.before = size
        going.told(size)


def is_cut(request: Any) -> bool:
    """Whether the end of a request's body was never handed on: so no service has acted on it.

    Only of what is handed on in pieces; what goes at once may have gone.
    """
    total = request.headers.get("content-length", "")
    handed = getattr(getattr(request, "stream", None), "handed", None)
    return handed is not None and total.isdecimal() and handed < int(total)


@cache
def counted() -> Callable[[Any, Allowance], httpx.AsyncByteStream]:
    """Makes of a request's body one that gives its call more time for what of it has gone."""
    import httpx

    class Counted(httpx.AsyncByteStream):
        def __init__(self, stream: Any, allowance: Allowance) -> None:
            self._stream = stream
            self._allowance = allowance
            self.handed: int | None = None
            """Bytes that were handed on; None while nobody has asked for any."""

        def __aiter__(self) -> AsyncIterator[bytes]:
            self._pieces, self._gone, self.handed = aiter(self._stream), 0, 0
            self._going = _going.get()
            return self

        async def __anext__(self) -> bytes:
            # It is asked for the next when the one before has gone.
            self._allowance.add(self._gone)
            self._gone = 0
            piece: bytes = await anext(self._pieces)
            self._gone = len(piece)
            self.handed = (self.handed or 0) + len(piece)
            if self._going is not None:
                self._going.told(self._going.before + self.handed)
            return piece

    return Counted
