"""Gives word by itself: of reminders that are due, and of what else `workspace/notices` knows.

Once for each, with one timer, to the next that is due.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.timer import Timer

from tui.screens.base import deck_screen
from tui.widgets.work import begin_work
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.notices.notices import Notice

LONGEST = 86_400.0
"""Seconds that it sleeps at most: a machine that was asleep did not count them."""
SHOWN_SECONDS = 30
RUNG_FOR = ("reminder", "timer", "change")
"""What a bell is rung for; an invoice is late for days."""


class Alarm:
    """Sleeps until there may be something to say. What another program adds is seen when one comes
    back to the terminal, or looks at Today.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._workspace: Workspace | None = None
        self._timer: Timer | None = None
        self._looks = False
        self._look_again = False
        self._watched: Callable[[], None] = lambda: None

    def serve(self, workspace: Workspace) -> None:
        """Give word of what this workspace knows from now on."""
        if self._workspace is None:
            # Another program may have added one, and the machine may have been asleep.
            self._app.watch(self._app, "app_focus", self._focus_changed, init=False)
        self._workspace = workspace
        self._watched()
        # A timer may have begun, and what was sent may have been lost.
        self._watched = workspace.on_change(lambda _operation: self.wake())
        self.wake()

    def _focus_changed(self, focused: bool) -> None:
        if focused:
            self.wake()

    def wake(self) -> None:
        """Look again: what is given out once must not be lost with one who is at it."""
        if self._looks:
            self._look_again = True
        elif self._app.is_running:
            self._looks = True
            begin_work(self._app, self._look, group="alarm")

    async def _look(self) -> None:
        try:
            self._look_again = True
            while self._look_again:
                self._look_again = False
                await self._give_word()
        except OSError:
            # Today says why they cannot be read.
            return
        finally:
            self._looks = False

    async def _give_word(self) -> None:
        """Say what is to be said, and sleep until the next. Raises OSError."""
        self.stop()
        workspace = self._workspace
        if workspace is None:
            return
        for part in ("notices", "history"):
            await asyncio.to_thread(workspace.prepare, part)
        found = await workspace.notices.ring(datetime.now(UTC))
        if found:
            self._show(found)
            await asyncio.to_thread(self._send, found, workspace.settings.deck.notices)
        upcoming = await workspace.notices.next_ring(datetime.now(UTC))
        self.stop()
        if upcoming is not None:
            left = (upcoming - datetime.now(UTC)).total_seconds()
            self._timer = self._app.set_timer(min(LONGEST, max(0.0, left)), self.wake)

    def _show(self, found: Sequence[Notice]) -> None:
        """Ring, and show what no screen shows by itself."""
        if any(one.kind in RUNG_FOR for one in found):
            self._app.bell()
        reminders = [one for one in found if one.kind == "reminder"]
        for one in reminders:
            self._app.notify(one.text, title=one.title, timeout=SHOWN_SECONDS, markup=False)
        screen = deck_screen(self._app)
        if reminders and screen is not None and screen.SCOPE == "today":
            screen.resume()

    def _send(self, found: Sequence[Notice], setting: str) -> None:
        """In a thread: give word on the way that is set. A deck without a terminal has none."""
        send = getattr(self._app._driver, "send", None)
        if send is None:
            return
        loop = self._app._loop

        def write(sequence: str) -> None:
            if loop is not None and not loop.is_closed():
                loop.call_soon_threadsafe(send, sequence)

        from tui.workspace.notices.sending import Sending

        sending = Sending(setting, write)
        for one in found:
            sending.send(one.title, one.text)

    def stop(self) -> None:
        """Sleep no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
