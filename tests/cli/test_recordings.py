"""Recordings by the verbs: made, played, exported, and what is refused of them."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import PATIENCE, ROOT, Outcome, Shell
from tests.cli.live_processes import (
    ended_at_last,
    interrupted,
    lines_of,
    running,
    session_named,
    until_recorded,
)
from tests.harness import EmbeddedServer
from tui.cli import DONE, INTERRUPTED, REFUSED, UNREACHABLE, USAGE
from tui.embedded.instruments.logs import read_log
from tui.live.recording import Kind, Recording

GPX = "{http://www.topografix.com/GPX/1/0}"


@pytest.fixture(scope="module")
def recorded(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the fleet sent in some two seconds, as a recording's own bytes."""
    home = tmp_path_factory.mktemp("recorded")
    path = home / "race.tockrec"
    with pytest.MonkeyPatch.context() as environment:
        shell = Shell(home, environment)
        shell.use(server)
        with running(shell, "record", str(path)) as process:
            until_recorded(process, path, 20)
            said = interrupted(process)
    assert said.status == INTERRUPTED, said.err
    assert said.out == f"{path}\n"
    return path.read_bytes()


@pytest.fixture
def recording(recorded: bytes, tmp_path: Path) -> Path:
    """The same in a file of the test's own."""
    path = tmp_path / "race.tockrec"
    path.write_bytes(recorded)
    return path


def test_a_recording_is_whole_after_ctrl_c(connected: Shell, tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    with running(connected, "record", str(path)) as process:
        assert lines_of(process, 1) == [f"{path}\n"]
        assert process.stderr is not None
        while "live at" not in process.stderr.readline():
            assert process.poll() is None
        until_recorded(process, path, 1)
        said = interrupted(process)
    assert said.status == INTERRUPTED
    assert f"bytes in {path}" in said.err
    found = Recording(path)
    assert found.lost == 0
    assert found.frames > 0
    assert [one.kind for one in found][:2] == [Kind.DAY, Kind.OPENED]
    assert path.stat().st_mode & 0o077 == 0, "nobody else's"


def test_without_a_name_a_recording_goes_where_the_deck_looks_for_it(
    connected: Shell, tmp_path: Path
) -> None:
    said = connected.run("record", "--for", "3")
    assert said.status == DONE, said.err
    path = Path(said.out.strip())
    assert path.parent == tmp_path / "data" / "recordings"
    assert Recording(path).frames > 0


def test_what_is_no_recording_is_not_written_over(connected: Shell, tmp_path: Path) -> None:
    diary = tmp_path / "diary.txt"
    diary.write_text("Dear diary, today we sailed as far as the island.")
    said = connected.run("record", str(diary), "--for", "0.5")
    assert said.status == REFUSED
    assert "is not a recording" in said.err
    assert diary.read_text().startswith("Dear diary")


def test_a_replay_prints_what_the_export_holds(connected: Shell, recording: Path) -> None:
    played = connected.process("replay", str(recording), "--speed", "64", "--csv")
    assert played.status == DONE, played.err
    exported = connected.run("export", str(recording), "--to", "csv")
    assert exported.status == DONE
    assert sorted(played.out.splitlines()[1:]) == sorted(exported.out.splitlines()[1:])
    assert played.out.splitlines()[0] == exported.out.splitlines()[0]
    plain = connected.process("replay", str(recording), "--speed", "64", "--type", "SOG")
    assert "Kōtare" in plain.out, "names come from the recording"
    assert connected.run("replay", str(recording), "--speed", "100").status == USAGE
    assert connected.run("replay", str(recording.parent / "no.tockrec")).status == USAGE


def test_exports_in_every_form(connected: Shell, recording: Path, tmp_path: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(connected.run("export", str(recording), "--to", "csv").out))
    )
    fixes = [row for row in rows if row["type"] == "POS"]
    lines = connected.run("export", str(recording), "--to", "jsonl", "--type", "POS").out
    read = [json.loads(line) for line in lines.splitlines()]
    assert [(one["time"], one["serial"]) for one in read] == [
        (row["time"], row["serial"]) for row in fixes
    ]
    for form in ("gpx", "gpx1.1", "geojson", "kml", "fixes", "expedition"):
        path = tmp_path / f"track.{form}"
        said = connected.run("export", str(recording), "--to", form, "-o", str(path))
        assert said.status == DONE
        assert not said.out
        if form == "expedition":
            # Its rows go on where there is no fix.
            rows_of = [row for row in path.read_text().splitlines() if row[0] != "!"]
            assert sum(",48," in row for row in rows_of) == len(fixes)
            assert f"{len(rows_of):,} moments" in said.err
        else:
            assert f"{len(fixes):,} fixes" in said.err
        assert not path.with_name(path.name + ".part").exists()
    tracks = ElementTree.parse(tmp_path / "track.gpx").getroot()
    assert len(list(tracks.iter(f"{GPX}trkpt"))) == len(fixes)
    features = json.loads((tmp_path / "track.geojson").read_text())["features"]
    assert {one["properties"]["serial"] for one in features} == {row["serial"] for row in fixes}
    assert "Kōtare" in {one["properties"]["name"] for one in features}, "as the recording knows it"
    with (tmp_path / "track.fixes").open(encoding="utf-8") as file:
        wide = list(csv.DictReader(file))
    assert [(one["time"], one["serial"], one["name"]) for one in wide] == [
        (row["time"], row["serial"], row["name"]) for row in fixes
    ]
    assert any(float(one["sog_kn"] or 0) > 1 for one in wide)
    log = read_log((tmp_path / "track.expedition").read_bytes(), "a.csv").samples
    assert sum(len(log[key]) for key in log if key[1] == 1) == len(fixes)
    refused = connected.run("export", str(recording), "--to", "nmea")
    assert (refused.status, refused.out) == (USAGE, "")
    assert "has no names for boats" in refused.err
    one = connected.run("export", str(recording), "--to", "nmea", "--device", "kōtare")
    assert one.out.startswith("$GPRMC,")
    assert (
        "there is no such device; there are"
        in connected.run("export", str(recording), "--to", "nmea", "--device", "nobody").err
    )
    lines = connected.run("export", str(recording), "--to", "influx").out.splitlines()
    assert len(lines) == len(rows)


def redirected(words: tuple[str, ...], how: str) -> Outcome:
    """A verb with its output somewhere else."""
    said = subprocess.run(
        ["sh", "-c", f'exec "$0" -m tui "$@" {how}', sys.executable, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(said.returncode, said.stdout, said.stderr)


def test_a_lost_reader_does_not_stop_a_recording(connected: Shell, tmp_path: Path) -> None:
    for number, how in enumerate((">&-", "> /dev/full", "gone")):
        path = tmp_path / f"race{number}.tockrec"
        words = ["sh", "-c", f'exec "$0" -m tui record "$1" {how}', sys.executable, str(path)]
        if how == "gone":
            words = [sys.executable, "-m", "tui", "record", str(path)]
        with ended_at_last(
            subprocess.Popen(
                words,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        ) as process:
            assert process.stdout is not None
            process.stdout.close()  # Nobody reads.
            until_recorded(process, path, 1)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            err = process.stderr.read()
            assert process.wait(PATIENCE) == INTERRUPTED, err
        assert "Traceback" not in err
        assert Recording(path).frames > 0


def test_a_closed_output_is_told(connected: Shell, recording: Path) -> None:
    for words in (
        ("live", "--for", "1"),
        ("live", "--once"),
        ("replay", str(recording)),
        ("export", str(recording), "--to", "csv"),
    ):
        said = redirected(words, ">&-")
        assert said.status == REFUSED
        assert said.err.startswith("tockdeck: standard output is closed")
        assert len(said.err.splitlines()) == 1


def test_narration_never_gets_among_the_data(connected: Shell, recording: Path) -> None:
    for words in (
        ("replay", str(recording), "--csv", "--speed", "64"),
        ("export", str(recording), "--to", "csv"),
        ("export", "nothing.tockrec", "--to", "csv"),
        ("live", "--type", "nosuch"),
    ):
        assert "tockdeck" not in redirected(words, "2>&-").out


def test_a_table_without_rows_has_a_header(connected: Shell, tmp_path: Path) -> None:
    empty = tmp_path / "empty.tockrec"
    empty.write_bytes(b"")
    said = connected.process("replay", str(empty), "--csv", "--speed", "64")
    assert said.out.startswith("time,serial,type")
    assert len(said.out.splitlines()) == 1


def test_files_are_called_by_their_names(shell: Shell, tmp_path: Path) -> None:
    shell.set({"HOME": str(tmp_path)})
    said = shell.run("export", "über.tockrec", "--to", "csv")
    assert "There is no recording über.tockrec" in said.err
    diary = tmp_path / "diary.txt"
    diary.write_text("Dear diary, today we sailed as far as the island.")
    for words in (("export", str(diary), "--to", "csv"), ("replay", str(diary))):
        said = shell.run(*words)
        assert said.err.startswith(f"tockdeck: Replay: The file {diary} is not a recording"), said
    nowhere = tmp_path / "no such" / "sunday"
    said = shell.run("replay", str(nowhere))
    assert said.err.startswith(f"tockdeck: Replay: There is no recording {nowhere}. "), said
    said = shell.run("replay", str(tmp_path))
    assert f"{tmp_path}: Is a directory. Name a file" in said.err


def test_an_export_replaces_no_recording(connected: Shell, recording: Path) -> None:
    before = recording.read_bytes()
    link = recording.with_name("link.csv")
    link.symlink_to(recording)
    for output in (recording, link):
        said = connected.run("export", str(recording), "--to", "csv", "-o", str(output))
        assert said.status == USAGE
        assert "is a recording" in said.err
    assert recording.read_bytes() == before


def test_an_export_writes_through_what_is_no_regular_file(
    connected: Shell, recording: Path, tmp_path: Path
) -> None:
    words = ("export", str(recording), "--to", "csv", "-o")
    expected = connected.run(*words, "-").out
    assert len(expected.splitlines()) > 1
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    mine = tmp_path / "target.part"
    mine.write_text("mine")
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    assert connected.run(*words, str(link)).status == DONE
    assert link.is_symlink()
    assert target.read_text() == expected
    assert target.stat().st_mode & 0o777 == 0o640
    assert mine.read_text() == "mine"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        assert connected.run(*words, str(pipe)).status == DONE
        assert reader.communicate(timeout=PATIENCE)[0] == expected
    assert pipe.is_fifo()


def test_what_an_option_cannot_do_is_refused_before_anything_is_fetched(
    connected: Shell, recording: Path, tmp_path: Path
) -> None:
    # Nobody answers there: what is refused all the same was asked of nobody.
    connected.set({"TOCKDECK_IGTIMI_BASE_URL": "http://127.0.0.1:9/igtimi"})
    said = connected.run("export", "--session", "7", "--to", "fixes", "--type", "SOG")
    assert said.status == USAGE
    assert "--type is nothing for fixes" in said.err
    words = ("export", "--session", "7", "--to", "csv", "-o")
    said = connected.run(*words, str(tmp_path / "no" / "such.csv"))
    assert (said.status, "No such file or directory" in said.err) == (USAGE, True), said.err
    said = connected.run(*words, str(recording))
    assert (said.status, "is a recording" in said.err) == (USAGE, True)
    assert connected.run(*words, str(tmp_path / "one.csv")).status == UNREACHABLE
    assert not (tmp_path / "one.csv").exists()


def test_parquet_without_its_library_is_a_usage_error(
    connected: Shell, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "race.parquet"
    said = connected.run("export", str(recording), "--to", "parquet", "-o", str(path))
    assert said.status == USAGE
    assert "pip install 'tockdeck[parquet]'" in said.err
    assert not list(tmp_path.glob("race.parquet*"))


def test_what_a_kill_cut_off_is_told(connected: Shell, recording: Path) -> None:
    whole = connected.run("export", str(recording), "--to", "csv")
    content = recording.read_bytes()
    recording.write_bytes(content[: len(content) // 2])
    said = connected.run("export", str(recording), "--to", "csv")
    assert said.status == DONE
    assert "were cut off" in said.err
    assert 1 < len(said.out.splitlines()) < len(whole.out.splitlines())
    assert set(said.out.splitlines()) < set(whole.out.splitlines())
    assert "were cut off" in connected.process("replay", str(recording), "--speed", "64").err


def test_a_session_is_exported_from_the_archive(connected: Shell, tmp_path: Path) -> None:
    number = session_named(connected, "Twilight series")
    path = tmp_path / "race.csv"
    said = connected.run("export", "--session", str(number), "--to", "csv", "-o", str(path))
    assert said.status == DONE, said.err
    with path.open() as file:
        assert file.readline().startswith("time,serial,type")
        assert sum(1 for _ in file) > 1000
    assert "slices fetched" in said.err
    empty = session_named(connected, "Akaroa Snippets")
    assert connected.run("export", "--session", str(empty), "--to", "csv").status == REFUSED
    assert connected.run("export", "--to", "csv").status == USAGE


# simulate
