"""What the panes of the live screen show together, and what they tell about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from textual.message import Message
from textual.widget import Widget

from tui.screens.pane import Pane
from tui.terminal import graphs_of
from tui.workspace.live.presets import Arrangement
from tui.workspace.live.reckoning import Reckoning
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.live.replay import Replay
    from tui.live.supervisor import LiveFeed
    from tui.screens.live.watch import Watching
    from tui.widgets.sparkline_cells import GlyphSet
    from tui.workspace.live.course import Course
    from tui.workspace.live.live import DataType

NARROW = 100
"""Columns of the screen below which the footer has no room for every key."""


class Picture:
    """Whose series are shown, and how they are arranged."""

    def __init__(self, workspace: Workspace) -> None:
        deck = workspace.settings.deck
        self.hears_boats = workspace.connections.uses_embedded("igtimi")
        """Whether real boats can be heard: Igtimi is the embedded one."""
        self.zone = workspace.zone
        self.glyphs: GlyphSet = graphs_of(deck.graphs, deck.glyphs)
        self.arrangement = Arrangement(unit=deck.speed_unit)
        self.kinds: Mapping[int, DataType] = {}
        self.watching: Watching | None = None
        self.course: Course | None = None
        """What a session's log says of what is watched; None before that is known."""
        self.reckoning = Reckoning(workspace.settings.live)
        """What is derived, for rows, map and start alike; its polar is that of the settings."""
        self._guns: WeakKeyDictionary[LiveFeed | Replay, int | None] = WeakKeyDictionary()
        self.stands = False
        """Whether wall or map are shown; not what is there while they load, or after it failed."""

    @property
    def feed(self) -> LiveFeed | Replay | None:
        """What is watched, live or replayed."""
        return None if self.watching is None else self.watching.feed

    @property
    def gun(self) -> int | None:
        """When the start of what is watched is, in ms, where somebody has set it: a replay has its
        own, and the live one's goes on meanwhile.
        """
        feed = self.feed
        return None if feed is None else self._guns.get(feed)

    @gun.setter
    def gun(self, gun: int | None) -> None:
        feed = self.feed
        if feed is not None:
            self._guns[feed] = gun

    @property
    def replay(self) -> Replay | None:
        """The replay that is watched; None where it is live."""
        return None if self.watching is None else self.watching.replay

    @property
    def ascii_only(self) -> bool:
        """Whether only ASCII may be drawn."""
        return self.glyphs == "ascii"


class LivePane(Pane):
    """A pane over the one picture."""

    SCOPE = "live"

    class DrawWanted(Message):
        """Draw what stands still, too, and the status at once."""

    class KeysChanged(Message):
        """The keys of a pane are others, or are called otherwise."""

    class Rearranged(Message):
        """Rows are to be looked for anew; `keep` their arrangement for the next time."""

        def __init__(self, *, keep: bool) -> None:
            super().__init__()
            self.keep = keep

    def __init__(
        self, workspace: Workspace, picture: Picture, content: Widget, title: str, *, id: str
    ) -> None:
        super().__init__(workspace, content, title, id=id)
        self.picture = picture

    @property
    def cramped(self) -> bool:
        """Whether the footer has little room: it is narrow, or has a replay's keys, too."""
        return self.picture.replay is not None or self.app.size.width < NARROW

    def draw(self) -> None:
        """Have all be drawn."""
        self.post_message(self.DrawWanted())

    def rearrange(self, *, keep: bool = False) -> None:
        """Have rows looked for anew, after something of the arrangement or a name has changed."""
        self.post_message(self.Rearranged(keep=keep))

    def change(self, news: str, **changes: object) -> None:
        """Change the arrangement, and keep it for the next time."""
        self.picture.arrangement = self.picture.arrangement.changed(**changes)
        self.rearrange(keep=True)
        if news:
            self.flash(news)
