"""One tock in full, and what can be done with the tock that a cursor is on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from tui.screens.pane import Pane
from tui.screens.tocks.tock_text import paragraphs_of
from tui.spoken_keys import key_for
from tui.widgets.lines import ScrollingLines
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.tocks.tocks import Tock

ON_ONE = frozenset({"follow", "link", "copy"})
"""Names of the commands that are about one tock."""


class TockCommands(Pane):
    """A pane that is about one tock: its author is followed, its link copied."""

    SCOPE = "tocks"

    class Called(Message):
        """The service was asked beside the list: fewer calls are left, a tock may be another."""

    tock: Tock | None = None
    """The tock that the commands are about."""

    async def command_follow(self) -> None:
        """Follow the author of the tock, or no longer; two calls, the second looks at it."""
        tock = self.tock
        if tock is None or not tock.author_url:
            self.flash("Nobody to follow: the list does not tell this tock's author.", "warn")
            return
        from tui.workspace.tocks.narrowed import why_not_user

        if why_not := why_not_user(tock.author_url):
            self.flash(f"Nothing was sent: {why_not}.", "warn")
            return
        if tock.author_url.casefold() == self.workspace.settings.ticktocker.user.casefold():
            self.flash("It is your own: nobody follows themselves.", "warn")
            return
        self.flash(f"… {'unfollowing' if tock.author_followed else 'following'} {tock.author}")
        try:
            found, unseen = await self.workspace.tocks.follow(tock)
        finally:
            self.post_message(self.Called())
        now = "You follow" if found.author_followed else "You no longer follow"
        if unseen:
            from tui.workspace.tocks.tocks import ALREADY

            sure = "" if unseen == ALREADY else ", most likely"
            self.flash(f"{now} {found.author}{sure}: {unseen}.", "warn")
            return
        surprise = bool(found.author_followed) == bool(tock.author_followed)
        also = " (it had been changed elsewhere)" if surprise else ""
        self.flash(f"{now} {found.author}{also}. {key_for('deck.undo')} takes it back.", "good")

    async def command_link(self) -> None:
        """Ask, then open what the tock links to, or its page, in the person's browser."""
        from tui.screens.tocks.links import follow_link

        if self.tock is None:
            self.flash("No tock is chosen.", "warn")
        else:
            await follow_link(self, self.tock)

    async def command_copy(self) -> None:
        """Copy the short link of the tock."""
        if self.tock is None:
            self.flash("No tock is chosen.", "warn")
            return
        from tui.screens.clipboard import copy

        link = link_of(self.tock)
        said = await copy(self.app, link, self.workspace.locations.state)
        self.flash(f"{link}: {said}")


class TockPane(TockCommands):
    """The tock under the list's cursor, as far as it is known."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "follow": "", "link": "", "copy": "", "submit": "", "user": "", "refresh": "",
    }  # fmt: skip
    ON_ROW = ON_ONE

    def __init__(self, workspace: Workspace) -> None:
        self.lines = ScrollingLines(id="tock", empty="No tock is chosen.")
        super().__init__(workspace, self.lines, "Tock", id="tock-panel")

    def show_tock(self, tock: Tock | None) -> None:
        """Show it with its description, where that has been read."""
        self.tock = tock
        if tock is None:
            self.lines.show([])
            return
        whole = self.workspace.tocks.known_whole(tock.short_url)
        self.lines.show(
            paragraphs_of(
                whole or tock, self.workspace.zone, link_of(tock), whole=whole is not None
            )
        )


def link_of(tock: Tock) -> str:
    """The short link, as a person passes it on."""
    # Imported when there is a tock, which brings the module with it.
    from tui.workspace.tocks.tocks import short_link

    return short_link(tock.short_url)
