"""A log of instruments into a session: looked at, kept, exported like any other, refused."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import ROOT, Shell
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, USAGE

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
