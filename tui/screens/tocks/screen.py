"""Tocks: feeds at the left, one as a list, one tock in full; follow, submit, copy the link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Container, Horizontal
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.tocks.feeds import FeedList
from tui.screens.tocks.list import StreamSource, columns_of
from tui.screens.tocks.tock_text import paragraphs_of, text_of
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.widgets.lines import ScrollingLines
from tui.widgets.outline import Outline
from tui.widgets.panel import Panel
from tui.workspace.problems import EXPECTED
from tui.workspace.times import moment_text
from tui.workspace.tocks.feeds import UPCOMING, Feed, me, user
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.tocks.tocks import Stream, Tock, Tocks

NARROW = 100
SUBMIT_FORM = "tocks.submit"


class TocksScreen(DeckScreen):
    """Feeds, the list of one, and the tock under the cursor where there is room for it."""

    SCOPE = "tocks"
    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("tocks")
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"), (NARROW, "-normal"), (160, "-wide"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]

    DEFAULT_CSS = """
    TocksScreen #feeds-panel { width: 24; }
    TocksScreen.-narrow #feeds-panel { width: 16; }
    TocksScreen #reader { layout: vertical; width: 1fr; }
    TocksScreen.-wide #reader { layout: horizontal; }
    TocksScreen #tock-panel { height: 2fr; }
    TocksScreen #list-panel { height: 3fr; }
    TocksScreen.-wide #list-panel { width: 3fr; height: 1fr; }
    TocksScreen.-wide #tock-panel { width: 2fr; height: 1fr; margin-left: 1; }
    TocksScreen.-narrow #tock-panel { display: none; }
    TocksScreen.-normal.-low #tock-panel { display: none; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._zone = workspace.zone
        self._feed: Feed = UPCOMING
        self._feeds = FeedList()
        self._stream: Stream | None = None
        self._loading_more = False
        self._wanted = ""
        self._calls_left: int | None = None
        self._narrow_columns = False

    @property
    def _cases(self) -> Tocks:
        return self.workspace.tocks

    def compose_body(self) -> Iterable[Widget]:
        """The feeds beside the list and the tock."""
        with Horizontal(classes="body"):
            yield Panel(Outline(self._feeds.nodes(), id="feeds"), "Feeds", id="feeds-panel")
            with Container(id="reader"):
                yield Panel(
                    Grid(
                        columns_of(narrow=False),
                        id="list",
                        frozen=0,
                        empty="No tocks. a submits one.",
                    ),
                    UPCOMING.title,
                    id="list-panel",
                )
                yield Panel(
                    ScrollingLines(id="tock", empty="No tock is chosen."), "Tock", id="tock-panel"
                )

    # -- feeds -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the feed as it was kept; ask the service where that is old."""
        self.query_one("#feeds", Outline).move_to_key(self._feed.key)
        self._open(self._feed)

    def resume(self) -> None:
        """Show what other screens or an undo changed; nothing is asked for again."""
        self._open(self._feed, ask=False)

    def _open(self, feed: Feed, *, ask: bool = True) -> None:
        """Show a feed: what is kept of it, and where `ask` and that is old, what it is now."""
        if feed != self._feed:
            self._feed = feed
            self._clear()

        async def work() -> None:
            kept = await self._cases.kept(feed)
            if kept is not None:
                self._show(kept)
            if ask and (kept is None or not kept.is_fresh(datetime.now(UTC))):
                self._show(await self._cases.read(feed))
            await self._count_calls()
            if kept is None and not ask:
                self._clear()
                self._list_panel.show_empty(
                    "This feed was not read yet.", "enter reads it, with one call."
                )

        self.load(self._list_panel, f"Loading {feed.title}", work, has_content=lambda: self._as_of)

    def _clear(self) -> None:
        """Forget the list: no key may act on a tock that is not shown any more."""
        self._stream = None
        self.query_one("#list", Grid).set_source(ListSource(), keep_cursor=False)
        self._show_title()

    @on(Outline.Highlighted, "#feeds")
    def _feed_seen(self, message: Outline.Highlighted) -> None:
        feed = self._feeds.of(message.key)
        if feed is not None and feed != self._feed:
            self._open(feed, ask=False)

    @on(Outline.Selected, "#feeds")
    def _feed_chosen(self, message: Outline.Selected) -> None:
        feed = self._feeds.of(message.key)
        if feed is not None:
            self._open(feed)
            self.query_one("#list", Grid).focus()

    def command_refresh(self) -> None:
        """Ask for the first page again; the ones after it when they are wanted."""

        async def work() -> None:
            self._show(await self._cases.read(self._feed))
            await self._count_calls()

        self.load(
            self._list_panel, f"Loading {self._feed.title}", work, has_content=lambda: self._as_of
        )

    def _read_more(self) -> None:
        if self._loading_more:
            return
        feed, self._loading_more = self._feed, True

        async def work() -> None:
            try:
                stream = await self._cases.read_more(feed)
            finally:
                self._loading_more = False
                await self._count_calls()
            self._show(stream)

        self._show_rows()
        self.load(self._list_panel, "Loading the next page", work, has_content=lambda: self._as_of)

    # -- showing -----------------------------------------------------------------------------------

    @property
    def _list_panel(self) -> Panel:
        return self.query_one("#list-panel", Panel)

    @property
    def _as_of(self) -> str:
        stream = self._stream
        return f"as of {moment_text(stream.read_at, self._zone)}" if stream is not None else ""

    def _show(self, stream: Stream) -> None:
        self._stream = stream
        self._list_panel.show_content()
        self._show_rows()
        if self._wanted and self.query_one("#list", Grid).move_to_key(self._wanted):
            self._wanted = ""

    def _show_rows(self) -> None:
        stream = self._stream
        if stream is None:
            return
        grid = self.query_one("#list", Grid)
        narrow = self.size.width < NARROW
        if narrow != self._narrow_columns:
            self._narrow_columns = narrow
            grid.set_columns(columns_of(narrow=narrow))
        grid.set_source(StreamSource(stream, self._zone, narrow=narrow, loading=self._loading_more))
        self._show_title()
        self._show_tock()

    def _show_title(self) -> None:
        narrow = self.size.width < NARROW
        parts = []
        if self._calls_left is not None:
            parts.append(f"{self._calls_left} calls" + ("" if narrow else " left"))
        if self._stream is not None:
            count = f"{len(self._stream.tocks):,}"
            # A feed does not tell how long it is: only a page that is short or empty ends it.
            more = "+" if narrow else " loaded, more"
            parts.append(count + (", all" if self._stream.ended else more))
            if not narrow:
                parts.append(self._as_of)
        self._list_panel.show_title(self._feed.title, " · ".join(parts))

    async def _count_calls(self) -> None:
        """Show what the throttle has left; what keeps it from telling is shown elsewhere."""
        try:
            self._calls_left = await self._cases.calls_left()
        except EXPECTED:
            self._calls_left = None
        self._show_title()

    def _show_tock(self) -> None:
        tock = self._current
        pane = self.query_one("#tock", ScrollingLines)
        if tock is None:
            pane.show([])
            return
        whole = self._cases.known_whole(tock.short_url)
        pane.show(
            paragraphs_of(whole or tock, self._zone, self._link(tock), whole=whole is not None)
        )

    def on_resize(self, _event: events.Resize) -> None:
        """Other columns where the width asks for them."""
        self.call_after_refresh(self._show_rows)

    # -- the tock under the cursor -----------------------------------------------------------------

    @property
    def _source(self) -> StreamSource | None:
        source = self.query_one("#list", Grid).source
        return source if isinstance(source, StreamSource) else None

    @property
    def _current(self) -> Tock | None:
        source = self._source
        return source.tock(self.query_one("#list", Grid).cursor_row) if source else None

    def _link(self, tock: Tock) -> str:
        from tui.workspace.tocks.tocks import short_link

        return short_link(tock.short_url)

    @on(Grid.Highlighted, "#list")
    def _tock_seen(self, message: Grid.Highlighted) -> None:
        source = self._source
        if source is not None and source.is_more(message.row):
            self._read_more()
        self._show_tock()

    @on(Grid.Selected, "#list")
    async def _tock_chosen(self, message: Grid.Selected) -> None:
        message.stop()
        await self.action_command("tocks.open")

    async def command_open(self) -> None:
        """Read the tock in full; once it is here, go to it."""
        tock = self._current
        if tock is None:
            source = self._source
            if source is not None and source.is_more(self.query_one("#list", Grid).cursor_row):
                self._read_more()
            return
        beside = self.query_one("#tock-panel").display
        known = self._cases.known_whole(tock.short_url)
        if known is not None and beside:
            self.query_one("#tock", ScrollingLines).focus()
            return
        found = known or await self._cases.whole(tock.short_url)
        await self._count_calls()
        if beside:
            self._show_tock()
        else:
            self._show_page(found)

    def _show_page(self, tock: Tock) -> None:
        from tui.widgets.viewer import Viewer

        self.app.push_screen(Viewer("Tock", text_of(tock, self._zone, self._link(tock))))

    def reveal(self, key: str) -> None:
        """Put the cursor on a tock by its short_url, or show it where the list lacks it."""
        if self._stream is None:
            self._wanted = key
        elif not self.query_one("#list", Grid).move_to_key(key):
            self.run_worker(self.carry_out(self._reveal_page(key), "tocks.reveal"), group="command")

    async def _reveal_page(self, key: str) -> None:
        self._show_page(await self._cases.whole(key))

    async def command_copy(self) -> None:
        """Copy the short link of the tock."""
        tock = self._current
        if tock is None:
            self.flash("No tock is chosen.", "warn")
            return
        from tui.screens.clipboard import copy

        self.flash(f"{self._link(tock)}: {await copy(self.app, self._link(tock))}")

    # -- other commands ----------------------------------------------------------------------------

    async def command_follow(self) -> None:
        """Follow the author of the tock, or no longer; two calls, the second looks at it."""
        tock = self._current
        if tock is None or not tock.author_url:
            self.flash("Nobody to follow: the list does not tell this tock's author.", "warn")
            return
        self.flash(f"… {'unfollowing' if tock.author_followed else 'following'} {tock.author}")
        try:
            found, unseen = await self._cases.follow(tock)
        finally:
            await self._count_calls()
        self.resume()
        now = "You follow" if found.author_followed else "You no longer follow"
        if unseen:
            self.flash(f"{now} {found.author}, most likely: {unseen}.", "warn")
            return
        surprise = bool(found.author_followed) == bool(tock.author_followed)
        also = " (it had been changed elsewhere)" if surprise else ""
        self.flash(f"{now} {found.author}{also}. u takes it back.", "good")

    def command_order(self) -> None:
        """The next order of the person's own and of people's tocks."""
        feed = self._feeds.next_order(self._feed)
        if feed is None:
            self.flash("The community's feeds have one order each.", "warn")
            return
        self._open(feed)

    async def command_user(self) -> None:
        """The tocks of one user: of this tock's author, or of whom is typed."""
        from tui.widgets.dialogs import TextPrompt

        tock = self._current
        asked = await self.ask(
            TextPrompt(
                "Whose tocks",
                value=tock.author_url if tock is not None else "",
                label="The name in the address of their page, ticktocker.com/name",
                check=lambda text: None if text.strip() else "Type a name.",
            )
        )
        if asked is None:
            return
        self._go(user(asked.strip()))

    def _go(self, feed: Feed) -> None:
        self._open(self._feeds.remember(feed))
        outline = self.query_one("#feeds", Outline)
        outline.set_nodes(self._feeds.nodes())
        outline.move_to_key(feed.key)

    async def command_submit(self) -> None:
        """Submit a tock through a form; a refusal is shown in it with everything typed."""
        from tui.screens.tocks import tock_form

        async def submit(values: Mapping[str, Any]) -> str:
            made = await self._cases.submit(tock_form.arguments(values))
            self._wanted = made.short_url
            return f"Submitted as {made.page}."

        done = await self.ask_form(
            SUBMIT_FORM, "New tock", tock_form.fields(self._zone), submit,
            save="Submit", check=tock_form.check,
        )  # fmt: skip
        if done:
            self._go(me("mine", "latest"))
            self.query_one("#list", Grid).focus()
        await self._count_calls()
