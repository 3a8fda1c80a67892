"""Tocks: feeds at the left, one as a list, one tock in full; follow, submit, copy the link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Container, Horizontal
from textual.widget import Widget

from tui.commands import Command
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.tocks.feeds_pane import FeedsPane
from tui.screens.tocks.list import LEGEND
from tui.screens.tocks.stream_pane import NARROW, StreamPane
from tui.screens.tocks.tock_pane import TockCommands, TockPane
from tui.workspace.tocks.feeds import Feed, me, user
from tui.workspace.workspace import Workspace

SUBMIT_FORM = "tocks.submit"


class TocksScreen(DeckScreen):
    """Feeds, the list of one, and the tock under the cursor where there is room for it."""

    SCOPE = "tocks"
    AUTO_FOCUS = "#list"
    MARKS = LEGEND
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
        self.feeds = FeedsPane(workspace)
        self.tock = TockPane(workspace)
        self.stream = StreamPane(workspace, beside=lambda: bool(self.tock.display))

    def compose_body(self) -> Iterable[Widget]:
        """The feeds beside the list and the tock."""
        with Horizontal(classes="body"):
            yield self.feeds
            with Container(id="reader"):
                yield self.stream
                yield self.tock

    def begin(self) -> None:
        """Show the feed that is open, and where it stands among the others."""
        self.feeds.move_to(self.stream.feed)
        super().begin()

    def reveal(self, key: str, kind: str = "") -> None:
        """Put the cursor on a tock by its short_url, or show it where the list lacks it."""
        del kind
        self.stream.reveal(key)

    @on(FeedsPane.Seen)
    def _feed_seen(self, message: FeedsPane.Seen) -> None:
        if message.feed != self.stream.feed:
            self._show_feed(message.feed, ask=False)

    @on(FeedsPane.Chosen)
    def _feed_chosen(self, message: FeedsPane.Chosen) -> None:
        self._show_feed(message.feed)
        self.stream.grid.focus()

    def _show_feed(self, feed: Feed, *, ask: bool = True) -> None:
        self.stream.open(feed, ask=ask)
        self.refresh_hints()

    @on(StreamPane.Moved)
    def _tock_seen(self) -> None:
        self.tock.show_tock(self.stream.tock)
        self.refresh_hints()

    @on(StreamPane.ReadWanted)
    def _read_wanted(self) -> None:
        self.tock.lines.focus()

    @on(TockCommands.Called)
    async def _called(self) -> None:
        await self.stream.count_calls()
        self.resume()

    # -- commands about what is open ------------------------------------------------------------

    def offer(self, command: Command) -> Command | None:
        """The order is no key of the footer where a feed has only one."""
        offered = super().offer(command)
        if offered is not None and command.name == "order" and self.stream.feed.order is None:
            return offered._replace(rank=0)
        return offered

    def command_refresh(self) -> None:
        """Ask for the first page of the feed again."""
        self.stream.ask_again()

    def command_order(self) -> None:
        """The next order of the person's own and of people's tocks."""
        feed = self.feeds.next_order(self.stream.feed)
        if feed is None:
            self.flash("The community's feeds have one order each.", "warn")
            return
        self._show_feed(feed)

    async def command_user(self) -> None:
        """The tocks of one user: of this tock's author, or of whom is typed."""
        from tui.widgets.dialogs import TextPrompt
        from tui.workspace.tocks.narrowed import user_named, why_not_user

        tock = self.stream.tock
        asked = await self.ask(
            TextPrompt(
                "Whose tocks",
                value=tock.author_url if tock is not None else "",
                label="The name in the address of their page, ticktocker.com/name",
                check=why_not_user,
            )
        )
        if asked is not None:
            self._open(user(user_named(asked)))

    def _open(self, feed: Feed) -> None:
        self._show_feed(feed)
        self.feeds.move_to(feed)

    async def command_submit(self) -> None:
        """Submit a tock through a form; a refusal is shown in it with everything typed."""
        from tui.screens.tocks import tock_form

        async def submit(values: Mapping[str, Any]) -> str:
            made = await self.workspace.tocks.submit(tock_form.arguments(values))
            self.stream.want(made.short_url)
            return f"Submitted as {made.page}."

        done = await self.ask_form(
            SUBMIT_FORM, "New tock", tock_form.fields(self.workspace.zone), submit,
            save="Submit", check=tock_form.check,
        )  # fmt: skip
        if done:
            self._open(me("mine", "latest"))
            self.stream.grid.focus()
        await self.stream.count_calls()
