"""A wrong block and a forgotten timer, from the Timers screen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.deck import deck_of, end_news, opened, until
from tests.harness import EmbeddedServer
from tests.screens.timers.noon import server, worked_in_the_morning
from tests.screens.timers.steps import loaded, rows, shown
from tui.screens import browser
from tui.screens.browser import Browser, chosen_browser, is_page
from tui.screens.timers.screen import TimersScreen
from tui.widgets.keybar import KeyBar

pytestmark = pytest.mark.usefixtures("as_at_the_start")


__all__ = ["server"]


def put_browser(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser of the desktop that notes the addresses it is given; the file of its notes."""
    notes, program = folder / "notes", folder / "browser"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(notes)!r}, 'a').write(sys.argv[-1] + '\\n')\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"nowhere-at-all:{program} --new %s")
    return notes


async def test_a_block_is_mended_on_its_page_and_the_deck_notices(
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    copied: list[str],
) -> None:
    notes = put_browser(tmp_path, monkeypatch)
    morning = worked_in_the_morning(server)
    before = len(rows(server, "profile_id = 1"))
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("e")
        await until(pilot, lambda: shown(pilot, "Edit block means nothing here", "tab goes there"))
        await pilot.press("tab", "down", "enter")
        await until(pilot, lambda: shown(pilot, "─ Block ", "on its page: e; to copy", "again: s."))
        await pilot.press("enter")
        await until(pilot, lambda: not shown(pilot, "─ Block "))
        await pilot.press("e")
        await until(pilot, lambda: shown(pilot, "browser shows the page of the block"))
        assert f"/block/edit/id/{morning}?" in notes.read_text()
        assert len(rows(server, "profile_id = 1")) == before, "asking for a page adds nothing"
        with server.context.database.write() as connection:
            connection.execute(
                "UPDATE trackmypeople_blocks SET time_out = time_out - 60 WHERE id = ?",
                (morning,),
            )
        pilot.app.app_focus = False
        pilot.app.app_focus = True
        await until(pilot, lambda: shown(pilot, f"{'✓'} ", " h now."), "it is said with the focus")
        with server.context.database.write() as connection:
            connection.execute("DELETE FROM trackmypeople_blocks WHERE id = ?", (morning,))
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, " is gone."))
        await pilot.press("down", "Y")
        await until(pilot, lambda: bool(copied))
        assert "/block/edit/id/" in copied[0]
        await pilot.press("v", "e")
        await until(pilot, lambda: shown(pilot, "The cursor is on no block."))


async def test_where_no_browser_is_known_a_person_chooses(
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    copied: list[str],
) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(browser.shutil, "which", lambda name: name == "lynx" or None)
    async with opened(deck_of(server, tmp_path, "timers"), (80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("tab", "e")
        await until(pilot, lambda: shown(pilot, "The page of the block", "Open it in lynx"))
        await pilot.press("j", "enter")
        await until(pilot, lambda: bool(copied))
        assert copied[0].startswith("http://127.0.0.1")


async def test_a_timer_that_ran_while_nobody_was_here_is_pointed_out_and_kept(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers", deck__away_minutes="10")
    async with opened(app, (80, 24)) as pilot:
        await loaded(pilot)
        assert not shown(pilot, "nobody was here")
        app._here_at -= 30 * 60
        await pilot.press("down")
        await until(pilot, lambda: shown(pilot, "! ran on while nobody was here", "w Put right"))
        await pilot.press("1")
        await until(pilot, lambda: shown(pilot, "Running", "! ran on while nobody was here"))
        await pilot.press("5", "w")
        await until(pilot, lambda: shown(pilot, "─ Booking form runs", "Stop it now, and mend"))
        await pilot.press("down", "enter")
        end_news(pilot)
        await until(pilot, lambda: not shown(pilot, "nobody was here"))
        await pilot.press("w")
        await until(pilot, lambda: shown(pilot, "Nothing is odd about what runs."))
        assert not shown(pilot, "w Put right")


async def test_what_ran_too_long_is_stopped_and_mended(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = put_browser(tmp_path, monkeypatch)
    async with opened(deck_of(server, tmp_path, "timers", deck__long_hours="0.5")) as pilot:
        await loaded(pilot)
        odd = "Booking form runs for more than 0:30 h. w: stop"
        await until(pilot, lambda: shown(pilot, odd))
        # Nobody asked for it: what answers a person stays before it.
        screen = pilot.app.screen
        assert isinstance(screen, TimersScreen)
        screen.flash("Done.", "good")
        screen.trackers._said.clear()
        await pilot.press("r")
        await until(pilot, lambda: bool(screen.trackers._said), "it is said again")
        assert shown(pilot, "✓ Done.")
        screen._news_line.end_flash()
        await until(pilot, lambda: shown(pilot, odd))
        (running,) = rows(server, "profile_id = 1 AND time_out IS NULL")
        await pilot.press("w")
        await until(pilot, lambda: shown(pilot, "─ Booking form runs", "Stop it now, and mend"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "─ Stop Booking form"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "shows the page of the block. Give it its true"))
        assert f"/block/edit/id/{running['id']}" in notes.read_text()
        await until(pilot, lambda: shown(pilot, "Nothing is running", "R Resume"))

        def offered() -> set[str]:
            hints = screen.query_one(KeyBar).hints
            return {hint.title for hint in hints} & {"Describe", "Stop", "Resume"}

        for keys in ([], ["tab"], ["v"], ["v"]):
            await pilot.press(*keys)
            await until(pilot, lambda: offered() == {"Resume"}, f"the keys of {screen.focused}")
        assert screen.report.grid.has_focus
    assert not rows(server, "profile_id = 1 AND time_out IS NULL")


def test_only_addresses_of_pages_are_opened() -> None:
    assert is_page("https://secure.trackmypeople.com/block/edit/id/5?once=a_b-c")
    for wrong in (
        "", "file:///etc/passwd", "javascript:x", "-P", "https://", "http://a b", "https://a/\x1b[0m",
        "http://[", "https://a/\u202e",
    ):  # fmt: skip
        assert not is_page(wrong)


def test_the_browser_is_the_persons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda name: name != "nowhere" or None)
    monkeypatch.setenv("BROWSER", "'unclosed:nowhere:w3m -M:firefox")
    w3m = chosen_browser()
    assert w3m == Browser(("w3m", "-M"))
    assert w3m.command("http://a/") == ["w3m", "-M", "-cookie", "http://a/"], "w3m asks for none"
    assert w3m.in_terminal
    monkeypatch.setenv("BROWSER", "/usr/bin/firefox --url=%s")
    firefox = chosen_browser()
    assert firefox is not None
    assert firefox.command("http://a/") == ["/usr/bin/firefox", "--url=http://a/"]
    assert not firefox.in_terminal
    monkeypatch.setenv("BROWSER", "")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    assert chosen_browser() == Browser(("xdg-open",))
