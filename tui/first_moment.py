"""The last frame of the deck, painted before anything else is imported.

At a clean exit the deck keeps what its first screen showed (`tui/screens/deck/last_frame.py`), grey
and with its age to be filled in. It is painted only where everything that it was made for is as it
was: version, size, terminal, configuration, accounts, theme, the timer. Nothing but the standard
library's smallest parts is imported here: this is over before Textual is found on the disk.

The file: what it was made for, in one line; when; row, column and begin of the clock, or nothing;
then the frame in few bytes, and behind a NUL the same line by line, for who is to know what stands
there.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without its enums
import os
import sys
from collections.abc import Sequence
from time import time

NAME = "last-frame"
AS_IT_WAS = "as it was {} ago, loading"
TERMINAL = (
    "TERM", "COLORTERM", "XTERM_VERSION", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "TMUX", "STY",
    "TZ",
)  # fmt: skip
"""Variables that say what a frame is drawn with."""
ENDING = (_signal.SIGHUP, _signal.SIGINT, _signal.SIGQUIT, _signal.SIGTERM)
"""What ends a program, until the deck has its own way out (`tui/way_out.py`)."""
TAKE, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?1049l\x1b[?25h"
"""Frames are written for terminals that do not wrap lines."""
LARGEST = 1 << 18
OLDEST = 7 * 24 * 3600.0
"""Seconds after which a frame says too little."""

_before: list[object] | None = None
"""How the terminal was set before it was painted; None while it is not ours."""
_shown = ""
"""What the terminal shows since then; nothing where it was not painted, or may be gone."""


def folders() -> tuple[str, str, str, str]:
    """Of configuration, data, state and cache, as `Locations.of_user` has them."""
    root = os.environ.get("TOCKDECK_HOME")
    if root:
        home = os.path.expanduser(root)
        return tuple(  # type: ignore[return-value]
            os.path.join(home, name) for name in ("config", "data", "state", "cache")
        )
    return tuple(  # type: ignore[return-value]
        os.path.join(
            os.environ.get(variable, "").strip() or os.path.expanduser(otherwise), "tockdeck"
        )
        for variable, otherwise in (
            ("XDG_CONFIG_HOME", "~/.config"),
            ("XDG_DATA_HOME", "~/.local/share"),
            ("XDG_STATE_HOME", "~/.local/state"),
            ("XDG_CACHE_HOME", "~/.cache"),
        )
    )


def chosen_file() -> str | None:
    """The configuration file; None where settings stand in the environment: what they are is
    nobody's to write down, and which account they mean not to be guessed."""
    named = [name for name in os.environ if name.startswith("TOCKDECK_")]
    if any(name not in ("TOCKDECK_HOME", "TOCKDECK_CONFIG") for name in named):
        return None
    chosen = os.environ.get("TOCKDECK_CONFIG")
    return os.path.expanduser(chosen) if chosen else os.path.join(folders()[0], "config.toml")


def stamps(paths: Sequence[str]) -> list[str]:
    """How files and folders are found: another one where anything of them was changed."""
    parts = []
    for path in paths:
        try:
            found = os.stat(path)
            parts.append(f"{path} {found.st_ino} {found.st_mtime_ns} {found.st_size}")
        except OSError:
            parts.append(f"{path} -")
    return parts


def made_for(version: str, size: tuple[int, int]) -> str | None:
    """All that a frame depends on, in one line; None where that is not to be written down."""
    file = chosen_file()
    if file is None:
        return None
    config, data, state, _ = folders()
    parts = [version, sys.executable, f"{size[0]}x{size[1]}"]
    parts += [f"{name}={os.environ.get(name, '')}" for name in TERMINAL]
    parts += stamps((
        file,
        os.path.join(config, "themes"),
        os.path.join(os.path.dirname(file), "themes"),
        os.path.join(data, "connections.toml"),
        os.path.join(state, "theme"),
        os.path.join(state, "status.json"),
    ))  # fmt: skip
    return repr(parts)


def own_text(path: str, largest: int) -> str | None:
    """What a file says that is ours alone; None where there is none, it is somebody else's, or
    larger. Raises UnicodeDecodeError."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        about = os.fstat(file)
        ours = about.st_uid == os.getuid() and not about.st_mode & 0o077
        return os.read(file, largest).decode() if ours and about.st_size <= largest else None
    except OSError:
        return None
    finally:
        os.close(file)


def paint(words: Sequence[str], version: str) -> bool:
    """Paint the frame that was kept, where it is still true; whether it was painted.

    From then on the terminal keeps what is typed for the deck, unseen.
    """
    global _before, _shown
    if words or os.environ.get("TERM", "dumb") == "dumb":
        return False
    try:
        if not (os.isatty(0) and os.isatty(1)) or os.tcgetpgrp(0) != os.getpgrp():
            return False
        columns, rows = os.get_terminal_size(1)
        found = kept(version, (columns, rows), time())
        if found is None:
            return False
        frame, _shown = found
        import termios

        before = termios.tcgetattr(0)
        quiet = termios.tcgetattr(0)
        quiet[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        quiet[6] = list(quiet[6])
        for key in (termios.VSUSP, termios.VQUIT):
            quiet[6][key] = b"\0"
        _before = before
        for number in ENDING:
            if _signal.getsignal(number) != _signal.SIG_IGN:
                _signal.signal(number, _end)
        # Cells that a smaller window cuts off are not there again in a larger one.
        _signal.signal(_signal.SIGWINCH, _is_unsure)
        # While it was stopped, a shell wrote over them.
        _signal.signal(_signal.SIGCONT, _is_unsure)
        termios.tcsetattr(0, termios.TCSANOW, quiet)
    except (OSError, ImportError, ValueError):
        _before, _shown = None, ""
        return False
    _write(TAKE + frame)
    return True


def kept(version: str, size: tuple[int, int], now: float) -> tuple[str, str] | None:
    """The frame, with its age and its clock right, and what then stands on the screen, as places
    with their text; None where there is none that is true.
    """
    wanted = made_for(version, size)
    if wanted is None:
        return None
    try:
        text = own_text(os.path.join(folders()[3], NAME), LARGEST)
        if text is None:
            return None
        head, at, clock, frame = text.split("\n", 3)
        frame, _, lines = frame.partition("\0")
        age = now - float(at)
        if head != wanted or not 0 <= age < OLDEST:
            return None
        said = ""
        if clock:
            row, column, begun = clock.split()
            hours, rest = divmod(max(0, int(now - float(begun))), 3600)
            said = f"\x1b[{int(row)};{int(column)}H{hours}:{rest // 60:02}:{rest % 60:02}"
    except ValueError:
        return None
    news = f" {AS_IT_WAS.format(age_text(age))} "
    # In the line of news: the keys below it are true before what is above it.
    said += f"\x1b[{max(1, size[1] - 1)};1H\x1b[7m{news[: size[0] - 1]}\x1b[m"
    return frame + said, lines and lines + said


def age_text(seconds: float) -> str:
    """An age in one unit: `5 s`, `12 min`, `3 h`, `2 d`."""
    for most, unit, length in ((60, "s", 1), (3600, "min", 60), (86400, "h", 3600)):
        if seconds < most:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds // 86400)} d"


def taken() -> list[object] | None:
    """How the terminal was set before it was painted, for whoever takes it over from here; None
    where it was not painted."""
    global _before
    before, _before = _before, None
    return before


def shown() -> str:
    """What the terminal shows since it was painted, as places with their text and SGR sequences;
    nothing where that is not sure, or nothing was painted."""
    return _shown


def give_back() -> None:
    """Leave the terminal as it was found, where it is still ours."""
    before = taken()
    if before is not None:
        import termios

        _write("\x1b[m" + LEAVE)
        try:
            termios.tcsetattr(0, termios.TCSANOW, before)  # type: ignore[arg-type]
        except termios.error:
            return  # it is gone


def _end(number: int, _frame: object) -> None:
    """End as the signal has every program end, and leave the terminal before."""
    give_back()
    _signal.signal(number, _signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _is_unsure(_number: int, _frame: object) -> None:
    global _shown
    _shown = ""


def _write(text: str) -> None:
    data = text.encode()
    try:
        while data:
            data = data[os.write(1, data) :]
    except OSError:
        return
