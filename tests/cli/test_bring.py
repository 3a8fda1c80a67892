"""A log of instruments into a session: looked at, kept, exported like any other, refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Shell
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, USAGE
from tui.services.igtimi.brought import BroughtBoat, BroughtEvent, BroughtFile, BroughtSeries
from tui.services.igtimi.records import Session
from tui.workspace.sessions.bringing import boat_lines, event_lines, reach_text
from tui.workspace.times import whole_text

SAMPLES = ROOT / "tests/data/instruments"


def made(shell: Shell) -> str:
    return str(json.loads(shell.run("call", "igtimi.sessions.create").out)["id"])


def test_a_log_is_looked_at_kept_once_and_exported_like_any_other(
    shell: Shell, server: EmbeddedServer
) -> None:
    shell.use(server)
    session = made(shell)
    words = ("bring", str(SAMPLES / "boat.nmea"), "--session", session)
    looked = shell.run(*words)
    assert looked.status == DONE, looked.err
    assert "NMEA 0183, 141 lines: 1 boat" in looked.err
    assert "80 left out: said by another sentence as well" in looked.err
    assert "nothing was kept: --yes keeps what is new" in looked.err
    position = next(line for line in looked.out.splitlines() if "gps_latlong" in line)
    assert position.split()[:6] == ["boat", "new", "gps_latlong", "20", "20", "1.0"]

    assert "would be" not in looked.err
    with pytest.MonkeyPatch.context() as patch:

        async def past(_connections: object, _session: int) -> Session:
            return Session(
                id=1, start_time=NOON.replace(year=2020), end_time=NOON.replace(year=2020)
            )

        patch.setattr("tui.cli.bring.session_of", past)
        said = shell.run(*words).err
    assert "tockdeck: the session is from Sun 29 Nov 2020 12:00" in said
    assert "and would be from Sun 29 Nov 2020 12:00" in said

    kept = shell.run(*words, "--yes")
    assert "260 new samples were kept" in kept.err
    assert "all of it is there already" in shell.run(*words, "--yes").err

    other = made(shell)
    leap = shell.run("bring", str(SAMPLES / "midnight.nmea"), "--session", other, "--yes")
    assert leap.status == DONE, leap.err
    exported = shell.run("export", "--session", other, "--to", "gpx")
    assert exported.status == DONE, exported.err
    assert exported.out.count("<trkpt") == 5
    named = shell.run("bring", str(SAMPLES / "boat.nmea"), "--session", other, "--yes")
    assert f"0 new samples were kept; session {other} has FI-" in named.err


NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def boat(name: str, first: int, last: int) -> BroughtBoat:
    """One of a file, by minutes from noon on."""
    series = [
        BroughtSeries(type=1, name="gps_latlong", samples=2, new=2, hertz=1.0),
        BroughtSeries(type=9999, name="own\x1b", samples=1, new=0),
    ]
    times = [NOON + timedelta(minutes=one) for one in (first, last)]
    return BroughtBoat(
        name=name, in_session=False, start_time=times[0], end_time=times[1], series=series
    )


@pytest.mark.parametrize(
    ("first", "last", "end", "becomes"),
    [
        (0, 60, 60, None),
        (5, 6, None, None),
        (-9, 0, 60, (-9, 60)),
        (-9, -8, 60, (-9, 60)),
        (61, 62, 60, (0, 62)),
        (-1, 61, 60, (-1, 61)),
        (61, 62, None, None),
        (-9, -1, None, (-9, None)),
    ],
)
def test_a_session_whose_times_grow_by_a_file_is_said_before(
    first: int, last: int, end: int | None, becomes: tuple[int, int | None] | None
) -> None:
    def text(minutes: int) -> str:
        return whole_text(NOON + timedelta(minutes=minutes), UTC)

    session = Session(
        id=1, start_time=NOON, end_time=None if end is None else NOON + timedelta(minutes=end)
    )
    file = BroughtFile(
        form="GPX", lines=2, kept=False, boats=[boat("Petrel", first, last), boat("Kea", 1, 2)],
        lost={}, lost_words={}, passed_over={},
    )  # fmt: skip
    said = reach_text(file, session, UTC)
    if becomes is None:
        assert said == ""
    else:
        now = f"from {text(0)} " + ("on" if end is None else f"to {text(end)}")
        after = f"from {text(becomes[0])} "
        after += "on" if becomes[1] is None else f"to {text(becomes[1])}"
        assert said == f"the session is {now}, and would be {after}"
    # As times are told everywhere, in the deck's zone, with the year where it is another.
    then = [one.replace(year=2024) for one in (file.boats[0].start_time, file.boats[0].end_time)]
    old = BroughtBoat(
        name="Tern", in_session=False, start_time=then[0], end_time=then[1], series=[]
    )
    told = BroughtFile(
        form="GPX", lines=2, kept=False, boats=[old], lost={}, lost_words={}, passed_over={},
        events=[BroughtEvent(time=NOON.replace(year=2024, second=7), text="Gun", new=True)],
    )  # fmt: skip
    here = timezone(timedelta(hours=13))
    since, until = (whole_text(one, here) for one in then)
    assert list(boat_lines(told, here)) == [f"Tern (new), {since} to {until}"]
    assert list(event_lines(told, here)) == ["Sat 30 Nov 2024 01:00:07 Gun"]
    # One without times has none that could grow.
    assert reach_text(file, Session(id=1), UTC) == ""
    assert list(boat_lines(file, UTC))[1:3] == [
        "· Position: 2 samples, 1 a second",
        "· own␛: 1 sample, 0 new",
    ]


def test_what_is_not_read_is_said_with_what_helps(
    shell: Shell, server: EmbeddedServer, tmp_path: Path
) -> None:
    shell.use(server)
    session = made(shell)

    def bring(name: str | Path, *more: str) -> tuple[int, str]:
        said = shell.run("bring", str(SAMPLES / name), "--session", session, *more)
        return said.status, said.err

    assert bring("real-no-date.nmea")[0] == REFUSED
    assert "--day DAY says the day" in bring("real-no-date.nmea")[1]
    assert bring("real-no-date.nmea", "--day", "2026-07-01")[0] == DONE
    assert "--lenient reads" in bring("real-stuck-checksums.nmea")[1]
    looked = bring("expedition-ole.csv")[1]
    assert "--heading true or magnetic reads its heading" in looked
    assert "--heel starboard or port" in looked
    said = bring("expedition-ole.csv", "--heading", "magnetic", "--heel", "port")[1]
    assert "--heading" not in said
    assert "--heel" not in said
    assert "Race started" in bring("made.vkx")[1]
    kept = bring("made.vkx", "--yes")[1]
    assert " new samples and 4 notes were kept" in kept
    assert "all of it is there already" in bring("made.vkx", "--yes")[1]
    assert bring("real-stuck-checksums.nmea", "--lenient")[0] == DONE
    assert bring("boat.nmea", "--day", "someday")[0] == USAGE
    assert bring("none.nmea")[0] == USAGE
    unit = tmp_path / "unit.IPB"
    unit.write_bytes(b"\x08\x01")
    status, said = bring(unit)
    assert status == REFUSED
    assert "not documented" in said
    assert shell.run("bring", str(unit), "--session", "999999").status == REFUSED
    shell.set({"TOCKDECK_IGTIMI_BASE_URL": "https://igtimi.invalid"})
    status, said = bring("boat.nmea")
    assert status == REFUSED
    assert "set up elsewhere" in said
