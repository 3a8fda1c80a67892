"""The next start shows at once what the last one showed, and keys typed then are not lost."""

from __future__ import annotations

from pathlib import Path

from tests.terminal import Terminal, deck
from tui.first_moment import AS_IT_WAS, NAME, TAKE


def test_what_stands_there_already_is_not_written_again(home: Path) -> None:
    ready = ("to be paid", "Agenda", "TrackMyPeople", "? more")
    with deck(home) as terminal:
        terminal.until(*ready)
        terminal.settle()
        terminal.press("q")
        assert terminal.until_ended() == 0
    with deck(home) as terminal:
        for row in range(terminal.screen.lines):
            # pyte erases no cell that was never written.
            for column in range(terminal.screen.columns):
                terminal.screen.buffer[row][column] = terminal.screen.default_char
        terminal.until(*ready)
        terminal.until_gone("as it was")
        terminal.settle()
        kept, _, frames = bytes(terminal.output).decode().partition(AS_IT_WAS[:10])
        rule = "─" * 20
        assert rule in kept
        assert rule not in frames
        # And what is taken to stand there does.
        shown = cells(terminal)
        terminal.press("ctrl+l")
        terminal.settle()
        assert terminal.output.decode().count(rule) > kept.count(rule), "painted anew"
        assert cells(terminal) == shown
        terminal.press("q")
        assert terminal.until_ended() == 0


def cells(terminal: Terminal) -> list[list[object]]:
    """What is seen, in its colours, but for the clock that runs, which is above the hours."""
    screen = terminal.screen
    return [
        [(one.data, one.bg, one.data != " " and (one.fg, one.bold)) for one in row]
        for row in (
            [screen.buffer[row][column] for column in range(screen.columns)]
            for row in range(screen.lines)
        )
        if "●" not in {one.data for one in row}
    ]


def test_what_was_shown_last_stands_first_and_keys_count(home: Path) -> None:
    kept = home / "cache" / NAME
    with deck(home) as terminal:
        terminal.until("to be paid", "Agenda", "TrackMyPeople")
        assert b"as it was" not in terminal.output
        terminal.press("q")
        assert terminal.until_ended() == 0
    assert kept.stat().st_mode & 0o777 == 0o600
    with deck(home) as terminal:
        before = terminal.line()
        terminal.until_written(b"as it was", 0)
        assert terminal.output.startswith(TAKE.encode())
        terminal.press("5")
        terminal.until("Trackers", "s Start")
        terminal.until_gone("as it was")
        assert terminal.output.count(b"\x1b[?1049h") == 1, "entered twice, it would be cleared"
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []
        assert terminal.line() == before
    with deck(home, size=(100, 40)) as terminal:
        terminal.until("7 Live", "Agenda")
        assert b"as it was" not in terminal.output
        terminal.until("TrackMyPeople")
        terminal.press("q")
        assert terminal.until_ended() == 0
    assert "100x40" in kept.read_text()
    file = home / "config" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("[deck]\ninstant = false\n")
    with deck(home, size=(100, 40)) as terminal:
        terminal.until("7 Live", "Agenda")
        assert b"as it was" not in terminal.output
        terminal.press("q")
        assert terminal.until_ended() == 0
    assert not kept.exists()
