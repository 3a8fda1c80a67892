"""Recordings: append-only, whole after a kill at any byte, rotated, bounded, not in the way."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.live.feeds import SERIAL, SOG, follow
from tests.live.rig import WALL, HandClock, sample, serving, until
from tui.live.feed import Phase
from tui.live.recorder import Recorder
from tui.live.recording import MAGIC, Kind, NotARecording, Recording, parts, read_records


def frames(path: Path) -> list[tuple[int, int, bytes]]:
    return [(r.link, r.wall, r.content) for r in Recording(path) if r.kind is Kind.FRAME]


def record(path: Path, count: int = 20, **limits: int) -> Recorder:
    recorder = Recorder(path, "igtimi", **limits)
    recorder.opened(1, [SERIAL], "wss://live.example/", WALL)
    recorder.clock(1, 250)
    for index in range(count):
        recorder.frame(1, f"frame {index}".encode() * 3, WALL + index)
    return recorder


def test_frames_come_back_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    recorder = Recorder(path, "riot")
    recorder.opened(7, [SERIAL], "", WALL)
    contents = [b"1", b"", bytes(range(256)), b"\x12\x00" * 500, "é€".encode()]
    for index, content in enumerate(contents):
        recorder.frame(7, content, WALL + index)
    recorder.closed(7, "bye", WALL + 9)
    recorder.close()
    assert frames(path) == [(7, WALL + index, content) for index, content in enumerate(contents)]
    recording = Recording(path)
    assert (recording.start, recording.end, recording.frames) == (WALL, WALL + 9, 5)
    assert recording.lost == 0


def test_a_recording_cut_off_at_any_byte_is_readable_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path).close()
    whole = path.read_bytes()
    expected = frames(path)
    ends = [offset for offset, _ in read_records(path)]
    for cut in range(len(MAGIC), len(whole)):
        path.write_bytes(whole[:cut])
        records = sum(end <= cut for end in ends)
        assert frames(path) == expected[: max(records - 1, 0)]
        assert Recording(path).lost == cut - max([len(MAGIC), *[e for e in ends if e <= cut]])


def test_a_recording_goes_on_after_a_kill_at_any_byte(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path).close()
    whole = path.read_bytes()
    before = frames(path)
    for cut in range(0, len(whole), 7):
        path.write_bytes(whole[:cut])
        kept = frames(path) if cut >= len(MAGIC) else []
        assert kept == before[: len(kept)]
        recorder = Recorder(path, "igtimi")
        recorder.frame(2, b"after", WALL + 99)
        recorder.close()
        assert frames(path) == [*kept, (2, WALL + 99, b"after")]
        assert Recording(path).lost == 0


def test_a_flipped_bit_ends_the_reading_there(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path).close()
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    assert len(frames(path)) == 19
    assert Recording(path).lost > 0


def test_parts_are_bounded_in_size_and_number_and_each_can_be_read_alone(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    recorder = record(path, 400, part=2000, keep=3)
    recorder.close()
    found = parts(path)
    assert len(found) == 3
    assert all(part.stat().st_size < 2200 for _, part in found)
    assert frames(path)[-1][2] == b"frame 399" * 3
    for _, part in found:
        first = next(record for _, record in read_records(part))
        assert first.kind is Kind.OPENED
        assert b'"clock_offset":250' in first.content


def test_other_files_are_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    path.write_text("something else that is longer than a first line")
    with pytest.raises(NotARecording):
        Recorder(path, "igtimi")
    assert path.read_text().startswith("something else")
    path.write_text("short")
    with pytest.raises(NotARecording):
        Recorder(path, "igtimi")
    assert path.read_text() == "short"
    with pytest.raises(NotARecording):
        Recording(tmp_path / "none.tockrec")


def test_a_recording_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_stops_the_recording_and_leaves_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "race.tockrec"
    recorder = record(path)
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:10]))
    recorder.frame(1, b"too much", WALL + 50)
    monkeypatch.undo()
    assert recorder.failure is not None
    assert "No space left" in recorder.failure
    recorder.frame(1, b"not any more", WALL + 51)
    recorder.close()
    assert len(frames(path)) == 20
    assert Recording(path).lost == 0


def test_a_disk_that_fails_is_told_and_not_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = record(tmp_path / "race.tockrec")

    def fail(*_: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", fail)
    recorder.frame(1, b"x", WALL)
    recorder.opened(2, [], "", WALL)
    recorder.closed(2, "", WALL)
    monkeypatch.undo()
    assert recorder.failure is not None
    assert recorder.failure.startswith("recording stopped: Input/output error")


async def test_a_feed_records_what_it_hears_and_goes_on_without(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    clock = HandClock()
    async with serving() as server:
        feed = follow(server.url, clock=clock)
        recorder = Recorder(path, "igtimi")
        feed.record(recorder)
        await feed.start()
        await until(feed, lambda: feed.state.phase is Phase.QUIET)
        text = sample(SERIAL, WALL, 4.0)
        await server.send(text)
        await until(feed, lambda: SOG in feed.store)
        feed.record(None)
        await server.send(sample(SERIAL, WALL + 1, 4.0))
        await until(feed, lambda: feed.store.last(SOG) == (WALL + 1, (4.0,)))
        await feed.stop()
        recorder.close()
    assert frames(path) == [
        (1, WALL, b"1"),
        (1, WALL, str(WALL).encode()),
        (1, WALL, text.encode()),
    ]
    assert b"secret-token" not in path.read_bytes()
