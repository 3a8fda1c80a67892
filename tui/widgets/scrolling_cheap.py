"""Whether it is cheap where we are to have the terminal move lines.

It is in a terminal itself and in a multiplexer's pane of the whole width: a hundred bytes. In a
pane beside another it costs the outer terminal the whole pane, and mosh, which compares two
screens, writes every line again. In doubt the cells that differ are written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

from tui.terminal import in_tmux

TMUX_SECONDS = 2.0
"""How long tmux is waited for, beside everything else."""


def look_how_to_scroll(
    setting: str,
    found: Callable[[bool], None],
    *,
    answered: bool,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Tell whether lines are to be moved by the terminal, at once or by a thread.

    `setting` is the person's word; `answered` whether the terminal spoke as only terminals do.
    """
    if setting != "auto":
        found(setting == "terminal")
    elif in_tmux(environment):
        found(False)
        ask = Thread(target=lambda: found(_alone_in_tmux(environment)), daemon=True, name="tmux")
        ask.start()
    else:
        # What hides mosh is another connection on the way: then its silence is all that there is.
        known = answered or not environment.get("SSH_CONNECTION")
        found(known and not mosh_serves())


def mosh_serves(processes: Path = Path("/proc")) -> bool:
    """Whether a mosh server of this user runs here: nothing else tells of it."""
    for process in processes.glob("[0-9]*"):
        try:
            ours = process.stat().st_uid == os.getuid()
            if ours and (process / "comm").read_text().strip() == "mosh-server":
                return True
        except OSError:
            continue  # it has ended
    return False


def _alone_in_tmux(environment: Mapping[str, str]) -> bool:
    """Whether our pane is as wide as the terminal that shows it."""
    import subprocess

    pane = environment.get("TMUX_PANE", "")
    command = ["tmux", "display-message", "-p", "-t", pane, "#{pane_width} #{client_width}"]
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, timeout=TMUX_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    width, _, whole = said.stdout.strip().partition(" ")
    return width == whole and not mosh_serves()
