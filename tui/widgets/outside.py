"""Programs that take this terminal until they are left: a person's editor, a browser for terminals.

`$VISUAL` comes before `$EDITOR`; where neither is set, what is installed under a name that
everybody's machine has.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from textual.app import App, SuspendNotSupported

from tui.spoken_keys import key_for

COMMON = ("editor", "nano", "vim", "vi")
"""Looked for in this order where the person has chosen none."""


class Editor(NamedTuple):
    """A command that edits the file behind it."""

    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the program is called."""
        return Path(self.words[0]).name


class Brought(NamedTuple):
    """What came back from an editor."""

    text: str
    """As it stands now: the one that went out, where nothing was saved."""
    trouble: str = ""
    """What went wrong, and where the text is then, in a person's words."""


def chosen_editor() -> Editor | None:
    """The person's editor; None where none is set and none is installed."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError:
            continue
        if words and shutil.which(words[0]):
            return Editor(tuple(words))
    found = next((name for name in COMMON if shutil.which(name)), None)
    return None if found is None else Editor((found,))


def hint_of_editor() -> str:
    """What the key for it does, where there is an editor."""
    editor = chosen_editor()
    return "" if editor is None else f"{key_for('form.more_room')} writes it in {editor.name}"


def edit(app: App[object], editor: Editor, text: str) -> Brought:
    """Give the terminal to an editor with the text in a file that only this user can read.

    What the editor saved counts, however it ended. A file that cannot be read as text stays.
    """
    try:
        folder = Path(mkdtemp(prefix="tockdeck-"))
        file = folder / "text.txt"
        file.touch(0o600)
        file.write_text(text, encoding="utf-8", newline="")
    except (OSError, UnicodeEncodeError) as error:
        return Brought(text, f"The text could not be handed to {editor.name}: {error}.")
    trouble = ""
    try:
        status = run_in_terminal(app, [*editor.words, str(file)])
        if status:
            trouble = f"{editor.name} ended with {status_text(status)}: what it had saved is here."
    except SuspendNotSupported:
        trouble = f"{editor.name} needs a terminal of its own here."
    except OSError as error:
        trouble = f"{editor.name} could not be started: {error.strerror or error}."
    try:
        saved = file.read_bytes().decode()
    except FileNotFoundError:
        saved, trouble = text, trouble or f"{editor.name} left no file behind: nothing was changed."
    except (OSError, UnicodeDecodeError):
        return Brought(text, f"What {editor.name} left cannot be read as text. It is in {file}.")
    shutil.rmtree(folder, ignore_errors=True)
    if not text.endswith("\n"):
        # Editors end the last line as well.
        saved = saved.removesuffix("\n").removesuffix("\r")
    return Brought(saved, trouble)


def status_text(status: int) -> str:
    """How a program ended, by its exit status; below 0 it is the signal that ended it."""
    if status >= 0:
        return f"status {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"


def run_in_terminal(app: App[object], command: Sequence[str]) -> int:
    """Give a program this terminal until it is left; its exit status, below 0 for a signal.

    Nothing of ours may be drawn meanwhile: the loop waits as well, as it does in the background.
    Raises SuspendNotSupported, and OSError where it cannot be started.
    """
    with app.suspend(), _foreground_signals():
        process = os.posix_spawnp(
            command[0], list(command), os.environ, setsigdef=[*_THEIRS, signal.SIGTSTP]
        )
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


_THEIRS = (signal.SIGINT, signal.SIGQUIT)
"""What the terminal's keys send to all in the foreground, and is meant for the program there."""


@contextmanager
def _foreground_signals() -> Iterator[None]:
    """Keys of the terminal are the program's: it is interrupted and not we, and stops with us."""
    before = {number: signal.getsignal(number) for number in (*_THEIRS, signal.SIGTSTP)}
    try:
        for number in before:
            signal.signal(number, signal.SIG_IGN if number in _THEIRS else signal.SIG_DFL)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
