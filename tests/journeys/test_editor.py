"""A long text is written in the person's own editor, which has the deck's terminal meanwhile."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.terminal import deck

EDITOR = """#!{python} -S
import pathlib, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
file = pathlib.Path(sys.argv[-1])
text = file.read_text()
print("EDITING", text, flush=True)
word = sys.stdin.readline().strip()
if word == "saved":
    file.write_text("saved before it ended")
    print("SAVED", flush=True)
    sys.stdin.readline()
if word:
    file.write_text(f"{{text}}\\n{{word}} [b]\\n")
"""


def test_a_cell_and_a_message_are_written_in_the_persons_editor(home: Path) -> None:
    program = home / "my-editor"
    program.write_text(EDITOR.format(python=sys.executable))
    program.chmod(0o755)
    with deck(
        home, "--screen", "books", size=(120, 40), VISUAL="", EDITOR=str(program)
    ) as terminal:
        terminal.until("Fleet maintenance", "? more")
        terminal.press("m")
        terminal.until("─ Message to", "f3 writes it in my-editor")
        since = len(terminal.output)
        terminal.press("hello", "\x1bOR")
        terminal.until("EDITING hello")
        terminal.press("twice", "enter")
        terminal.until_written(b"\x1b[?1049h", since)
        terminal.until("─ Message to", "twice [b]")
        # Interrupted, it ends alone; what it had saved stays.
        since = len(terminal.output)
        terminal.press("\x1bOR")
        terminal.until("EDITING hello")
        terminal.press("saved", "enter")
        terminal.until("SAVED")
        terminal.press("ctrl+c")
        terminal.until_written(b"\x1b[?1049h", since)
        terminal.until("─ Message to", "saved before it ended", "signal SIGINT")
        terminal.press("f2")
        terminal.until("Sent to", "u takes it back")
        # A cell, by a form with more room; left as it was, nothing is sent.
        terminal.press("down", "down", "enter")
        terminal.until("1 of 420")
        terminal.press("e", "\x1bOR")
        terminal.until("EDITING Measure")
        since = len(terminal.output)
        terminal.press("enter")
        terminal.until_written(b"\x1b[?1049h", since)
        terminal.until("─ Task of Measure", "f3 writes it in my-editor")
        terminal.press("f2")
        terminal.until("Nothing was changed")
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []
