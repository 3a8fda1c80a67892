"""The screens in lines: read, changed and left with nothing but lines in and lines out."""

from __future__ import annotations

import asyncio
import io
import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.conftest import Outcome, Shell
from tests.harness import EmbeddedServer
from tests.terminal import Terminal
from tests.workspace.hours import unbooked
from tui.cli import DONE, INTERRUPTED, USAGE
from tui.cli.live import read_lasts
from tui.cli.plain.page import Line, Page
from tui.cli.plain.run import PART, Rounds
from tui.cli.plain.seat import MOST_TYPED, Seat
from tui.cli.settings import settings_of
from tui.config.settings import SERVICES
from tui.workspace.connections.connections import Connections
from tui.workspace.workspace import Workspace


class Typist:
    """Types lines into the face without a screen, and then goes away."""

    def __init__(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        self._shell = shell
        self._monkeypatch = monkeypatch

    def types(self, *lines: str, also: Sequence[str] = ()) -> Outcome:
        """What is said to these lines, from the list of screens on."""
        text = "".join(f"{line}\n" for line in lines)
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        said = self._shell.run("open", "--plain", *also)
        assert plain(said.out), said.out
        return said


def plain(text: str) -> bool:
    """Whether a text is lines and nothing that moves a cursor or colours."""
    return all(one == "\n" or unicodedata.category(one) != "Cc" for one in text)


@pytest.fixture
def typist(connected: Shell, monkeypatch: pytest.MonkeyPatch) -> Typist:
    """A person with an account at every service, and time for a machine that is busy."""
    monkeypatch.setattr("tui.cli.plain.live.read_lasts", partial(read_lasts, seconds=120.0))
    return Typist(connected, monkeypatch)


def test_today_says_first_that_it_is_the_sample(
    typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    for services, told in (
        ([], []),
        (["igtimi"], ["Sample data in Igtimi"]),
        ([*SERVICES], ["Sample data on this machine"]),
    ):
        monkeypatch.setattr(Connections, "shows_sample", lambda _, found=services: found)
        lines = typist.types("1", "1", "q").out.splitlines()
        at = lines.index("Today")
        assert not told or lines[at + 1] == told[0]
        assert [one for one in lines if "Sample data" in one] == told


def test_all_seven_screens_are_read_in_numbered_lines(typist: Typist) -> None:
    said = typist.types(
        "1", "1", "h", "2", "1", "1", "b", "2", "1", "g 3", "3", "1", "g 4", "2", "g 5", "g 6",
        "", "1", "g 7", "?", "99", "what?", "q", "never read",
    )  # fmt: skip
    assert (said.status, "never read" in said.out) == (DONE, False)
    lines = said.out.splitlines()
    at = -1
    # Each begins where the one before it ended: none stands for another.
    for line in (
        "tockdeck", "1. Today", "7. Live", "> 1", "Today", "> 1", "> h", "> 2", "Books",
        "1. Seabright Fleet ⛵", "> 1", "Book Seabright Fleet ⛵", "1. Messages", "2. Table Boats",
        "Messages of Seabright Fleet ⛵", "Table Boats", "Rows 1 to 14 of 14.", "Row Petrel",
        "1. Boat: Petrel", "Tocks", "3. Community · Upcoming", "Community · Upcoming", "> 1",
        "Sessions", "> 2", "Timers", "Invoices", "Live", "Last values; r reads them again.",
        "q: leaves", "what? is nothing that can be done here; ? says what is.", "> q",
    ):  # fmt: skip
        assert line in lines[at + 1 :], line
        at = lines.index(line, at + 1)
    # What a service sent is read, never obeyed.
    assert "␛[31m<script>" in said.out
    assert re.search(r"\n1 to 20 of [0-9]+; enter says more\.\n", said.out)


def test_cells_messages_invoices_and_tocks_are_changed_and_taken_back(typist: Typist) -> None:
    said = typist.types(
        "g 2", "1", "2", "1", "e 3 nonsense", "e 3 2001", "", "u", "e", "1", "", "e 99",
        "b", "b", "1", "m See you [there]", "u", "m", "",
        "g 6", "p 1", "yesterday", "p", "x", "u", "p 1", "never",
        "g 3", "n Night sail", "tomorrow 18:00-20:00", "Harbour", "sailing, night", "", "no",
        "u", "n", "n Up", "soon", "", "", "", "", "h", "u", "y", "n",
    )  # fmt: skip
    assert said.status == DONE
    for words in (
        "'nonsense' is no number. Nothing was sent.",
        "Built of Petrel is 2001. u takes it back.",
        "3. Built: 2001",
        "Undone: Change Built of Petrel.",
        "It stays as it is.",
        "99 is the number of no line here. Nothing was done.",
        "Sent: See you [there]. u deletes it again.",
        "Undone: Send a message to Seabright Fleet ⛵.",
        "x is the number of no line here. Nothing was done.",
        "Submitted: Night sail, tomorrow 18:00 to 20:00.",
        "Submit Night sail: this cannot be taken back.",
        "Pass it over, and go on with what was done before it?",
    ):
        assert words in said.out, words
    paid = re.search(r"Invoice ([0-9]+) is paid\. u takes it back\.", said.out)
    assert paid is not None
    assert f"Undone: Invoice {paid[1]} paid." in said.out
    assert said.out.count("Nothing was sent.") == 4


def test_the_timer_is_started_switched_stopped_and_added_to(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unbooked() as server:
        shell.use(server)
        typist = Typist(shell, monkeypatch)
        said = typist.types(
            "x", "s booking form", "s 99", "s cutting list", "x panels [in order]",
            "a 2020-01-06 9-10 booking form: x", "a nothing of it", "s nobody", "s", "",
            also=["--screen", "timers"],
        )  # fmt: skip
        rows = server.context.database.read(
            "SELECT tracker_id, time_out IS NOT NULL AS ended, description"
            " FROM trackmypeople_blocks ORDER BY id"
        )
        found = [(row["tracker_id"], row["ended"], row["description"] or "") for row in rows]
        assert found == [(5, 1, ""), (11, 1, "panels [in order]"), (5, 1, "x")]
        assert said.out.startswith("Timers\nNothing runs.\n")
        for words in (
            "nothing runs: nothing was sent", "Started: Fairlead Works › Harbour Trust › ",
            "99 is the number of no line here.", "Stopped: Fairlead Works › Harbour Trust › ",
            "Added: Fairlead Works › Harbour Trust › Berth bookings › Booking form, Mon 6 Jan 2020",
            "no tracker is called 'nobody'. Nothing was sent.",
        ):  # fmt: skip
            assert words.lower() in said.out.lower(), words


def test_the_number_of_a_line_is_a_tracker_where_time_is_added(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unbooked() as server:
        shell.use(server)
        typist = Typist(shell, monkeypatch)
        listed = typist.types("", "", also=["--screen", "timers"]).out
        number = re.search(r"^([0-9]+)\. Tracker .*› Cutting list$", listed, re.MULTILINE)
        assert number is not None
        said = typist.types(
            f"a 2020-01-06 9-10 {number[1]}: panels", f"a 2020-01-06 10:00 1h30 {number[1]}",
            "a 2020-01-06 9-10 99: x", "a 2020-01-06 9-10 " + "9" * 5000,
            also=["--screen", "timers"],
        ).out  # fmt: skip
        rows = server.context.database.read(
            "SELECT tracker_id, description FROM trackmypeople_blocks ORDER BY id"
        )
        assert [(row["tracker_id"], row["description"] or "") for row in rows] == [
            (11, "panels"), (11, ""),
        ]  # fmt: skip
        assert "Cutting list, Mon 6 Jan 2020 09:00 to 10:00, 1:00 h: panels." in said
        assert "99 is the number of no line here. Nothing was done." in said


def test_a_note_goes_into_the_log_of_a_session_and_is_taken_back(typist: Typist) -> None:
    said = typist.types(
        "1", "n Gust [from] the left", "", "n", "", "u", also=["--screen", "sessions"]
    ).out
    noted = "Noted: Gust [from] the left. u takes it back."
    assert noted in said
    assert "Note: Gust [from] the left" in said.split(noted)[1]
    assert "Nothing was noted." in said
    assert "Undone: Note." in said


def test_what_is_said_of_the_timer_is_none_of_what_waits_for_a_person(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedServer(services=["trackmypeople"]) as server:
        shell.use(server)
        assert shell.run("describe", "panels").status == DONE
        said = Typist(shell, monkeypatch).types("1")
        assert ", panels\n" in said.out
        assert "to be sent" not in said.out


def test_without_a_network_what_was_kept_is_said_with_its_age_and_nothing_is_lost(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    typist = Typist(shell, monkeypatch)
    with EmbeddedServer(services=["timetonic"]) as server:
        shell.use(server)
        before = typist.types("g 2", "1", "1", "q")
        assert "Messages of" in before.out
    away = typist.types("g 2", "1", "1", "m I am late", "g 1", "g 4", "r", "g 6", "p 1")
    assert away.status == DONE
    assert "TimeTonic: " in away.out
    assert " This is as of " in away.out
    assert "1. Seabright Fleet ⛵" in away.out
    assert "Kept, to be sent when the way is open: `tockdeck changes send`" in away.out
    # What was never read says why in its place.
    assert "Igtimi: " in away.out
    assert "r reads again." in away.out
    assert "Waits: 1 change to be sent" in away.out


class Hands(io.StringIO):
    """Lines that are typed, between two of which somebody else is quicker."""

    def __init__(self, text: str, before: str, meanwhile: Callable[[], object]) -> None:
        super().__init__(text)
        self._before, self._meanwhile = before, meanwhile

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(-1 if size is None else size)
        if line == f"{self._before}\n":
            self._meanwhile()
        return line


def test_what_somebody_else_changed_meanwhile_is_not_written_over(
    connected: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers: list[int] = []

    async def paid_elsewhere() -> None:
        workspace = Workspace(*settings_of({}, None, []))
        desk, client = workspace.invoices, await workspace.connections.timesheets()
        clients = (await desk.clients()).value.clients
        second = (await desk.invoices([one.id for one in clients])).value.invoices[1]
        numbers.append(second.id)
        await client.invoice.set_payed(second.id, datetime(2020, 1, 2, tzinfo=UTC))
        await workspace.close()

    lines = "g 6\np 2\n2026-01-03\nr\nq\n"
    hands = Hands(lines, "2026-01-03", lambda: asyncio.run(paid_elsewhere()))
    monkeypatch.setattr(sys, "stdin", hands)
    said = connected.run("open", "--plain")
    assert said.status == DONE
    name = f"Invoice {numbers[0]}"
    assert f"{name} paid: somebody else changed it meanwhile. Nothing was sent: r" in said.out
    assert "paid. u takes it back." not in said.out
    assert re.search(f"\n[0-9]+\\. {name}, .*, paid Thu 2 Jan 2020\n", said.out)


def test_nothing_is_changed_where_that_is_not_wanted(typist: Typist) -> None:
    said = typist.types("g 6", "p 1", "", "g 5", "x", also=["--read-only"])
    assert said.status == DONE
    assert said.out.count("read-only") >= 1
    assert "is paid. u" not in said.out
    wrong = typist.types(also=["--set", "deck.graphs=crayons"])
    assert (wrong.status, wrong.out) == (USAGE, "")


class Many(Page):
    """More lines than are said at once."""

    title = "Many"

    async def read(self) -> Sequence[Line]:
        return [Line(f"line {number}\x1b[31m\r") for number in range(PART + 1)]


@given(
    st.lists(
        st.text(max_size=12).filter(
            lambda one: one.partition(" ")[0] not in ("u", "g", "h", "b", "undo", "home", "back")
        )
        | st.sampled_from(["", "1", "21", "22", "0", "-1", "?", "r", "1 2", "²", "q"]),
        max_size=8,
    )
)
def test_whatever_is_typed_is_answered_in_plain_lines(typed: list[str]) -> None:
    out = io.StringIO()
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        seat = Seat(cast("Any", None), runner, io.StringIO("\n".join(typed)))
        rounds = Rounds(seat, "")
        rounds._pages = [Many(seat)]
        rounds.run()
    said = out.getvalue()
    assert said.startswith("Many\n1. line 0␛[31m")
    assert plain(said)
    assert f"1 to {PART} of {PART + 1}; enter says more." in said


def test_what_is_done_everywhere_is_done_by_its_word_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with asyncio.Runner() as runner:
        seat = Seat(cast("Any", None), runner, io.StringIO("home\nback\nhelp\nquit\n"))
        rounds = Rounds(seat, "")
        rounds._pages.append(Many(seat))
        rounds.run()
    said = capsys.readouterr().out
    assert "nothing that can be done" not in said
    lines = said.splitlines()
    first = lines.index("> home")
    assert lines[first + 1] == "tockdeck"
    assert "number: opens the line of that number" in lines[lines.index("> help") :]


def test_what_is_no_number_of_a_screen_is_told_how_it_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    many = "9" * 5000  # More digits than Python reads.
    with asyncio.Runner() as runner:
        seat = Seat(
            cast("Any", None), runner, io.StringIO(f"g\ng 8\ng books\ng {many}\n{many}\nq\n")
        )
        Rounds(seat, "").run()
    said = capsys.readouterr().out
    assert said.count("Write g and the number of a screen, 1 to 7.") == 4
    assert f"{many} is the number of no line here." in said


def test_letters_stay_where_signs_are_to_be_plain(capsys: pytest.CaptureFixture[str]) -> None:
    with asyncio.Runner() as runner:
        seat = Seat(cast("Any", None), runner, io.StringIO("y\n"), plain_signs=True)
        seat.say("Kōtare › Régates — 秋 … 5 € ±1° • Łódź")
        assert seat.agreed("Delete “Kōtare”?")
    said = capsys.readouterr().out
    assert said.startswith('Kōtare > Régates - 秋 ... 5 € ±1° * Łódź\nDelete "Kōtare"? ')


def test_a_line_that_nobody_typed_is_passed_over_and_the_next_one_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = "y" * (MOST_TYPED * 2 + 5)
    with asyncio.Runner() as runner:
        seat = Seat(cast("Any", None), runner, io.StringIO(f"{long}\n  next \n"))
        assert seat.ask("?") == "next"
    assert "it was passed over" in capsys.readouterr().out


@pytest.mark.parametrize(("key", "status"), [("ctrl+c", INTERRUPTED), ("ctrl+d", DONE)])
def test_in_a_terminal_without_a_cursor_it_answers_and_is_left_cleanly(
    tmp_path: Path, key: str, status: int
) -> None:
    environment = {"TOCKDECK_HOME": str(tmp_path), "TERM": "dumb"}
    command = [sys.executable, "-m", "tui", "open", "--plain"]
    with Terminal(command, environment=environment) as seen:
        seen.until("7. Live", "\n>")
        before = seen.line()
        seen.press("zz\r")
        seen.until("> zz", "zz is nothing that can be done here; ? says what is.\n>")
        seen.press(key)
        while seen.status is None:
            seen.read(1.0)
        assert seen.status == status
        assert seen.line() == before
        assert b"\x1b" not in seen.output
        assert b"Traceback" not in seen.output
