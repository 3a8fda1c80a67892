"""Answers in JSON that take long: blanks before them say that this one lives."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from starlette.responses import Response, StreamingResponse

from tui.embedded.igtimi.answers import Refused
from tui.embedded.mishaps import in_words

ALIVE_SECONDS = 1.0
"""Seconds between two blanks: who asks gives up after a few without a byte."""


async def living_answer(work: Coroutine[Any, Any, Response]) -> Response:
    """What `work` answers in JSON: as it is where that comes soon, else behind blanks.

    `work` that is refused after a while can no longer say so by a status: its refusal is the answer
    all the same, which clients know by its `error`. It ends with who asked.
    """
    working = asyncio.ensure_future(work)
    try:
        soon, _ = await asyncio.wait({working}, timeout=ALIVE_SECONDS)
    except asyncio.CancelledError:
        working.cancel()
        raise
    if soon:
        return working.result()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            yield b" "
            while not (await asyncio.wait({working}, timeout=ALIVE_SECONDS))[0]:
                yield b" "
            yield _body(working)
        finally:
            working.cancel()

    return StreamingResponse(pieces(), media_type="application/json; charset=utf-8")


def _body(work: asyncio.Future[Response]) -> bytes:
    """What was answered, or why it was refused; a mistake of ours breaks it off."""
    try:
        answer = work.result()
    except Refused as error:
        answer = error.response()
    except (sqlite3.DatabaseError, OSError) as error:
        known = in_words(error)
        if known is None:
            raise
        answer = Refused(*known).response()
    return bytes(answer.body)
