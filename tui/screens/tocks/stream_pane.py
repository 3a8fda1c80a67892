"""One feed as a list, read page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.message import Message

from tui.commands import Command
from tui.screens.marking import Marked
from tui.screens.tocks.list import StreamSource, columns_of
from tui.screens.tocks.tock_pane import ON_ONE, TockCommands, link_of
from tui.screens.tocks.tock_text import text_of
from tui.spoken_keys import key_for
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource, RowSource
from tui.words import counted
from tui.workspace.changes.unsettled import sign_of_open
from tui.workspace.problems import EXPECTED
from tui.workspace.tocks.feeds import UPCOMING, Feed
from tui.workspace.tocks.narrowed import HELP, match_from
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.tocks.tocks import Stream, Tock, Tocks

NARROW = 100
"""Columns of the window below which the list leaves out what can be spared."""


class StreamPane(TockCommands):
    """The tocks of the feed that is open; `tock` is the one under the cursor.

    `beside` tells whether a tock in full is seen beside the list.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "open": "", "submit": "", "follow": "", "order": "", "user": "", "filter": "", "link": "",
        "copy": "", "refresh": "",
    }  # fmt: skip

    class Moved(Message):
        """The cursor is on another tock, or more is known of the same."""

    class ReadWanted(Message):
        """The tock is here in full: the keys are to go to it."""

    def __init__(self, workspace: Workspace, beside: Callable[[], bool]) -> None:
        self.grid = Grid(
            columns_of(narrow=False),
            id="list",
            frozen=0,
            empty=f"No tocks. {key_for('tocks.submit')} submits one.",
        )
        super().__init__(workspace, self.grid, UPCOMING.title, id="list-panel")
        self.feed: Feed = UPCOMING
        self._beside = beside
        self._stream: Stream | None = None
        self._loading_more = False
        self._wanted = ""
        self._calls_left: int | None = None
        self._narrow_columns = False
        self._source: StreamSource | None = None
        self._filter = ""
        self._sought = ""

    @property
    def _cases(self) -> Tocks:
        return self.workspace.tocks

    def offer(self, command: Command) -> Command | None:
        """What is done with a tock stands in the footer unless it is known that there is none: a
        filter may leave the line alone that reads on."""
        offered = super().offer(command)
        none = self._stream is not None and self.tock is None
        if offered is not None and none and command.name in ON_ONE:
            return offered._replace(rank=0)
        return offered

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the feed as it was kept; ask the service where that is old."""
        self.open(self.feed)

    def resume(self) -> None:
        """Show what other screens or an undo changed; nothing is asked for again, nor is what is
        still on its way given up."""
        if self.loads is None or self.loads.is_finished:
            self.open(self.feed, ask=False)

    def open(self, feed: Feed, *, ask: bool = True) -> None:
        """Show a feed: what is kept of it, and where `ask` and that is old, what it is now."""
        if feed != self.feed:
            self.feed = feed
            self._clear()

        async def work() -> None:
            kept = await self._cases.kept(feed)
            if kept is not None:
                self._show_stream(kept)
            if ask and (kept is None or not kept.is_fresh(datetime.now(UTC))):
                self._show_stream(await self._cases.read(feed))
            await self.count_calls()
            if self._wanted and self._stream is not None:
                # It is in no list that is shown: it is looked up alone.
                wanted, self._wanted = self._wanted, ""
                self.reveal(wanted)
            if kept is None and not ask:
                self._clear()
                self.show_empty(
                    "This feed was not read yet.",
                    f"{key_for('tocks.open')} reads it, with one call.",
                )

        self.load(f"Loading {feed.title}", work, has_content=self._stands)

    def ask_again(self) -> None:
        """Read the first page again; the ones after it when they are wanted."""

        async def work() -> None:
            self._show_stream(await self._cases.read(self.feed))
            await self.count_calls()

        self.load(f"Loading {self.feed.title}", work, has_content=self._stands)

    def _read_more(self) -> None:
        if self._loading_more:
            return
        feed, self._loading_more = self.feed, True

        async def work() -> None:
            try:
                stream = await self._cases.read_more(feed)
            finally:
                self._loading_more = False
                await self.count_calls()
            self._show_stream(stream)

        self._show_rows()
        self.load("Loading the next page", work, has_content=self._stands)

    async def count_calls(self) -> None:
        """Show what the throttle has left; what keeps it from telling is shown elsewhere."""
        try:
            self._calls_left = await self._cases.calls_left()
        except EXPECTED:
            self._calls_left = None
        self._show_title()

    # -- showing ------------------------------------------------------------------------------

    def _stands(self) -> str:
        return self.as_of(self._stream.read_at if self._stream is not None else None)

    def _clear(self) -> None:
        """Forget the list: no key may act on a tock that is not shown any more."""
        self._stream = self._source = None
        self.grid.set_source(ListSource(), keep_cursor=False)
        self._show_title()
        self._tell()

    def _show_stream(self, stream: Stream) -> None:
        self._stream = stream
        self.show_content()
        self._show_rows()
        if self._wanted and self.grid.move_to_key(self._wanted):
            self._wanted = ""

    def _show_rows(self) -> None:
        if self._stream is None:
            return
        narrow = self._narrow
        if narrow != self._narrow_columns:
            self._narrow_columns = narrow
            self.grid.set_columns(columns_of(narrow=narrow))
        self._source = StreamSource(
            self._stream, self.workspace.zone, narrow=narrow, loading=self._loading_more,
            wanted=self._filter,
        )  # fmt: skip
        still_open = self.unsettled("ticktocker")
        shown: RowSource = self._source
        if still_open.changes:
            source = self._source
            # What waits of a tock is whether its author is followed.
            shown = Marked(
                source, columns_of(narrow=narrow), lambda key: still_open.mark(source.author(key)),
                at="title",
            )  # fmt: skip
        self.grid.set_source(shown)
        self._show_title()
        self._tell()

    def show_standing(self) -> None:
        """Mark the tocks anew, and count those that are to be submitted."""
        self._show_rows()
        self._show_title()

    def _show_title(self) -> None:
        narrow, parts = self._narrow, list[str]()
        # In which feeds it will stand only the service tells.
        new = self.unsettled("ticktocker").new("ticktocker.submit")
        for mark in dict.fromkeys(map(sign_of_open, new)):
            alike = sum(sign_of_open(one) == mark for one in new)
            parts.append(f"{mark} {alike} to submit")
        if self._calls_left is not None:
            parts.append(counted(self._calls_left, "call") + ("" if narrow else " left"))
        if self._stream is not None:
            count = f"{len(self._stream.tocks):,}"
            # A feed does not tell how long it is: only a page that is short or empty ends it.
            more = "+" if narrow else " loaded, more"
            if self._filter and self._source is not None:
                count = f"{len(self._source.tocks):,} of {count}"
            parts.append(count + (", all" if self._stream.ended else more))
        # It may have been kept for long: each look costs a call.
        self.show_title(self.feed.title, " · ".join(parts), self._stands())

    @property
    def _narrow(self) -> bool:
        return self.app.size.width < NARROW

    def on_resize(self, _event: events.Resize) -> None:
        """Other columns where the width asks for them."""
        self.call_after_refresh(self._show_rows)

    # -- narrowed and searched ------------------------------------------------------------------

    async def command_filter(self) -> None:
        """Narrow what is loaded by typing; no call is spent."""
        await self.open_filter()

    def show_filtered(self, text: str) -> None:
        """Show only the tocks that hold what is typed."""
        self._filter = text.strip()
        self.grid.empty_text = (
            f"None that is loaded holds it: {HELP}."
            if self._filter
            else f"No tocks. {key_for('tocks.submit')} submits one."
        )
        self._show_rows()
        if self._filter and self._on_more and self._source is not None and self._source.tocks:
            # The one that the cursor was on is not shown: then it is on the first that is.
            self.grid.move_to_row(0)

    async def command_find(self) -> None:
        """Ask for a text, and go to the next tock that holds it."""
        from tui.widgets.dialogs import TextPrompt

        label = f"What it holds: {HELP}"
        text = await self.ask(
            TextPrompt("Find", value=self._sought, label=label, enter="goes there", replaces=True)
        )
        if text and text.strip():
            self._sought = text.strip()
            self._go_to_match(backwards=False)

    async def command_next_match(self) -> None:
        """To the next tock that holds what was found last."""
        await self._go_to_sought(backwards=False)

    async def command_previous_match(self) -> None:
        """To the one before that holds what was found last."""
        await self._go_to_sought(backwards=True)

    async def _go_to_sought(self, *, backwards: bool) -> None:
        if self._sought:
            self._go_to_match(backwards=backwards)
        else:
            await self.command_find()

    def _go_to_match(self, *, backwards: bool) -> None:
        tocks = self._source.tocks if self._source is not None else ()
        here = self.grid.cursor_row
        place = match_from(tocks, self._sought, here, backwards=backwards)
        if place is None:
            self.flash(f"Nothing of what is loaded holds “{self._sought}”.", "warn")
            return
        self.grid.move_to_row(place)
        around = place >= here if backwards else place <= here
        end = "end" if backwards else "beginning"
        on = f", on from the {end}" if around else ""
        self.flash(f"“{self._sought}”: {place + 1:,} of {len(tocks):,} loaded{on}.")

    # -- the tock under the cursor --------------------------------------------------------------

    def _tell(self) -> None:
        self.tock = self._source.tock(self.grid.cursor_row) if self._source else None
        self.post_message(self.Moved())

    @property
    def _on_more(self) -> bool:
        return self._source is not None and self._source.is_more(self.grid.cursor_row)

    @on(Grid.Highlighted)
    def _tock_seen(self, message: Grid.Highlighted) -> None:
        message.stop()
        # Narrowed by typing, its end comes near by itself: then a page is read by a key alone.
        if self._on_more and not self._filter:
            self._read_more()
        self._tell()

    @on(Grid.Selected)
    async def _tock_chosen(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """Read the tock in full; once it is here, go to it."""
        tock = self.tock
        if tock is None:
            if self._on_more:
                self._read_more()
            return
        known = self._cases.known_whole(tock.short_url)
        if known is not None and self._beside():
            self.post_message(self.ReadWanted())
            return
        found = known or await self._cases.whole(tock.short_url)
        await self.count_calls()
        if self._beside():
            self.post_message(self.Moved())
        else:
            await self._read_page(found)

    async def _read_page(self, tock: Tock) -> None:
        from tui.widgets.viewer import Viewer

        await self.ask(Viewer("Tock", text_of(tock, self.workspace.zone, link_of(tock))))

    def reveal(self, key: str) -> None:
        """Put the cursor on a tock by its short_url, or show it where the list lacks it."""
        if self._stream is None:
            self._wanted = key
        elif not self.grid.move_to_key(key):
            self.carry_out(partial(self._reveal_page, key), "tocks.reveal")

    async def _reveal_page(self, key: str) -> None:
        await self._read_page(await self._cases.whole(key))

    def want(self, key: str) -> None:
        """Put the cursor on a tock once a list that has it is shown."""
        self._wanted = key
