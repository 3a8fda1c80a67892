"""Journeys through the whole program: a terminal, a person's keys, and real local services."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.harness import EmbeddedServer
from tests.journeys.conftest import endpoint_of
from tests.paper import Paper
from tests.terminal import Terminal, deck

KINDS_OF_HOME = ("CONFIG", "DATA", "STATE", "CACHE")


def test_a_first_run_without_any_account(home: Path) -> None:
    with deck(home) as terminal:
        terminal.until("7 Live", "Running", "to be paid")
        for key, seen in (("5", "Trackers"), ("6", "Clients"), ("4", "Sessions"), ("1", "Agenda")):
            terminal.press(key)
            terminal.until(seen)
        terminal.press("?")
        terminal.until("Today: keys")
        terminal.press("esc")
        terminal.until_gone("Today: keys")
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []


def test_without_a_home_of_its_own_the_deck_lives_in_the_persons(tmp_path: Path) -> None:
    names = dict.fromkeys(("TOCKDECK_HOME", *(f"XDG_{one}_HOME" for one in KINDS_OF_HOME)), "")
    with deck(tmp_path, HOME=str(tmp_path), **names) as terminal:
        terminal.until("Running", "to be paid")
        terminal.press("q")
        assert terminal.until_ended() == 0
    assert (tmp_path / ".local" / "share" / "tockdeck" / "embedded").is_dir()


def test_a_small_window_grows_and_shrinks(home: Path) -> None:
    with deck(home, size=(80, 24)) as terminal:
        terminal.until("Running", "to be paid")
        terminal.resize(240, 60)
        terminal.until("Running", "? more")
        terminal.resize(40, 10)
        terminal.until("1 Today")
        terminal.resize(120, 40)
        terminal.until("to be paid")
        terminal.press("q")
        assert terminal.until_ended() == 0


def settled_invoices(terminal: Terminal) -> str:
    """The screen of invoices once all of it has come and nothing moves."""
    terminal.until("unpaid ·", "All clients")
    terminal.settle()
    return terminal.text


def test_only_changes_are_written_and_the_screen_is_whole_after_anything(home: Path) -> None:
    with deck(home, "--screen", "invoices", size=(120, 40)) as terminal:
        whole = settled_invoices(terminal)
        terminal.press("j", "k")  # a client, whose invoices and work are shown, and all again
        terminal.settle()
        assert terminal.text == whole
        terminal.press("tab")
        terminal.settle()
        paper, written = Paper(120, 40), len(terminal.output)
        paper.take(bytes(terminal.output))
        paper.count_anew()
        terminal.press("j", "k")
        terminal.settle()
        paper.take(bytes(terminal.output[written:]))
        paper.check()
        terminal.press("shift+tab")
        terminal.settle()
        assert terminal.text == whole
        terminal.press("?")
        terminal.until("Invoices: keys")
        terminal.screen.erase_in_display(2)
        terminal.press("ctrl+l")  # in a dialog too
        terminal.until("Invoices: keys", "7 Live")
        terminal.press("esc")
        terminal.until_gone("Invoices: keys")
        terminal.settle()
        assert terminal.text == whole
        terminal.screen.erase_in_display(2)
        terminal.press("ctrl+l")
        assert settled_invoices(terminal) == whole
        for size in ((100, 30), (120, 40)):
            terminal.screen.erase_in_display(2)
            terminal.resize(*size)
            shown = settled_invoices(terminal)
        assert shown == whole
        terminal.screen.erase_in_display(2)
        for size in ((90, 30), (120, 40)):  # before the deck looks, or while it lays out
            terminal.resize(*size)
        assert settled_invoices(terminal) == whole
        terminal.press("q")
        assert terminal.until_ended() == 0


def test_a_stopped_deck_is_whole_when_it_goes_on(home: Path) -> None:
    with deck(home, "--screen", "invoices", size=(120, 40)) as terminal:
        whole = settled_invoices(terminal)
        terminal.signal(signal.SIGTSTP)
        terminal.until_stopped()
        terminal.settle()
        assert terminal.modes_left_on() == []
        terminal.screen.erase_in_display(2)
        terminal.signal(signal.SIGCONT)
        assert settled_invoices(terminal) == whole
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []


def test_two_decks_share_one_server_and_see_each_others_writes(home: Path) -> None:
    with deck(home, "--screen", "timers") as first:
        first.until("Sail wardrobe")
        with deck(home, "--screen", "timers") as second:
            second.until("Sail wardrobe")
            first.press("/")
            first.until("filter: enter keeps")
            first.press("Sail wardrobe")
            first.until_gone("Holidays")
            first.press("enter")
            first.settle()
            first.press("s")
            first.until("Switch from")
            first.press("enter")
            first.until("Switched from Booking form to Sail wardrobe")
            second.press("r")
            second.until("● Sail wardrobe")
        servers = list((home / "data" / "embedded").glob("*.db"))
        assert len(servers) == 1
        first.press("q")
        assert first.until_ended() == 0


def test_a_write_is_seen_again_after_leaving(home: Path) -> None:
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Sail wardrobe")
        terminal.press("x")
        terminal.until("Stop ")
        terminal.settle()
        terminal.press("done for today")
        terminal.until("done for today")
        terminal.press("enter")
        terminal.until("Nothing is running")
        terminal.press("q")
        assert terminal.until_ended() == 0
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Nothing is running", "done for today")


def test_time_is_added_in_one_line_and_an_overlap_is_not(home: Path) -> None:
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Sail wardrobe", "running")
        for news in ("Added 0:30 h to Sail wardrobe", "f4 copies the link"):
            terminal.press("a")
            terminal.until("Add time in one line", "Write it as")
            terminal.settle()
            terminal.press("2026-01-06 9-9:30 wardr")
            terminal.until("0:30 h · Sail wardrobe")
            terminal.press("\t")
            terminal.until("9-9:30 Sail wardrobe:")
            terminal.press("a seam")
            terminal.until("0:30 h · Sail wardrobe · a seam")
            terminal.press("enter")
            terminal.until(news)
        terminal.until("9-9:30 Sail wardrobe: a seam")
        terminal.press("esc")
        terminal.until("kept for the next time")
        terminal.press("q")
        assert terminal.until_ended() == 0


def test_a_killed_server_is_said_and_started_again(home: Path) -> None:
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Sail wardrobe")
        killed = endpoint_of(home)["pid"]
        os.kill(killed, signal.SIGKILL)
        terminal.press("r")
        while endpoint_of(home).get("pid", killed) == killed:
            terminal.read(0.1)
        terminal.until("Sail wardrobe", "Now")
        terminal.press("q")
        assert terminal.until_ended() == 0


def timers_at(home: Path, server: EmbeddedServer, path: str, password: str) -> Terminal:
    """A deck on Timers, set up by hand on a service that runs elsewhere."""
    return deck(
        home,
        "--screen",
        "timers",
        TOCKDECK_TRACKMYPEOPLE_BASE_URL=server.url(path),
        TOCKDECK_TRACKMYPEOPLE_USER="demo",
        TOCKDECK_TRACKMYPEOPLE_PASSWORD=password,
    )


def test_a_wrong_password_is_said_with_the_way_on(home: Path) -> None:
    with (
        EmbeddedServer(services=["trackmypeople"]) as server,
        timers_at(home, server, "/trackmypeople/api", "wrong-secret") as terminal,
    ):
        terminal.until("TrackMyPeople: authentication", "C connects the service")
        assert "wrong-secret" not in terminal.text
        terminal.press("6")
        terminal.until("Timesheets is not connected. C connects it.")
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert b"wrong-secret" not in terminal.output


def test_a_base_url_that_answers_html_is_said(home: Path) -> None:
    with (
        EmbeddedServer(services=["timetonic"]) as server,
        timers_at(home, server, "/timetonic/live/api.php", "x") as terminal,
    ):
        terminal.until("TrackMyPeople", "r tries again")
        assert "Traceback" not in terminal.text
        terminal.press("q")
        assert terminal.until_ended() == 0


def test_a_base_url_of_the_embedded_services_by_hand_gets_no_further_than_the_door(
    home: Path,
) -> None:
    with (
        EmbeddedServer(services=["trackmypeople"], door=True) as server,
        timers_at(home, server, "/trackmypeople/api", "x") as terminal,
    ):
        terminal.until("who proves that")
        assert "Traceback" not in terminal.text
        terminal.press("q")
        assert terminal.until_ended() == 0


def test_a_configuration_that_is_wrong_starts_nothing(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text('[deck]\ntheem = "ember"\n')
    with deck(home) as terminal:
        assert terminal.until_ended() == 2
        # Wherever the line was broken: the length of the folder's name decides that.
        assert "didyoumeandeck.theme?" in "".join(terminal.text.split())
        assert b"\x1b[?1049h" not in terminal.output
    assert not (home / "data").exists()


def test_a_hang_up_leaves_quickly_and_keeps_what_was_typed(home: Path) -> None:
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Sail wardrobe")
        terminal.press("f")
        terminal.until("Add free time", "Why")
        terminal.settle()
        for _ in range(3):
            terminal.press("tab")
            terminal.settle()
        terminal.press("a day in the garden")
        terminal.until("a day in the garden")
        terminal.signal(signal.SIGHUP)
        terminal.until_ended()
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Sail wardrobe")
        terminal.press("f")
        terminal.until("a day in the garden")


def test_keys_that_come_in_one_packet_go_where_they_were_meant_to(home: Path) -> None:
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Sail wardrobe")
        terminal.press("f")
        terminal.until("Add free time", "Why")
        # As over a slow link: keys that move the focus, and text, all at once. So few hours have a
        # gap at any time of the day.
        terminal.press("\x152.5\t\t\ta day in the garden\t\r")
        terminal.until("Added 2:30 h of free time")
        terminal.press("q")
        assert terminal.until_ended() == 0


def test_text_pasted_over_a_list_is_not_run_as_keys(home: Path) -> None:
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Sail wardrobe")
        for text in ("x the mast\rs sail\rq quit\ry\r", "\x1b[200~x\rq\r\x1b[201~"):
            terminal.press(text)
            terminal.until(f"{len(text) - 12 * (text[0] != 'x')} characters pasted here were not")
        terminal.settle()
        assert "Stop Booking" not in terminal.text
        # Typed ahead, these are keys: another screen, and something on it.
        terminal.press("6jj\r")
        terminal.until("Clients", "unpaid")
        terminal.press("q")
        assert terminal.until_ended() == 0


def test_an_idle_deck_writes_nothing_and_sleeps(home: Path) -> None:
    with deck(home, "--screen", "invoices") as terminal:
        terminal.until("Clients", "Kestrel")
        terminal.settle()
        terminal.quiet_bytes(1.5)
        before = terminal.wakes()
        assert terminal.quiet_bytes(2.0) == 0
        # Textual's own driver looks around twenty times in that time.
        assert terminal.wakes() - before < 6
