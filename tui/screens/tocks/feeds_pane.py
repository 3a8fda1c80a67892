"""The feeds that there are to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.message import Message

from tui.screens.pane import Pane
from tui.screens.tocks.feeds import FeedList
from tui.widgets.outline import Outline
from tui.workspace.tocks.feeds import Feed
from tui.workspace.workspace import Workspace


class FeedsPane(Pane):
    """Feeds by where they are from; the cursor shows what is kept of one, enter reads it."""

    SCOPE = "tocks"
    KEYS: ClassVar[Mapping[str, str]] = {
        "open": "Read", "submit": "", "order": "", "user": "", "refresh": "",
    }  # fmt: skip

    class Seen(Message):
        """The cursor came to a feed."""

        def __init__(self, feed: Feed) -> None:
            super().__init__()
            self.feed = feed

    class Chosen(Seen):
        """A feed is wanted as it is now, with the keys in its list."""

    def __init__(self, workspace: Workspace) -> None:
        self._feeds = FeedList()
        self.outline = Outline(self._feeds.nodes(), id="feeds")
        super().__init__(workspace, self.outline, "Feeds", id="feeds-panel")

    def move_to(self, feed: Feed) -> None:
        """Put the cursor on a feed; a person's that was not listed is from now on."""
        self._feeds.remember(feed)
        self.outline.set_nodes(self._feeds.nodes())
        self.outline.move_to_key(feed.key)

    def next_order(self, feed: Feed) -> Feed | None:
        """The feed in its next order, kept for it; None where it has only its own."""
        return self._feeds.next_order(feed)

    @on(Outline.Highlighted)
    def _feed_seen(self, message: Outline.Highlighted) -> None:
        message.stop()
        feed = self._feeds.of(message.key)
        if feed is not None:
            self.post_message(self.Seen(feed))

    @on(Outline.Selected)
    async def _feed_chosen(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    def command_open(self) -> None:
        """Read the feed under the cursor; a group of feeds is opened or closed."""
        node = self.outline.node
        feed = self._feeds.of(node.key) if node is not None else None
        if feed is not None:
            self.post_message(self.Chosen(feed))
        elif node is not None:
            self.outline.action_toggle_fold()
