"""Sends a notice on its way. All of it waits for other programs: call it in a thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from html import escape
from itertools import count

from tui.workspace.doctor.terminal import Asked, asked_of_system, is_installed
from tui.workspace.notices.ways import (
    ASKED_OF_TMUX,
    SENDER,
    Said,
    Way,
    around,
    in_format_of_tmux,
    said,
    sequence,
    through_tmux,
    way_of,
    way_of_terminal,
)

SHOWN_SECONDS = 10
"""How long tmux's status line shows it."""
_numbers = count(1)


class Sending:
    """The way of one program's notices."""

    def __init__(
        self,
        setting: str,
        write: Callable[[str], object] | None,
        *,
        environment: Mapping[str, str] = os.environ,
        asked: Asked = asked_of_system,
        has: Callable[[str], bool] = is_installed,
    ) -> None:
        """`write` sends the terminal a sequence; None where there is none. It is called in the
        thread that sends.
        """
        self.way: Way = way_of(setting, environment, has)
        self._write = write
        self._environment = environment
        self._asked = asked

    def send(self, title: str, text: str) -> bool:
        """Give word; whether it was sent on a way that shows words."""
        notice = said(title, text)
        if self.way == "desktop":
            return self._to_desktop(notice)
        if self.way in ("tmux", "osc9", "osc777", "osc99") and self._environment.get("TMUX"):
            return self._in_tmux(notice)
        return self._to_terminal(self.way, notice)

    def _to_terminal(self, way: Way, notice: Said, *, by_tmux: bool = False) -> bool:
        written = sequence(way, notice, next(_numbers))
        if not written or self._write is None:
            return False
        self._write(through_tmux(written) if by_tmux else written)
        return True

    def _to_desktop(self, notice: Said) -> bool:
        # What it shows is markup.
        words = (notice.title, escape(notice.text, quote=False))
        return self._runs("notify-send", f"--app-name={SENDER}", "--", *words)

    def _in_tmux(self, notice: Said) -> bool:
        pane = self._environment.get("TMUX_PANE", "")
        of_pane = ("-t", pane) if pane else ()
        here = around(self._asked(["tmux", "display-message", "-p", *of_pane, ASKED_OF_TMUX]) or "")
        way = way_of_terminal(here.terminal) if self.way == "tmux" else self.way
        if here.hands_on and self._to_terminal(way, notice, by_tmux=True):
            return True
        clients = self._asked(["tmux", "list-clients", *of_pane, "-F", "#{client_name}"]) or ""
        words = in_format_of_tmux(f"{SENDER}: {notice.title}: {notice.text}")
        shown = [
            self._runs("tmux", "display-message", "-c", client, "-d", f"{SHOWN_SECONDS * 1000}",
                       "--", words)
            for client in clients.splitlines()
        ]  # fmt: skip
        return any(shown)

    def _runs(self, *command: str) -> bool:
        return self._asked(command) is not None
