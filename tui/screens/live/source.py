"""Where the live screen's series come from: devices live, a session, or a recording."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tui.screens.base import DeckScreen
from tui.screens.live.watch import Watching
from tui.widgets.panel import Panel
from tui.words import counted
from tui.workspace.live.presets import Arrangement
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.live.live import DataType

LIVE = "live"
SESSION = "session"
RECORDING = "file"


class LiveSource(DeckScreen):
    """Opens what is to be watched, and says how that goes."""

    SCOPE = "live"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.arrangement = Arrangement(unit=workspace.settings.deck.speed_unit)
        self.watching: Watching | None = None
        self.kinds: Mapping[int, DataType] = {}
        self._wanted = ""

    @property
    def board(self) -> Panel:
        """The pane of the wall."""
        return self.query_one("#board", Panel)

    def begin(self) -> None:
        """Follow the devices of last time, or what another screen pointed at."""
        self._load_wanted()

    def reveal(self, key: str) -> None:
        """Watch a session, `session:<id>`: live while it runs, else replayed."""
        kind, _, wanted = key.partition(":")
        if kind == SESSION and wanted.isdecimal():
            self.watch_this(key)

    def watch_this(self, wanted: str) -> None:
        """Watch `live`, `session:<id>` or `file:<path>`, at once or when the screen stands."""
        self._wanted = wanted
        if self.is_mounted:
            self._load_wanted()

    def _load_wanted(self) -> None:
        kind = self._wanted.partition(":")[0]
        what = {SESSION: "Fetching the session", RECORDING: "Reading the recording"}
        self.load(self.board, what.get(kind, "Connecting to the live feed"), self._open)
        self.refresh_hints()

    def _failed(self, panel: Panel, error: BaseException, stands: str) -> None:
        super()._failed(panel, error, stands)
        self.refresh_hints()

    async def _open(self) -> None:
        # In a thread: the client and its kin must not hold up the keys.
        module = await asyncio.to_thread(import_module, "tui.workspace.live.live")
        self.kinds = module.TYPES
        watching = self.watching
        if watching is None:
            room = self.workspace.live
            kept = await asyncio.to_thread(room.presets.load)
            if kept is not None:
                self.arrangement = kept
            watching = self.watching = Watching(room)
        kind, _, what = self._wanted.partition(":")
        if kind == SESSION:
            await watching.watch_session(int(what), self._told)
        elif kind == RECORDING:
            await watching.play(Path(what))
        elif kind == LIVE or watching.feed is None:
            if watching.replay is not None:
                await watching.leave_replay()
            await watching.follow(self.arrangement.devices)
        # What failed stays wanted, so that r tries it again.
        self._wanted = ""
        self.board.show_content()
        if not watching.serials:
            self.board.show_empty(
                "This account has no devices.", "w chooses a session or a recording to replay."
            )
        self.opened()

    def back_to_what_there_is(self) -> bool:
        """Leave what could not be watched for what was watched before; whether there was any."""
        if self.board.state == "content" or self.watching is None or self.watching.feed is None:
            return False
        self._wanted = ""
        self.board.show_content()
        self.opened()
        return True

    def opened(self) -> None:
        """Called when something else is watched."""

    def _told(self, done: int, total: int) -> None:
        if self.board.state == "loading":
            self.board.show_loading(f"Fetching the session, {done} of {counted(total, 'part')}")

    def would_lose(self) -> str:
        """What quitting would end."""
        if self.watching is not None and self.watching.recording:
            return "A recording is running; it would end here."
        return ""
