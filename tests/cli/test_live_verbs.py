"""The verbs of the live feed as processes of their own, with their output in pipes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import PATIENCE, Shell
from tests.cli.live_processes import (
    interrupted,
    lines_of,
    lines_until,
    of_all,
    rows_until,
    running,
    session_named,
)
from tests.journeys.conftest import stop_server
from tui.cli import AUTHENTICATION, DONE, INTERRUPTED, REFUSED, UNREACHABLE, USAGE


def test_samples_stream_as_csv_until_ctrl_c(connected: Shell) -> None:
    with running(connected, "live", "--csv") as process:

        def seen(lines: Sequence[str]) -> bool:
            rows = list(csv.DictReader(lines)) if len(lines) % 20 == 0 else []
            return {"SOG", "COG", "POS"} <= {row["type"] for row in rows} and len(
                {row["serial"] for row in rows}
            ) >= 3

        rows = list(csv.DictReader(lines_until(process, seen)))
        said = interrupted(process)
    assert said.status == INTERRUPTED
    assert all(row["time"].endswith("Z") and float(row["value"]) < 400 for row in rows)
    assert said.err.splitlines()[0] == "tockdeck: connecting"
    assert "tockdeck: live at ws://127.0.0.1:" in said.err
    assert "Traceback" not in said.err


def test_one_device_and_one_type_as_json(connected: Shell) -> None:
    words = ("--device", "petrel", "--type", "sog,AWS", "--json")
    with running(connected, "live", *words) as process:
        both = of_all("type", "SOG", "AWS")
        rows = rows_until(process, lambda rows: len(rows) >= 12 and both(rows))
        interrupted(process)
    assert {row["serial"] for row in rows} == {"GA-EN-AAAB"}
    assert {row["type"] for row in rows} == {"SOG", "AWS"}
    assert len({(row["time"], row["type"]) for row in rows}) == len(rows), "nothing comes twice"


def test_lines_for_people_have_names_and_their_unit(connected: Shell) -> None:
    connected.set({"TOCKDECK_DECK_SPEED_UNIT": "m/s"})
    with running(connected, "live", "--device", "GA-EN-AAAB", "--type", "SOG,POS") as process:
        lines = lines_until(
            process,
            lambda lines: (
                any(line.rstrip().endswith(" m/s") for line in lines)
                and any("°S 174." in line for line in lines)
            ),
        )
        interrupted(process)
    assert all("  Petrel  " in line for line in lines)


def test_the_devices_of_a_session(connected: Shell) -> None:
    number = session_named(connected, "Twilight series")
    with running(connected, "live", "--session", str(number), "--json", "--for", "60") as process:
        rows = [json.loads(line) for line in lines_of(process, 20)]
        interrupted(process)
    assert all(row["serial"][:2] in ("GA", "HA", "DD") for row in rows)


def test_the_last_values_once(connected: Shell) -> None:
    said = connected.process("live", "--once", "--csv")
    assert said.status == DONE, said.err
    rows = list(csv.DictReader(io.StringIO(said.out)))
    series = [(row["serial"], row["type"]) for row in rows]
    assert len(set(series)) == len(series)
    assert ("GA-EN-AAAA", "SOG") in series
    assert ("HA-JF-ADEA", "POS") in series, "a mark at rest, which sends every 40 s"


def test_it_ends_after_the_time_that_was_given(connected: Shell) -> None:
    said = connected.process("live", "--for", "3", "--json")
    assert said.status == DONE, said.err
    assert all(json.loads(line) for line in said.out.splitlines())


def test_a_reader_that_goes_away_ends_it_quietly(connected: Shell) -> None:
    with running(connected, "live", "--csv") as process:
        lines_of(process, 3)
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        assert process.wait(PATIENCE) == DONE
    assert "Traceback" not in err
    assert "Broken" not in err


def test_what_went_wrong_is_in_the_status(connected: Shell) -> None:
    wrong_type = connected.run("live", "--type", "sogg")
    assert (wrong_type.status, wrong_type.out) == (USAGE, "")
    assert "SOG would be one" in wrong_type.err
    assert connected.run("live", "--session", "99999").status == REFUSED
    assert connected.run("live", "--plain", "--csv").status == USAGE
    connected.set({"TOCKDECK_IGTIMI_ACCESS_TOKEN": "wrong"})
    refused = connected.process("live", "--for", "30")
    assert refused.status == AUTHENTICATION
    assert "Traceback" not in refused.err
    connected.set({"TOCKDECK_IGTIMI_BASE_URL": "http://127.0.0.1:9/igtimi"})
    assert connected.run("live", "--for", "30").status == UNREACHABLE


def test_servers_that_do_not_answer_are_told_and_tried_again(connected: Shell) -> None:
    connected.set({"TOCKDECK_IGTIMI_WEBSOCKET_SERVERS": "ws://127.0.0.1:9/live"})
    said = connected.run("live", "--for", "2")
    assert said.status == UNREACHABLE
    assert "reconnecting" in said.err


# record, replay, export


def test_devices_with_commas_and_in_any_case(connected: Shell) -> None:
    words = ("--device", "ga-en-aaab,GA-EN-AAAA", "--type", "sog", "--json")
    with running(connected, "live", *words) as process:
        both = of_all("serial", "GA-EN-AAAA", "GA-EN-AAAB")  # The two that are always in reach.
        rows = rows_until(process, lambda rows: len(rows) >= 12 and both(rows))
        said = interrupted(process)
    assert {row["serial"] for row in rows} == {"GA-EN-AAAA", "GA-EN-AAAB"}
    assert {row["type"] for row in rows} == {"SOG"}
    assert "taken for" not in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "x", "--speed", "x"),
        ("live", "--for", "x"),
        ("simulate", "--boats", "x"),
        ("simulate", "--hz", "x"),
    ],
)
def test_what_is_no_number_is_called_so(shell: Shell, words: tuple[str, ...]) -> None:
    said = shell.run(*words)
    assert said.status == USAGE
    assert "'x' is no number" in said.err


def test_another_fleet_takes_the_place_of_the_one_that_sails(shell: Shell, tmp_path: Path) -> None:
    shell.set({"TOCKDECK_EMBEDDED_IDLE_MINUTES": "0.5"})
    folder = tmp_path / "data" / "embedded"
    try:
        first = shell.process("simulate", "--boats", "2", "--hz", "10")
        assert first.status == DONE, first.err
        before = json.loads((folder / "endpoint.json").read_text())["pid"]
        second = shell.process("simulate", "--boats", "11", "--hz", "20")
        assert second.status == DONE, second.err
        assert json.loads(second.out)["boats"] == 11
        assert json.loads((folder / "endpoint.json").read_text())["pid"] != before
        # None of them sails in the first fleet, nor are all of them out of reach at once.
        more = {f"GA-EN-AAA{letter}" for letter in "CDEFGHIJK"}
        words = ("--device", ",".join(more), "--type", "SOG", "--json")
        with running(shell, "live", *words) as process:
            [row] = rows_until(process, bool)
        assert row["serial"] in more
        assert shell.run("simulate", "--boats", "-1").status == USAGE
    finally:
        stop_server(tmp_path)
