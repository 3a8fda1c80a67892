"""`tockdeck hours`: an import that is looked at first, and exports."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Shell, Terminal
from tests.harness import EmbeddedServer
from tests.workspace.hours import DATA, unbooked
from tui.cli import DONE, REFUSED, UNREACHABLE, USAGE
from tui.workspace.timers import reports


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with unbooked() as started:
        yield started


@pytest.fixture
def paris(connected: Shell) -> Shell:
    """A person whose clock is that of the samples."""
    connected.set({"TOCKDECK_DECK_TIME_ZONE": "Europe/Paris"})
    return connected


def count(server: EmbeddedServer) -> int:
    return len(server.context.database.read("SELECT id FROM trackmypeople_blocks"))


def test_an_import_is_only_said_until_it_is_wanted(paris: Shell, server: EmbeddedServer) -> None:
    file = str(DATA / "clockify-iso.csv")
    said = paris.run("hours", "import", file)
    assert said.status == DONE
    lines = said.out.splitlines()
    assert lines[0].split() == ["at", "becomes", "when", "name", "tracker", "what", "why"]
    assert "no tracker" in lines[1]
    assert "--map 'Étude & co › Hull=TRACKER'" in said.err
    said = paris.run("hours", "import", file, "--map", "Étude & co › Hull=cutting list")
    assert "clockify: 2 entries new; 2:20:00 h in the file, 2:20:00 h to be added" in said.err
    assert "nothing was added: --yes adds what is new" in said.err
    assert count(server) == 0
    said = paris.run("hours", "import", file, "--map", "*=cutting list", "--yes")
    assert (said.status, "2 blocks were added" in said.err, count(server)) == (DONE, True, 2)
    said = paris.run("hours", "import", file, "--yes")
    assert said.status == DONE
    assert said.out == "", "what is there is not listed"
    assert "2 entries already there" in said.err
    assert "0 blocks were added" in said.err
    assert count(server) == 2
    assert "already there" in paris.run("hours", "import", file, "--all").out


def test_what_of_a_calendar_is_not_over_yet_is_no_hour_of_now(paris: Shell, tmp_path: Path) -> None:
    event = "BEGIN:VEVENT\nUID:{0}\nDTSTART:{0}0105T090000Z\nDTEND:{0}0105T1{1}0000Z\nEND:VEVENT\n"
    file = tmp_path / "plans.ics"
    events = event.format("2026", 0) + event.format("2095", 2)
    file.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n")
    said = paris.run("hours", "import", str(file)).err
    assert "4:00:00 h in the file, 3:00:00 h of it not over yet, 0:00:00 h to be added" in said


def test_an_import_that_is_not_whole_says_so_by_its_status(
    paris: Shell, server: EmbeddedServer, tmp_path: Path
) -> None:
    file = tmp_path / "log"
    file.write_text("2026-01-14\n    9:00 - 10:00 #a\n    soon\n", encoding="utf-8")
    said = paris.run("hours", "import", str(file), "--map", "a=cutting list", "--yes")
    assert (said.status, count(server)) == (REFUSED, 1)
    assert "1 of 2 entries could not be read: line 3: an entry begins with a length" in said.err
    file.write_text("2026-01-15\n    9:00 - 10:00 #a\n    11:00 - 12:00 #b\n", encoding="utf-8")
    said = paris.run("hours", "import", str(file), "--yes")
    assert (said.status, count(server)) == (REFUSED, 2)
    assert "--map 'b=TRACKER'" in said.err
    lines = ["2026-01-16", "    9:00 - 11:00 #a", "    9:30 - 10:00 #a", "    12:00 - ? #a"]
    file.write_text("\n".join([*lines, "    0m #a", ""]), encoding="utf-8")
    said = paris.run("hours", "import", str(file), "--yes")
    assert (said.status, count(server)) == (REFUSED, 3)
    assert "2 entries left over: 1 overlaps, 1 still open" in said.err, "0m lacks no time"
    file.write_text("2026-01-16\n    9:00 - 11:00 #a\n    0m #a\n", encoding="utf-8")
    assert paris.run("hours", "import", str(file), "--yes").status == DONE
    row = "{0},{0}@example.com,a,,2026-01-17,{1}:00:00,2026-01-17,{1}:30:00,00:30:00\n"
    header = "User,Email,Project,Description,Start date,Start time,End date,End time,Duration\n"
    file.write_text(header + row.format("Ada", 10) + row.format("Ben", 12), encoding="utf-8")
    said = paris.run("hours", "import", str(file))
    assert "Whose hours they are: Ada, Ben; all become yours, unless one person is" in said.err
    said = paris.run("hours", "import", str(file), "--person", "ben", "--yes")
    assert (said.status, count(server)) == (DONE, 4)
    assert "1 entry of others passed over." in said.err


def test_a_person_at_the_terminal_is_asked(
    paris: Shell, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "log"
    file.write_text("2026-01-14\n    9:00 - 10:00 #a\n", encoding="utf-8")
    words = ("hours", "import", str(file), "--map", "a=cutting list")
    for answer, status, blocks in (("n", DONE, 0), ("", DONE, 0), ("y", DONE, 1)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Terminal(f"{answer}\n".encode())))
        said = paris.run(*words)
        assert "Add 1 block? [y/N]" in said.err
        assert (said.status, count(server)) == (status, blocks)


def test_the_help_says_what_each_option_is_for(paris: Shell) -> None:
    parts = paris.run("hours", "--help").out.split("\nof ")
    assert [one.partition(":")[0] for one in parts[1:]] == [
        "import", "import and enter", "export, report and enter", "report and enter", "enter",
    ]  # fmt: skip
    assert "--yes " in parts[2]
    assert "--period " in parts[4]
    assert "--dry-run " in parts[5]


def test_the_reason_of_an_entry_is_told_whole(paris: Shell, tmp_path: Path) -> None:
    file = tmp_path / "log"
    lines = ["2015-01-14", "    9:00 - 11:00 #a", "    9:30 - 10:00 #a", "    10:00 - 10:30 #a"]
    file.write_text("\n".join([*lines, "    1h #a", ""]), encoding="utf-8")
    said = paris.run("hours", "import", str(file), "--map", "a=cutting list")
    assert "1 entry new, 2 entries overlap, 1 entry no times" in said.err
    assert said.out.count("number 2 of the file: Wed 14 Jan 2015 09:00 to 11:00, 2:00 h\n") == 2
    assert "…" not in said.out


def test_lengths_are_added_only_where_somebody_says_from_when(
    paris: Shell, server: EmbeddedServer
) -> None:
    file = str(DATA / "harvest.csv")
    said = paris.run("hours", "import", file, "--map", "*=cutting list", "--yes")
    assert (said.status, count(server)) == (REFUSED, 0)
    assert "2 entries left over: 2 no times" in said.err
    assert paris.run("hours", "import", file, "--place", "9:00", "--yes").status == DONE
    assert count(server) == 2
    assert "2 entries already there" in paris.run("hours", "import", file).err


def test_standard_input_is_a_file_too(
    paris: Shell, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = io.TextIOWrapper(io.BytesIO((DATA / "kimai.csv").read_bytes()))
    monkeypatch.setattr("sys.stdin", content)
    said = paris.run("hours", "import", "-", "--as", "kimai", "--map", "*=cutting list", "--yes")
    assert (said.status, count(server)) == (DONE, 2)


def test_what_the_file_does_not_tell_is_said(paris: Shell, tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("i 2026-10-25 02:30:00 a\no 2026-10-25 02:40:00\n", encoding="utf-8")
    said = paris.run("hours", "import", str(file))
    assert (said.status, "exists twice" in said.err) == (REFUSED, True)
    assert paris.run("hours", "import", str(file), "--twice", "second").status == DONE
    assert paris.run("hours", "import", str(file), "--zone", "Asia/Tokyo").status == DONE
    said = paris.run("hours", "import", str(file), "--zone", "Mars")
    assert (said.status, "no time zone" in said.err) == (USAGE, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import"], "name the file to import"),
        (["import", "x", "--as", "md"], "--as md: an import reads tockdeck, timewarrior"),
        (["export", "--as", "csv"], "say the first day with --from"),
        (["export", "--from", "mon"], "--as: an export is written as csv, json, md"),
        (["export", "--from", "mon", "--as", "klog"], "--as: an export is written as"),
        (["export", "x", "--from", "mon", "--as", "csv"], "what is exported is written to -o FILE"),
        (["export", "--from", "soon", "--as", "csv"], "Write a date as"),
        (["export", "--from", "2026-01-02", "--to", "2026-01-01", "--as", "csv"], "is before"),
        (["both"], "invalid choice"),
    ],
)
def test_options_that_make_no_sense_are_refused(paris: Shell, words: list[str], said: str) -> None:
    outcome = paris.run("hours", *words)
    assert (outcome.status, outcome.out) == (USAGE, "")
    assert said in outcome.err


def test_files_that_are_none_are_refused(paris: Shell, tmp_path: Path) -> None:
    said = paris.run("hours", "import", str(tmp_path / "none"))
    assert (said.status, "No such file" in said.err) == (USAGE, True)
    file = tmp_path / "log"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    said = paris.run("hours", "import", str(file))
    assert (said.status, "no log of hours that is known" in said.err) == (USAGE, True)
    assert said.err.endswith("Nothing was added.\n")


def test_exports_go_to_a_file_or_to_standard_output(
    paris: Shell, server: EmbeddedServer, tmp_path: Path
) -> None:
    for line in ("2020-01-06 9-10:20 cutting list: panels", "2020-01-07 9-10 loft planner"):
        assert paris.run("add", line).status == DONE
    period = ["--from", "2020-01-06", "--to", "2020-01-06"]
    said = paris.run("hours", "export", *period, "--as", "json")
    assert (said.status, said.err) == (DONE, "tockdeck: 1 entry\n")
    (entry,) = json.loads(said.out)
    assert (entry["hours"], entry["h:mm"], entry["zone"]) == ("1.33", "1:20", "Europe/Paris")
    for form, begins in (
        ("csv", "date,start,stop,zone,hours,h:mm,"),
        ("md", "| day |"),
        ("timeclock", "i 2020-01-06 09:00:00 Fairlead Works:Norrland"),
        ("ics", "BEGIN:VCALENDAR\n"),
    ):
        file = tmp_path / f"hours.{form}"
        said = paris.run("hours", "export", *period, "--as", form, "-o", str(file))
        assert (said.status, said.out) == (DONE, "")
        assert file.read_text(encoding="utf-8").startswith(begins)
    said = paris.run("hours", "export", "--from", "2019-01-01", "--to", "2019-01-01", "--as", "csv")
    assert (said.status, said.err) == (REFUSED, "tockdeck: 0 entries\n")


def test_a_report_is_as_it_was_where_the_service_cannot_be_reached(
    paris: Shell, server: EmbeddedServer
) -> None:
    for line in ("2020-01-06 9-10:20 cutting list: panels", "2020-01-09 9-10 loft planner"):
        assert paris.run("add", line).status == DONE
    week = ("hours", "report", "--from", "2020-01-06", "--to", "2020-01-12")
    before = paris.run(*week, "--csv")
    server.stop()
    said = paris.run(*week, "--csv")
    assert (said.status, said.out) == (DONE, before.out)
    assert "This is as of " in said.err
    day = paris.run("hours", "report", "--from", "2020-01-06", "--to", "2020-01-06", "--json")
    told = json.loads(day.out)
    assert (day.status, told["sum"]["seconds"]) == (DONE, 4800), "a week that is known has its days"
    assert told["as_of"].startswith("20")
    assert "as of 20" in paris.run(*week, "--markdown").out
    said = paris.run("hours", "report", "--from", "2020-01-06", "--to", "2020-01-19")
    assert (said.status, said.out) == (UNREACHABLE, ""), "nothing is known of the second week"


def test_a_report_sums_up_a_period_in_every_form(
    paris: Shell, server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = "2026-01-15\n"
    log = tmp_path / "log"
    log.write_text(
        f"{day}    9:00 - 10:01 #a\n    23:30 - 0:20> #b\n\n2026-01-16\n    8h #a\n",
        encoding="utf-8",
    )
    names = ("--map", "a=cutting list", "--map", "b=booking form")
    said = paris.run("hours", "import", str(log), *names, "--place", "9:00", "--yes")
    assert (said.status, count(server)) == (DONE, 3), said.err
    week = ("hours", "report", "--period", "2026-W03")
    said = paris.run(*week, "--by", "table", "--round", "up 30 per day")
    assert said.status == DONE
    heads, *lines = (line.split() for line in said.out.splitlines())
    assert " ".join(heads[1:9]) == "Mo 12 Tu 13 We 14 Th 15"
    assert heads[-2:] == ["hours", "rounded"]
    assert lines[-1] == ["sum", "1:31", "8:20", "9:51", "10:30"]
    assert ["Booking", "form", "0:30", "0:20", "0:50", "1:00"] in lines
    assert "2026-01-12 to 2026-01-18, Europe/Paris; rounded: each tracker's day up to" in said.err
    told = json.loads(paris.run(*week, "--by", "day", "--json").out)
    assert [(one["date"], one["seconds"]) for one in told["rows"]] == [
        ("2026-01-15", 5460), ("2026-01-16", 30000)
    ]  # fmt: skip
    text = paris.run(*week, "--by", "week", "--csv").out
    assert text.splitlines()[1:] == [
        "2026-01-12,2026-01-18,9.85,9:51,35460", "sum,,9.85,9:51,35460"
    ]  # fmt: skip
    whole = [(*week, "--by", by, "--round", "up 30", "--json") for by in ("table", "day")]
    whole.append((*week, "--tracker", "booking", "--markdown"))
    before = [paris.run(*words).out for words in whole]
    with monkeypatch.context() as patched:
        patched.setattr(reports, "MANY", 0)
        assert [paris.run(*words).out for words in whole] == before, "of years it is the same"
    only = paris.run(*week, "--tracker", "booking", "--markdown").out
    assert "| **sum** | **0:50** |" in only
    assert "Cutting list" not in only
    file = tmp_path / "out.json"
    assert paris.run(*week, "--json", "-o", str(file)).out == ""
    assert json.loads(file.read_text("utf-8"))["sum"]["seconds"] == 35460
    said = paris.run("hours", "report", "--from", "2026-01-16", "--to", "2026-01-16", "--csv")
    assert said.out.splitlines()[-1] == "sum,,,8.33,8:20,30000"
    assert paris.run("hours", "report", "--period", "2019").status == REFUSED
    for words, wrong in (
        (("--period", "soon"), "Write a period as"),
        (("--round", "up 3"), "--round: 3 min: 5 to 60 can be rounded."),
        (("--period", "today", "--from", "today"), "say it twice"),
        (("--as", "csv"), "--csv, --json, --markdown"),
        (("--tracker", "nobody"), "no tracker is called"),
    ):
        said = paris.run("hours", "report", *words)
        assert (said.status, wrong in said.err, said.out) == (USAGE, True, ""), said
