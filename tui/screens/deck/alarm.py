"""Rings for reminders of one's own: once for each, with one timer, to the next that is due."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from textual.app import App
from textual.timer import Timer

from tui.screens.base import deck_screen
from tui.widgets.work import begin_work
from tui.workspace.workspace import Workspace

LONGEST = 86_400.0
"""Seconds that it sleeps at most: a machine that was asleep did not count them."""
SHOWN_SECONDS = 30


class Alarm:
    """Sleeps until the next reminder is due. What another program adds is seen when one comes
    back to the terminal, or looks at Today.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._workspace: Workspace | None = None
        self._timer: Timer | None = None

    def serve(self, workspace: Workspace) -> None:
        """Ring for this workspace's reminders from now on."""
        if self._workspace is None:
            # Another program may have added one, and the machine may have been asleep.
            self._app.watch(self._app, "app_focus", self._focus_changed, init=False)
        self._workspace = workspace
        self.wake()

    def _focus_changed(self, focused: bool) -> None:
        if focused:
            self.wake()

    async def look(self) -> None:
        """Ring for what is due and was not rung for, and sleep until the next one."""
        self.stop()
        workspace = self._workspace
        if workspace is None:
            return
        try:
            await asyncio.to_thread(workspace.prepare, "reminders")
            reminders, now = workspace.reminders, datetime.now(UTC)
            due = await asyncio.to_thread(reminders.ring, now)
            if workspace.settings.hooks.due:
                for one in due:
                    workspace.hooks.tell_due(one.text, one.moment)
            upcoming = await asyncio.to_thread(reminders.next_ring)
        except OSError:
            # Today says why they cannot be read.
            return
        if due:
            self._app.bell()
            for one in due:
                self._app.notify(one.text, title="Reminder", timeout=SHOWN_SECONDS, markup=False)
            screen = deck_screen(self._app)
            if screen is not None and screen.SCOPE == "today":
                screen.resume()
        self.stop()
        if upcoming is not None:
            left = (upcoming - datetime.now(UTC)).total_seconds()
            self._timer = self._app.set_timer(min(LONGEST, max(0.0, left)), self.wake)

    def wake(self) -> None:
        """Look again."""
        if self._app.is_running:
            begin_work(self._app, self.look, group="alarm", exclusive=True)

    def stop(self) -> None:
        """Sleep no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
