"""The Sessions screen: from key press to server and back."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from tests.deck import deck_of, end_news, footer, opened, put, screen_text, shown, until
from tests.harness import EmbeddedServer
from tests.screens.sessions.steps import narrowed
from tui.screens import loading
from tui.screens.messages import CommandWanted, hand_over
from tui.screens.sessions.plot_pane import PlotPane
from tui.screens.sessions.screen import SessionsScreen
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline

OF_ONE = {"Open", "Note", "Delete", "Live", "Rename", "Give up"}
"""What the footer calls the keys that act on one of the list."""


def sessions(server: EmbeddedServer) -> list[str]:
    """The names that the server's own table has."""
    rows = server.context.database.read("SELECT name FROM igtimi_session")
    return [row["name"] for row in rows]


async def test_a_session_is_made_noted_undone_and_deleted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New session", "Devices"))
        await put(pilot, "Tuesday [bold]", "today 10:00", "today 09:00")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "must be after the start"), "nothing is lost")
        await put(pilot, "today 11:00")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Made session Tuesday [bold]"))
        await until(pilot, lambda: shown(pilot, "No boat yet", " 10:00 to 11:00"))
        assert app.screen.query_one("#grid", Grid).cursor_key == "26"
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "Add to the log"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "f2 or ctrl+o saves"))
        await pilot.press(*"flat", "f2")
        await until(pilot, lambda: shown(pilot, "· Note: flat"), "the log shows it at once")
        await pilot.press("u")
        await until(pilot, lambda: shown(pilot, "✗ Note: flat", "Taken back: Note: flat"))
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Its log goes for good"))
        await pilot.press("d", "enter", "n")
        await until(pilot, lambda: not shown(pilot, "Its log goes for good"), "only y deletes")
        assert "Tuesday [bold]" in sessions(server)
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Its log goes for good"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "✓ Deleted Tuesday"))
        await until(pilot, lambda: not shown(pilot, " 10:00 to 11:00"))
    assert "Tuesday [bold]" not in sessions(server)


async def test_a_note_of_a_past_session_is_about_a_moment_of_its_day(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "training race 3")
        screen = pilot.app.screen
        assert isinstance(screen, SessionsScreen)
        await until(pilot, lambda: screen.list.subject() is not None)
        start = screen.list.subject().start_time.astimezone(app.workspace.zone)
        moment = start + timedelta(minutes=5)
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "Add to the log"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "f2 or ctrl+o saves"))
        await pilot.press(*"gust", "tab")
        await put(pilot, f"{moment:%H:%M}")
        await pilot.press("shift+tab")
        await until(pilot, lambda: shown(pilot, f"= {moment:%a} {moment.day} {moment:%b %H:%M}"))
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Added to the log"))
        session = screen.list.subject()
        opened_one = await app.workspace.sessions.open(session)
        noted = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}:00.000Z gust"
        assert opened_one.state.notes[-1] == noted


async def test_an_entry_of_the_log_is_read_and_taken_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "weekend")
        await until(pilot, lambda: shown(pilot, "Data ends"))
        await pilot.press("enter")
        tree = app.screen.query_one("#tree", Outline)
        await until(pilot, lambda: tree.has_focus)
        tree.move_to_row(3)
        assert tree.node is not None
        assert "Data ends" in tree.node.label
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Log entry", "written"))
        await pilot.press("escape", "d")
        await until(pilot, lambda: shown(pilot, "it counts as never made"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "Taken back: Data ends", "no end yet"))


async def test_the_plot_zooms_moves_and_changes_its_axis(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await until(pilot, lambda: shown(pilot, "Speed over ground (kn)", "mean"))
        plot = app.screen.query_one(PlotPane)
        await pilot.press("plus", "plus")
        await until(pilot, lambda: shown(pilot, " h of 0:"), "how much is shown")
        middle = plot._shown
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: plot._shown < middle)
        await pilot.press("z")
        await until(pilot, lambda: not shown(pilot, " h of 0:"))
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "Plot which device?", "Petrel"))
        await pilot.press("j", "enter")
        await until(pilot, lambda: shown(pilot, "Plot what of", "Position, latitude"))
        await pilot.press("slash", *"longitude", "enter")
        await until(pilot, lambda: shown(pilot, "Position, longitude (°)"))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Position, latitude (°)"))
        await pilot.press("b")
        await until(pilot, lambda: shown(pilot, "Plot beside each other", "●Petrel"))
        await pilot.press("space", "enter")
        await until(pilot, lambda: shown(pilot, "A Petrel  B Kōtare", "mean A "))
        await pilot.press("b")
        await until(pilot, lambda: shown(pilot, "Plot beside each other", "●Kōtare"))
        await pilot.press("space", "enter")
        await until(pilot, lambda: not shown(pilot, "B Kōtare") and shown(pilot, "Position, lat"))


async def test_what_was_measured_in_a_session_is_written_to_a_file(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "Next weekend")
        await until(pilot, lambda: shown(pilot, "─Next weekend's regatta"))
        await pilot.press("E")
        await until(pilot, lambda: shown(pilot, "Export", "GPX 1.1"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "File", "Next_weekend_s_regatta.csv"))
        await put(pilot, str(tmp_path / "ahead.csv"))
        await until(pilot, lambda: shown(pilot, "names no devices"), "there is nothing")
        assert not (tmp_path / "ahead.csv").exists()
        await narrowed(pilot, "Ora sprint")
        await until(pilot, lambda: shown(pilot, "─Ora sprint ─"))
        await pilot.press("E")
        await until(pilot, lambda: shown(pilot, "Export", "GPX 1.1"))
        await pilot.press("j", "j", "j", "enter")
        await until(pilot, lambda: shown(pilot, "File", "Ora_sprint.gpx"))
        await put(pilot, str(tmp_path / "ora.gpx"))
        await until(pilot, lambda: shown(pilot, " fixes written to ", "ora.gpx"), "written")
        written = (tmp_path / "ora.gpx").read_text()
        assert written.startswith("<?xml")
        assert written.count("<trkpt") > 100


async def test_enter_and_a_click_on_open_say_that_the_filter_left_nothing(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    says = "nothing here to open: /, then esc takes off the filter “zzzz”."
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        for there in ("Twilight series", "Blue Duck"):
            await until(pilot, lambda there=there: shown(pilot, there))
            await until(pilot, lambda: "Open" in footer(pilot).values())
            await pilot.press("slash", *"zzzz", "enter")
            await until(pilot, lambda: shown(pilot, "0 of "))
            # What acts on one of the list is not offered where there is none.
            await until(pilot, lambda: not OF_ONE & set(footer(pilot).values()))
            assert {"New", "Register"} & set(footer(pilot).values())
            await pilot.press("enter")
            await until(pilot, lambda: shown(pilot, says))
            end_news(pilot)
            await hand_over(app, CommandWanted("sessions.open"))
            await until(pilot, lambda: shown(pilot, says), "as a click in the footer")
            end_news(pilot)
            await pilot.press("slash", "escape", "o")


async def test_devices_groups_and_access_stand_in_the_place_of_the_sessions(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Serial number", "Blue Duck", "Firmware"))
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "Name of GA-EN-"))
        await put(pilot, "Pateke")
        await until(pilot, lambda: shown(pilot, "is called Pateke", "▌ Pateke"))
        await pilot.press("u")
        await until(pilot, lambda: shown(pilot, "Undone: Name GA-EN-", "▌ Blue Duck"))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Race committee", "edits it"))
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New group"))
        await put(pilot, "Juniors")
        await until(pilot, lambda: shown(pilot, "Made group Juniors"))
        await until(pilot, lambda: shown(pilot, "─Juniors ─"), "the cursor is on it")
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "Into Juniors", "Ana Kovač"))
        await pilot.press("slash", *"Ana", "enter")
        await until(pilot, lambda: shown(pilot, "Ana Kovač is in Juniors"))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Access windows", "for ever"))
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "cannot take access back"))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Twilight series"))


async def test_access_is_asked_about_again_and_nothing_typed_is_lost(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await pilot.press("o", "o", "o")
        await until(pilot, lambda: shown(pilot, "for ever"))

        def windows() -> int:
            rows = server.context.database.read("SELECT count(*) FROM igtimi_window")
            return int(rows[0][0])

        before = windows()
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "It cannot be taken back"))
        await pilot.press("enter", "space")
        await until(pilot, lambda: shown(pilot, "enter chooses"))
        await pilot.press("slash", *"Coaches", "enter")
        await until(pilot, lambda: not shown(pilot, "enter chooses"))
        await pilot.press("enter")
        await put(pilot, "2026-03-01 10:00")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Let Coaches see the data of", "for ever?"))
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "2026-03-01 10:00", "Coaches · group"))
        assert windows() == before
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Let Coaches see the data of"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "✓ Coaches sees the data of"))
        assert windows() == before + 1


async def test_the_footer_has_the_keys_of_the_focused_pane(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series", "d Delete", "o Devices"))
        await pilot.press("tab")
        await until(pilot, lambda: shown(pilot, "d Take back"))
        await pilot.press("shift+tab")
        await narrowed(pilot, "Twilight")
        await until(pilot, lambda: shown(pilot, "mean"))
        app.screen.query_one("#curve").focus()
        await until(pilot, lambda: shown(pilot, "+ Closer", "x Axis"))


async def test_keys_act_on_the_pane_that_has_the_focus(
    server: EmbeddedServer, tmp_path: Path, copied: list[str]
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "Twilight")
        await until(pilot, lambda: shown(pilot, "Speed over ground (kn)", "mean"))
        tree = app.screen.query_one("#tree", Outline)
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
        assert "\tTwilight series\t" in copied.pop(), "the row"
        await pilot.press("tab", "tab", "slash")  # over the line of the filter
        await until(pilot, lambda: shown(pilot, "Filter means nothing here. It is for Sessions"))
        assert tree.has_focus
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
        assert copied.pop().startswith("Since "), "the line"
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Choose an entry of the log to take it back."))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "This has one axis only."), "of all of it")
        await pilot.press("tab")
        assert app.screen.query_one("#curve").has_focus
        for key, title in (("d", "Delete"), ("y", "Copy"), ("a", "New"), ("m", "Change")):
            await pilot.press(key)
            await until(pilot, lambda title=title: shown(pilot, f"{title} means nothing here."))  # type: ignore[misc]
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "Add to the log of Twilight series"))
        await pilot.press("escape")
        assert "Twilight series" in sessions(server)


async def test_nothing_is_given_up_from_a_line_about_a_device(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series", "p Plot", "o Devices"))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Serial number", "a Register", "o Groups"))
        assert not shown(pilot, "p Plot"), "there is none to be seen"
        await until(pilot, lambda: shown(pilot, "Access", "Rights"), "the device")
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "Plot means nothing here."))
        await pilot.press("tab")
        await until(pilot, lambda: shown(pilot, "m Rename") and not shown(pilot, "d Give up"))
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Delete means nothing here. It is for Devices"))


async def test_without_the_service_what_was_kept_is_shown_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PATIENCE", 0)
    with EmbeddedServer(services=["igtimi"]) as server:
        app = deck_of(server, tmp_path, "sessions")
        async with opened(app, (80, 24)) as pilot:
            await until(pilot, lambda: shown(pilot, "Twilight series"))
            await pilot.press("o")
            await until(pilot, lambda: shown(pilot, "Serial number", "Blue Duck"))
            await pilot.press("o")
            await until(pilot, lambda: shown(pilot, "Race committee"))
            await pilot.press("o")
            await until(pilot, lambda: shown(pilot, "Access windows", "for ever"))
            await pilot.press("o")
            await until(pilot, lambda: shown(pilot, "Twilight series"))
            await narrowed(pilot, "Twilight")
            await until(pilot, lambda: shown(pilot, " devices", "mean"))
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app, (80, 24)) as pilot:
        # The list is opened on what is on.
        await until(pilot, lambda: shown(pilot, "─Twilight series ─"))
        await until(
            pilot, lambda: screen_text(pilot).count("as of ") == 3, "each pane says how old"
        )
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Serial number", "Blue Duck", "as of "))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Race committee", "as of "))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Access windows", "for ever", "as of "))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "─Twilight series ─", "Kōtare"))
        await until(
            pilot,
            lambda: screen_text(pilot).count("as of ") == 3,
            "its log's and its plot's age still",
        )
        await narrowed(pilot, "Ora sprint")
        await until(pilot, lambda: shown(pilot, "─Ora sprint ─"), "what was never read is an error")
        await until(pilot, lambda: shown(pilot, "could not be reached", "r tries again"))
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "✗ Igtimi: connection"))


async def test_what_lies_in_the_archive_is_asked_for_again_by_r(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "PMYC")
        await until(pilot, lambda: shown(pilot, "being taken out of the archive", "r asks again"))

        def polls() -> int:
            rows = server.context.database.read(
                "SELECT max(archive_polls) FROM igtimi_resource WHERE serial = 'GA-EN-AAAA'"
            )
            return int(rows[0][0])

        while before := polls():
            await pilot.press("r")
            await until(pilot, lambda before=before: polls() < before)  # type: ignore[misc]
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "Speed over ground (kn)", " kn, mean"))
