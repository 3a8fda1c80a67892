"""The frame that was kept is painted where it is still true, and nowhere else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tui import first_moment
from tui.config.locations import Locations
from tui.first_moment import LEAVE
from tui.screens.deck.last_frame import text_of

SIZE = (80, 24)
NOW = 1_790_000_000.0


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose settings are in no variable."""
    for name in [*os.environ]:
        if name.startswith("TOCKDECK_") or name in first_moment.TERMINAL:
            monkeypatch.delenv(name)
    monkeypatch.setenv("TOCKDECK_HOME", str(tmp_path))
    for name in ("config", "data", "state", "cache"):
        (tmp_path / name).mkdir()
    return tmp_path


def keep(home: Path, clock: str = "2 5 1789996400", at: float = NOW - 750) -> Path:
    key = first_moment.made_for("1.0", SIZE)
    assert key is not None
    file = home / "cache" / first_moment.NAME
    file.write_text(f"{key}\n{at:.0f}\n{clock}\n\x1b[1;1Hgrey\nlines\0\x1b[1;1Hall of it")
    file.chmod(0o600)
    return file


def test_it_has_its_age_and_the_clock_of_now(alone: Path) -> None:
    keep(alone)
    found = first_moment.kept("1.0", SIZE, NOW)
    assert found is not None
    for shown, frame in zip(found, ("grey\nlines", "all of it"), strict=True):
        assert shown.startswith(f"\x1b[1;1H{frame}\x1b[2;5H1:00:00")
        assert "as it was 12 min ago" in shown
    keep(alone, clock="")
    assert "\x1b[2;5H" not in (first_moment.kept("1.0", SIZE, NOW) or "\x1b[2;5H")[0]
    ages = [first_moment.age_text(seconds) for seconds in (0, 59.9, 3599, 86399, 200_000)]
    assert ages == ["0 s", "59 s", "59 min", "23 h", "2 d"]


@pytest.mark.parametrize(
    "changed",
    ["config/config.toml", "data/connections.toml", "state/theme", "state/status.json",
     "config/themes/own.toml"],
)  # fmt: skip
def test_what_it_was_made_for_is_as_it_was_or_it_is_not_painted(alone: Path, changed: str) -> None:
    keep(alone)
    assert first_moment.kept("1.0", SIZE, NOW) is not None
    (alone / changed).parent.mkdir(exist_ok=True)
    (alone / changed).write_text("another")
    assert first_moment.kept("1.0", SIZE, NOW) is None


def test_another_size_version_terminal_time_or_owner_has_none(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = keep(alone)
    assert first_moment.kept("1.1", SIZE, NOW) is None
    assert first_moment.kept("1.0", (81, 24), NOW) is None
    assert first_moment.kept("1.0", SIZE, NOW - 3600) is None, "from the future"
    assert first_moment.kept("1.0", SIZE, NOW + first_moment.OLDEST) is None
    file.chmod(0o644)
    assert first_moment.kept("1.0", SIZE, NOW) is None, "others can read it"
    file.chmod(0o600)
    for content in ("", "a\nb\nc\nd", "\0"):
        file.write_text(content)
        assert first_moment.kept("1.0", SIZE, NOW) is None
    keep(alone)
    (file.parent / "elsewhere").write_bytes(file.read_bytes())
    (file.parent / "elsewhere").chmod(0o600)
    file.unlink()
    file.symlink_to("elsewhere")
    assert first_moment.kept("1.0", SIZE, NOW) is None, "a link"
    file.unlink()
    keep(alone)
    for name, value in (("COLORTERM", "truecolor"), ("TOCKDECK_DECK_READ_ONLY", "true")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert first_moment.kept("1.0", SIZE, NOW) is None
    assert first_moment.kept("1.0", SIZE, NOW) is not None


@pytest.mark.parametrize("root", ["", "~/own"])
def test_it_knows_the_folders(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCKDECK_HOME", root)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere/else")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert tuple(map(Path, first_moment.folders())) == tuple(Locations.of_user())


def test_nothing_large_is_imported_for_it() -> None:
    large = {"textual", "pathlib", "re", "argparse", "typing", "json", "platformdirs"}
    code = f"import sys, tui.cli; print({large} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert said.stdout.strip() == "set()"


@pytest.mark.parametrize("later", [0.0, 0.1, 0.6])
@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.999])
def test_who_starts_again_at_once_has_it_too(alone: Path, fraction: float, later: float) -> None:
    keep(alone, at=0.0)
    file = alone / "cache" / first_moment.NAME
    key, _, clock, frame = file.read_text().split("\n", 3)
    file.write_text(text_of(key, NOW + fraction, clock, frame))
    assert first_moment.kept("1.0", SIZE, NOW + fraction + later) is not None


PAINTED = """
import os, select, sys
from tui import first_moment
for name in [one for one in os.environ if one.startswith("TOCKDECK_") and one != "TOCKDECK_HOME"]:
    del os.environ[name]
size = os.get_terminal_size(1)
kept = os.path.join(first_moment.folders()[3], first_moment.NAME)
with open(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
    file.write(f"{first_moment.made_for('1.0', tuple(size))}\\n0\\n\\n\\x1b[1;1Hgrey lines")
first_moment.OLDEST = float("inf")
sys.stdin.readline()
assert first_moment.paint([], "1.0")
while True:
    # Not `pause`: what comes just before it is called would be seen after the next signal.
    select.select([], [], [], 0.02)
"""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM])
def test_what_is_ended_before_the_deck_is_there_leaves_the_terminal(
    alone: Path, number: signal.Signals
) -> None:
    environment = {"TOCKDECK_HOME": str(alone)}
    with Terminal([sys.executable, "-c", PAINTED], size=SIZE, environment=environment) as terminal:
        before = terminal.line()
        terminal.press("enter")
        terminal.until("grey lines", "as it was")
        assert terminal.line() != before
        terminal.signal(number)
        assert terminal.until_ended() == -number
        assert terminal.modes_left_on() == []
        assert terminal.line() == before
        assert terminal.output.endswith(LEAVE.encode())
        assert b"Traceback" not in terminal.output


@pytest.mark.parametrize("number", [signal.SIGCONT, signal.SIGWINCH])
def test_what_another_may_have_written_over_is_not_taken_for_shown(
    alone: Path, number: signal.Signals
) -> None:
    painted, _, _ = PAINTED.replace('grey lines")', r'grey lines\0all of it")').partition("while")
    program = f"""{painted}
while first_moment.shown():
    select.select([], [], [], 0.02)
first_moment.give_back()
print("no longer")
"""
    environment = {"TOCKDECK_HOME": str(alone)}
    with Terminal([sys.executable, "-c", program], size=SIZE, environment=environment) as terminal:
        terminal.press("enter")
        terminal.until("grey lines", "as it was")
        terminal.signal(number)
        terminal.until("no longer")
        assert terminal.until_ended() == 0
