"""All rows of a table brought up to now, for who works with the whole of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tui.services.errors import ConnectionFailed, ServiceError
from tui.store.mirror.wishes import Wish
from tui.words import counted
from tui.workspace.as_it_was import AsItWas, as_it_was
from tui.workspace.books.kept_rows import KeptRows, Lost, Ordered, RowView, Told
from tui.workspace.books.rows import TableDesk

PAGE = 200


class NotAllHere(ServiceError):
    """Not all rows of a table could be read, or kept: nothing is done with a part of them."""


async def bring_up(
    desk: TableDesk, kept: KeptRows, view_id: int | None, told: Told
) -> AsItWas | None:
    """Read what is not here yet; how old it is, where that is not of now.

    Where the service cannot be reached and all rows are here, they are taken as they are.
    Raises NotAllHere, and what reading raises.
    """
    known = await kept.recall()
    try:
        first = (await desk.page(kept.place, view_id=view_id, size=PAGE)).value
        if kept.has_all(first, PAGE):
            await kept.take_whole(first)
        elif not await kept.refresh(first):
            await kept.gather(told)
    except ConnectionFailed:
        if known and kept.whole and kept.state is not None and kept.state.as_of is not None:
            return as_it_was("the rows", kept.state.as_of, kept.zone)
        raise
    if not kept.whole:
        here = 0 if kept.state is None else kept.state.count
        raise NotAllHere(
            f"only {counted(here, 'row')} can be had, and a part is not given as the whole",
            service="timetonic",
            advice="Try again; where the store is too small, raise its size in the configuration.",
        )
    return None


async def all_here(desk: TableDesk, kept: KeptRows) -> AsItWas | None:
    """The same where not all rows are here, or not any more: else the service is not asked."""
    if await kept.look():
        return None
    return await bring_up(desk, kept, kept.view_id, lambda _read, _of: None)


async def all_rows(kept: KeptRows, wish: Wish) -> RowView:
    """The rows of a table of which all are here, in an order; whoever asks closes it.

    Raises NotAllHere where some are not, or not any more.
    """
    view, _ = await kept.view(wish)
    if not view.ordered.state.complete:
        await view.close()
        raise _put_away()
    return view


@contextmanager
def undisturbed(ordered: Ordered) -> Iterator[None]:
    """What is done inside with all rows, in a thread. Raises NotAllHere where some of them were
    put away meanwhile: a part is not taken for the whole.
    """
    try:
        yield
        if ordered.lacks():
            raise Lost
    except Lost:
        raise _put_away() from None


def check(view: RowView) -> None:
    """Raises NotAllHere where what was asked of a view last was not all here any more."""
    if view.lost:
        raise _put_away()


def _put_away() -> NotAllHere:
    return NotAllHere(
        "the rows that were kept were put away meanwhile",
        service="timetonic",
        advice="Try again: they are read anew.",
    )
