"""The next start shows at once what the last one showed, and keys typed then are not lost."""

from __future__ import annotations

from pathlib import Path

from tests.terminal import deck
from tui.first_moment import NAME, TAKE


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
