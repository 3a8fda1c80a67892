"""The rows of one table or view in the mirror: kept as the service tells of them, read in any
order, whatever their number.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import TypeVar
from weakref import WeakSet

import msgspec

from tui.services.left_out import received
from tui.services.timetonic import Field, Table, TableRow, TableValues
from tui.services.timetonic.by_column import SomeValues
from tui.services.timetonic.table_pages import pages_in_order
from tui.store.mirror.collection import State
from tui.store.mirror.figures import Figures
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.ordered import Match, Ordered
from tui.store.mirror.pivots import Pivoting
from tui.store.mirror.troubles import GivenUp, Lost
from tui.store.mirror.wishes import Filter, Sort, Wish
from tui.workspace.books.asked_rows import PAGE, AskedRows
from tui.workspace.books.mirrored import Described, Translation, column_name
from tui.workspace.books.places import ROWS, Place
from tui.workspace.books.row_view import Pages, RowView, Seen, given_up_with, to_its_end

__all__ = ["GivenUp", "KeptRows", "Lost", "Match", "Ordered", "RowView", "Seen", "State"]

LARGE_PAGE = 1000
"""Rows of a request where all of them are wanted: each costs the deck as much as some hundred rows
do."""
AT_ONCE = 2
"""Such requests that are under way at a time; more would only take memory."""
MOST_CHANGED = 2_000
"""Changed rows that are read one by one; where more have changed all are read anew."""
_ROWS_ASKED_FOR = 200
"""Rows of one request that names them."""
_LOSSES = 2
"""How often the file of the mirror may become another one under one piece of work."""
_TRIES = 3
"""How often all rows are read where they change meanwhile."""

_FIRST = Seen(0, 0, PAGE)

T = TypeVar("T")
Told = Callable[[int, int | None], None]
"""Hears how many rows were read, of how many."""


class KeptRows:
    """The rows of a place as the mirror has them, and how they come there."""

    def __init__(
        self,
        asked: AskedRows,
        mirror: Mirror,
        owner: str,
        place: Place,
        view_id: int | None,
        zone: tzinfo,
        changed: Callable[[str], object] = lambda _key: None,
    ) -> None:
        """`changed` hears the key whenever what is kept became other."""
        self._asked = asked
        self._mirror = mirror
        self._place = place
        self.view_id = view_id
        self.zone = zone
        self._changed = changed
        self.name = f"{ROWS}{place.key}/{'' if view_id is None else view_id}"
        self._owner = owner
        self._kept = mirror.collection(owner, self.name)
        self._translation = Translation((), zone)
        self.table: Table | None = None
        """The table as it was read last."""
        self.fields: list[Field] = []
        self.state: State | None = None
        """What is kept; None for nothing."""
        self._views = WeakSet[RowView]()

    @property
    def key(self) -> str:
        """What it is called among all tables of all accounts."""
        return f"{self._owner}/{self.name}"

    @property
    def place(self) -> Place:
        """The table where it stands."""
        return self._place

    @property
    def counted(self) -> bool:
        """Whether the service tells how many rows there are: not for a view or a mirrored table."""
        return self.view_id is None and self._place.tab_id is None

    @property
    def whole(self) -> bool:
        """Whether all rows are here, as of the state's time."""
        return self.state is not None and self.state.complete

    # -- what is here -----------------------------------------------------------------------------

    async def recall(self) -> bool:
        """Find what an earlier read has kept; whether there is anything."""
        state = await asyncio.to_thread(self._recalled)
        if state is None:
            return False
        try:
            table = msgspec.json.decode(state.info, type=Described).table
        except (msgspec.DecodeError, RecursionError):
            return False  # of another version of the program: the same as not kept
        self._describe(table)
        if state.signature != self._translation.shape.signature:
            return False
        self.state = state
        return state.count > 0 or state.complete

    def _recalled(self) -> State | None:
        try:
            return self._kept.state()
        except Lost:
            return None

    async def look(self) -> bool:
        """Whether all rows are here still: another deck or a verb may have put some away."""
        if self.state is not None and self.state.complete:
            found = await asyncio.to_thread(self._recalled)
            complete = found is not None and found.complete
            self.state = replace(found or self.state, complete=complete)
        return self.whole

    def _describe(self, table: Table) -> bool:
        """Take the fields from a table that was read; whether the rows' shape is another now."""
        fields = sorted(table.fields, key=lambda field: (field.order is None, field.order or 0))
        self.table = table
        if fields == self.fields:
            return False
        before = self._translation.shape.signature
        self.fields, self._translation = fields, Translation(fields, self.zone)
        return self._translation.shape.signature != before

    def wish(self, typed: str, sorts: Iterable[tuple[str, bool]]) -> Wish:
        """What is typed and by which columns, as the mirror takes it."""
        if not typed.strip():
            return Wish(tuple(Sort(*one) for one in sorts))
        from tui.workspace.books.narrowed import wish_of

        return wish_of(typed, sorts, self.fields, self.zone)

    async def view(
        self, wish: Wish, row: int | None = None, at: Seen = _FIRST
    ) -> tuple[RowView, Pages]:
        """The rows that are here and wished for, in their order, with the pages around a row by
        its id, or else around the places that are seen.
        """
        pages: Pages = {}
        for losses in range(_LOSSES):
            view = RowView(self._ordered(wish))
            view.lost = losses > 0
            try:
                pages = await given_up_with(view.ordered, partial(view.begin, row, at))
            except Lost:
                self.state = await asyncio.to_thread(self._again, self._begin)
            except asyncio.CancelledError:
                # The thread goes on for a moment, and nobody is given what it opens.
                view.leave()
                raise
            else:
                self._views.add(view)
                break
        return view, pages

    async def keep_order(self, wish: Wish) -> None:
        """Put the order of the rows that are here into the mirror's file: there it is found at
        once, whatever row of it is to be seen. It may take long, and is in nobody's way.
        """
        ordered = self._ordered(wish)
        try:
            with suppress(GivenUp, Lost):  # without it the order is made again when it is needed
                await given_up_with(ordered, lambda: self._mirror.keep(ordered.begin()))
        finally:
            await asyncio.to_thread(ordered.close)

    def _ordered(self, wish: Wish) -> Ordered:
        return self._mirror.ordered(self._owner, self.name, self._translation.shape, wish)

    async def figures(
        self, fields: Sequence[Field], filters: Iterable[Filter], most: int
    ) -> list[Figures]:
        """What the columns of fields come to, over the rows that are here and wished for."""
        names = [column_name(field) for field in fields]
        shape = self._translation.shape
        figuring = self._mirror.figuring(self._owner, self.name, shape, filters)
        return await given_up_with(figuring, partial(figuring.of, names, most))

    def pivoting(self, filters: Iterable[Filter]) -> Pivoting:
        """What puts the rows that are here and wished for in groups."""
        shape = self._translation.shape
        return self._mirror.pivoting(self._owner, self.name, shape, filters)

    # -- what the service tells -------------------------------------------------------------------

    async def take(self, offset: int, values: TableValues) -> None:
        """Keep a page of rows that was read; what cannot be there beside it any more goes."""
        since = 0 if self.state is None else self.state.writes
        await self._put(offset, values, self._again)
        if self.counted:
            shorten = partial(self._kept.shorten, since)
            self.state = await asyncio.to_thread(self._again, shorten)
        self._changed(self.key)

    async def _put(
        self, offset: int, values: SomeValues, way: Callable[[Callable[[], State]], State]
    ) -> None:
        self._describe(values.table)
        translation = self._translation
        total = values.table.row_count if self.counted else None

        def put() -> None:
            records = translation.batch(values)
            now = datetime.now(UTC)
            found = way(
                lambda: self._kept.put(
                    records, translation.shape, first=offset, total=total, as_of=now
                )
            )
            known = self.state
            if known is None or found.id != known.id or found.writes > known.writes:
                # Of several that are put at once the last one to be done need not be the newest.
                self.state = found

        await to_its_end(put)

    def _begin(self) -> State:
        """Make room for rows of the fields that were read; what is here of the same ones stays."""
        assert self.table is not None  # it was described before
        info = msgspec.json.encode(Described(table=self.table))
        self.state = self._kept.begin(self._translation.shape, info)
        return self.state

    def _again(self, work: Callable[[], T]) -> T:
        """Once more, where the file became another one on the way."""
        for _ in range(_LOSSES):
            try:
                return work()
            except Lost:
                with suppress(Lost):
                    # The disk may not take that either: memory does, the next time.
                    self._begin()
        return work()

    async def take_whole(self, values: TableValues) -> None:
        """Keep the rows of an answer that has all there are."""
        self._describe(values.table)
        translation, rows, now = self._translation, list(values.rows), datetime.now(UTC)

        def put() -> State:
            self._begin()
            since = self._kept.start()
            self._kept.put(translation.records(rows), translation.shape, first=0)
            stamp = str(values.sstamp or "")
            return self._kept.finish(since, total=len(rows), as_of=now, stamp=stamp)

        self.state = await asyncio.to_thread(lambda: self._again(put))
        self._changed(self.key)

    def has_all(self, first: TableValues, size: int) -> bool:
        """Whether an answer to a request for `size` rows from the first on has all there are."""
        came, total = received(first.rows), first.table.row_count
        return came >= total if self.counted and total is not None else came < size

    async def change(self, rows: Sequence[TableRow], deleted: Iterable[int] = ()) -> None:
        """Rows as they are now, known ones and new ones, and those that are gone."""
        if self.state is None:
            return
        gone, told = list(deleted), list(rows)

        views = [*self._views]

        def put() -> State:
            # What is read of them later stands in the order that is seen already.
            for view in views:
                view.stay()
            state = self._kept.delete(gone) if gone else None
            if told or state is None:
                state = self._kept.put(self._translation.records(told), self._translation.shape)
            return state

        self.state = await asyncio.to_thread(lambda: self._again(put))
        self._changed(self.key)

    async def refresh(self, first: TableValues) -> bool:
        """Bring what is complete up to now by what changed since it was read; `first` is the
        first page as it is now. False where that cannot be done: all is to be read anew.
        """
        state = self.state
        if state is None or not (state.complete and state.stamp and self.counted):
            return False
        if self._describe(first.table):
            self.state = await asyncio.to_thread(self._again, self._begin)
            return False
        done = await self._catch_up(state, first)
        self._changed(self.key)
        return done

    async def _catch_up(self, state: State, first: TableValues) -> bool:
        """Bring what was all there is up to now; whether it is all there is."""
        found = await self._asked.changed_since(self._place, state.stamp, MOST_CHANGED + 1)
        if found is None:
            return False
        ids = [row.id for row in found.rows]
        if received(found.rows) != len(ids) or len(ids) > MOST_CHANGED:
            return False
        rows: list[TableRow] = []
        for start in range(0, len(ids), _ROWS_ASKED_FOR):
            rows += await self._asked.rows_of(self._place, ids[start : start + _ROWS_ASKED_FOR])
        await self.change(rows, found.deleted)
        return await asyncio.to_thread(self._confirm, first, str(found.sstamp or state.stamp))

    def _confirm(self, first: TableValues, stamp: str) -> bool:
        """Whether what is here is all there is now, in the order of the first page."""
        try:
            self._begin()
            with closing(self._ordered(Wish()).begin()) as order:
                here = [row.id for row in order.window(0, len(first.rows))]
            if here != [row.id for row in first.rows]:
                return False
            now = datetime.now(UTC)
            self.state = self._kept.confirm(total=first.table.row_count, as_of=now, stamp=stamp)
        except Lost:
            return False
        return self.state.complete and self.state.as_of == now

    async def gather(self, told: Told) -> bool:
        """Read all rows; whether all of them are here now. `told` hears how far that is.

        Where the rows changed while they were read, or the file of the mirror did, they are read
        once more.
        """
        try:
            for _ in range(_TRIES):
                try:
                    state = await self._gather(told)
                except Lost:
                    continue
                if state.complete or state.evicted:
                    break
        finally:
            # What came before it was given up is here as well.
            self._changed(self.key)
        return self.whole

    async def _gather(self, told: Told) -> State:
        begun = datetime.now(UTC)
        since = came = read = 0
        first: SomeValues | None = None
        total: int | None = None

        def start(table: Table) -> int:
            self._describe(table)
            self._again(self._begin)
            return self._kept.start()

        async def ask(offset: int, size: int) -> SomeValues:
            return await self._asked.columns(self._place, offset, size, self.view_id)

        pages = pages_in_order(ask, counted=self.counted, size=LARGE_PAGE, at_once=AT_ONCE)
        async with aclosing(pages):
            async for page in pages:
                if first is None:
                    first = page.values
                    since = await asyncio.to_thread(start, first.table)
                # Where what was put before is lost, nothing is complete: all is read again then.
                await self._put(page.offset, page.values, lambda put: put())
                came, read, total = page.done, read + page.values.read, page.total
                told(came, total)
        assert first is not None  # the first page comes, or an error does
        whole = total is None or came >= total
        stamp = str(first.sstamp or "")
        # Of a view too, though that some row of its table changed may be nothing to it.
        news = await self._asked.changed_since(self._place, stamp, 1) if stamp else None
        quiet = news is None or not (received(news.rows) or news.deleted)
        state = await asyncio.to_thread(
            lambda: self._kept.finish(
                since, total=read if whole else total, as_of=begun, stamp=stamp, sure=quiet
            )
        )
        self.state = state
        if not quiet and not state.evicted and self.counted:
            # Some changed while they were read: what of them is missed is read now.
            again = (await self._asked.page(self._place, size=PAGE)).value
            await self._catch_up(state, again)
        return self.state
