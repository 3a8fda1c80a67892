"""The timer from the shell: one line for time, start, stop, switch and resume."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Shell
from tests.harness import EmbeddedServer
from tests.workspace.hours import unbooked
from tui.cli import DONE, REFUSED, UNREACHABLE, USAGE


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """A server for one test: the timer is either running or not."""
    with unbooked() as started:
        yield started


def blocks(server: EmbeddedServer) -> list[tuple[int, bool, str]]:
    """(tracker, whether it ended, text), the oldest first."""
    rows = server.context.database.read("SELECT * FROM trackmypeople_blocks ORDER BY id")
    return [
        (row["tracker_id"], row["time_out"] is not None, row["description"] or "") for row in rows
    ]


def test_add_takes_one_line_and_says_how_it_was_read(
    connected: Shell, server: EmbeddedServer
) -> None:
    said = connected.run("add", "2020-01-06 9:00-11:15 booking form: panels in order")
    assert said.status == DONE
    assert said.out == (
        "Added: Fairlead Works › Harbour Trust › Berth bookings › Booking form,"
        " Mon 6 Jan 2020 09:00 to 11:15, 2:15 h: panels in order\n"
    )
    words = connected.run("add", "2020-01-06", "12-13", "cutting", "list:", "x")
    assert words.status == DONE
    assert blocks(server) == [(5, True, "panels in order"), (11, True, "x")]


def test_add_says_how_it_would_read_and_sends_nothing(
    connected: Shell, server: EmbeddedServer
) -> None:
    said = connected.run("add", "--dry-run", "2020-01-06 9-10 booking form: x")
    assert (said.status, said.err) == (DONE, "tockdeck: nothing was sent\n")
    assert said.out.endswith("Mon 6 Jan 2020 09:00 to 10:00, 1:00 h: x\n")
    assert blocks(server) == []


def test_a_block_in_the_way_is_told_in_the_zone_that_the_deck_shows(connected: Shell) -> None:
    there = ("--set", "deck.time_zone=Europe/Berlin")
    assert connected.run("add", "2020-01-06 9:00-11:15 booking form: x", *there).status == DONE
    said = connected.run("add", "2020-01-06 10:00-12:00 booking form: y", *there)
    assert said.status == REFUSED
    assert "from 2020-01-06 09:00:00 to 2020-01-06 11:15:00" in said.err


def test_add_looks_for_a_name_in_the_trackers_that_are_known(
    connected: Shell, server: EmbeddedServer
) -> None:
    assert connected.run("add", "2020-01-06 9-10 booking form").status == DONE
    with server.context.database.write() as connection:
        connection.execute("UPDATE trackmypeople_trackers SET name = 'Bay' WHERE id = 10")
    assert "Booking form" in connected.run("add", "2020-01-06 10-11 booking form").out
    said = connected.run("add", "2020-01-06 11-12 bay")
    assert (said.status, "› Bay, Mon 6 Jan" in said.out) == (DONE, True), "none fits: it is asked"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("booking form: x", "Write it as"),
        ("90 booking form", "90 can be meant in two ways"),
        ("2020-01-06 9-10 zzz", "no tracker is called 'zzz'. Nothing was sent."),
        ("2020-01-06 9-10 page", "Payment page"),
        ("2020-01-06 9-10 fairlead h", "2 trackers fit"),
    ],
)
def test_add_guesses_nothing(
    connected: Shell, server: EmbeddedServer, line: str, words: str
) -> None:
    said = connected.run("add", line)
    if line.endswith("page"):
        assert (said.status, words in said.out) == (DONE, True)
        return
    assert (said.status, said.out) == (USAGE, "")
    assert words in said.err
    assert said.err.endswith("Nothing was sent.\n")
    assert blocks(server) == []


def test_add_over_another_block_is_refused_with_its_address(connected: Shell) -> None:
    line = "2020-01-06 9-10 booking form"
    assert connected.run("add", line).status == DONE
    said = connected.run("add", line)
    assert said.status == REFUSED
    assert "would overlap" in said.err
    assert "\ntockdeck: the link: http" in said.err, "which the advice speaks of"


def test_start_switch_stop_and_resume(connected: Shell, server: EmbeddedServer) -> None:
    said = connected.run("resume")
    assert (said.status, "othing ended within a month" in said.err) == (REFUSED, True)
    for verb in (["stop"], ["switch", "loft planner"]):
        said = connected.run(*verb)
        assert (said.status, said.out) == (REFUSED, "")
        assert "nothing runs" in said.err.lower()
        assert "tockdeck start TRACKER" in said.err
    said = connected.run("start", "cutting", "list")
    assert (
        said.out == "Started: Fairlead Works › Norrland Sail Lofts › Loft planner › Cutting list\n"
    )
    assert connected.run("status", "--format", "{running}").out == "Cutting list\n"
    for verb in (["start", "loft planner"], ["resume"]):
        said = connected.run(*verb)
        assert (said.status, said.out) == (REFUSED, "")
        assert "runs already" in said.err
    server.clock.advance(seconds=600)
    said = connected.run("switch", "loft planner", "-d", "panels")
    assert said.status == DONE
    assert said.out.startswith("Stopped: Fairlead Works › Norrland Sail Lofts › Loft planner › Cut")
    server.clock.advance(seconds=600)
    said = connected.run("stop", "--description", "planned")
    assert (said.status, said.out[:9]) == (DONE, "Stopped: ")
    assert blocks(server) == [(11, True, "panels"), (10, True, "planned")]


def test_describe_says_what_is_done_and_the_stop_sends_it(
    connected: Shell, server: EmbeddedServer
) -> None:
    said = connected.run("describe", "panels")
    assert (said.status, "nothing runs" in said.err.lower()) == (REFUSED, True)
    assert connected.run("start", "cutting list").status == DONE
    said = connected.run("describe", "panels", "in #(order)")
    assert said.status == DONE
    assert said.out.startswith("Fairlead Works › Norrland Sail Lofts › Loft planner › Cutting list")
    assert said.out.endswith(": panels in #(order)\n")
    bar = connected.run("status").out
    assert bar.startswith("● Cutting list: panels in # (order) 0:00 · "), "nothing that tmux runs"
    assert connected.run("describe", "x" * 300).status == REFUSED
    assert blocks(server) == [(11, False, "")]
    assert connected.run("changes", "undo").status == DONE
    assert connected.run("describe", "y" * 100).status == DONE
    assert f": {'y' * 39}… 0:00" in connected.run("status").out
    assert connected.run("status", "--format", "{description}").out == f"{'y' * 100}\n"
    assert connected.run("describe", "").out.endswith(": nothing is said of it\n")
    assert connected.run("describe", "cut").status == DONE
    assert connected.run("stop").status == DONE
    assert blocks(server) == [(11, True, "cut")]
    assert connected.run("start", "cutting list").status == DONE
    assert connected.run("describe", "again").status == DONE
    server.stop()
    said = connected.run("describe", "offline")
    assert (said.status, "what it told last" in said.err) == (DONE, True)
    assert "Cutting list: offline" in connected.run("status").out


def test_resume_starts_what_ended_last(connected: Shell, server: EmbeddedServer) -> None:
    assert connected.run("add", "yesterday 9-10 cutting list: panels").status == DONE
    assert connected.run("add", "yesterday 7-8 loft planner").status == DONE
    said = connected.run("resume")
    assert said.status == DONE
    assert said.out.endswith("Cutting list, which ended yesterday 10:00: panels\n")
    assert blocks(server)[-1] == (11, False, "")


def test_start_begins_nothing_beside_what_runs_by_now(
    connected: Shell, server: EmbeddedServer
) -> None:
    assert connected.run("start", "booking form").status == DONE
    assert connected.run("stop").status == DONE
    held = server.credentials
    pair = (held.trackmypeople_user, held.trackmypeople_password)
    form = {"tracker_id": "11"}
    server.http("POST", "/trackmypeople/api/start.json", form=form, basic=pair)
    said = connected.run("start", "booking form")
    assert (said.status, "Cutting list, since today" in said.err) == (REFUSED, True)
    assert "runs already" in said.err
    assert connected.run("stop").status == DONE
    noted = json.loads(connected.run("changes", "--json").out)
    starts = [one for one in noted if one["operation"] == "trackmypeople.start"]
    assert len(starts) == 1, "nothing was sent"
    server.stop()
    said = connected.run("start", "booking form")
    assert (said.status, "it began here" in said.err) == (DONE, True), "as in the deck"
    assert "Booking form" in connected.run("status").out


def test_start_refuses_what_fits_several(connected: Shell, server: EmbeddedServer) -> None:
    said = connected.run("start", "fairlead h")
    assert said.status == USAGE
    assert "trackers fit" in said.err
    assert "Holidays" in said.err
    assert blocks(server) == []


def test_without_the_service_added_time_is_kept_and_the_rest_refused(
    connected: Shell, server: EmbeddedServer
) -> None:
    assert connected.run("add", "--dry-run", "2020-01-06 9-10 booking form").status == DONE
    server.stop()
    said = connected.run("add", "2020-01-06 9-10 booking form")
    assert (said.status, said.out) == (DONE, "Kept, to be sent when the way is open.\n")
    assert "Do not repeat it" in said.err
    listed = connected.run("changes").out
    assert "Add time" in listed
    assert connected.run("stop").status == UNREACHABLE
