"""Recordings: append-only, whole after a kill at any byte, rotated, bounded, not in the way."""

from __future__ import annotations

import errno
import os
import re
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from tests.live.feeds import SERIAL, SOG, follow
from tests.live.rig import WALL, HandClock, sample, serving, until
from tui.live.day import Day, DayEvent, DayMark, read_day
from tui.live.feed import Phase
from tui.live.recorder import Recorder
from tui.live.recording import (
    HEADER,
    MAGIC,
    Kind,
    NotARecording,
    Opened,
    Record,
    Recording,
    checksum,
    part_path,
    parts,
    read_records,
)
from tui.live.replay import RecordingSource
from tui.services.igtimi.live import Conversation
from tui.services.igtimi.live_json import JsonDialect
from tui.workspace.live.recordings import Recordings


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
        assert frames(path) == expected[: max(records - 2, 0)]
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


def test_a_checksum_is_of_all_of_a_record() -> None:
    whole = checksum(1, 2, WALL, b"content")
    others = [
        checksum(2, 2, WALL, b"content"),
        checksum(1, 3, WALL, b"content"),
        checksum(1, 2, WALL + 1, b"content"),
        checksum(1, 2, WALL, b"contenu"),
        checksum(1, 2, WALL, b"content\0"),
    ]
    assert len({whole, *others}) == 6


@pytest.mark.parametrize("field", ["kind", "link", "length", "wall", "checksum"])
def test_a_header_that_was_changed_is_no_record(tmp_path: Path, field: str) -> None:
    """The checksum is of all that is said about a content, and not of the content alone."""
    path = tmp_path / "race.tockrec"
    record(path).close()
    whole = frames(path)
    content = path.read_bytes()
    at = content.rindex(whole[-1][2]) - HEADER.size
    kind, link, length, wall, number = HEADER.unpack_from(content, at)
    values = {"kind": kind, "link": link, "length": length, "wall": wall, "checksum": number}
    values[field] += -1 if field == "length" else 1
    head = HEADER.pack(*values.values())
    path.write_bytes(content[:at] + head + content[at + HEADER.size :])
    assert frames(path) == whole[:-1]
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
        first, second = islice((record for _, record in read_records(part)), 2)
        assert (first.kind, second.kind) == (Kind.PART, Kind.OPENED)
        assert b'"clock_offset":250' in second.content


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
    assert recorder.failure == (
        "recording stopped: Input/output error; "
        f"what was recorded until then is in {tmp_path / 'race.tockrec'}"
    )


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


@pytest.mark.parametrize("length", [0, 1, 20, 21])
@pytest.mark.parametrize("number", [1, 2])
def test_a_file_that_was_hardly_begun_counts_as_empty(
    tmp_path: Path, length: int, number: int
) -> None:
    path = tmp_path / "race.tockrec"
    if number > 1:
        record(path).close()
    part_path(path, number).write_bytes(MAGIC[:length])
    assert len(frames(path)) == (20 if number > 1 else 0)
    assert Recording(path).lost == 0
    recorder = Recorder(path, "igtimi")
    recorder.frame(2, b"after", WALL + 99)
    recorder.close()
    assert frames(path)[-1] == (2, WALL + 99, b"after")


def test_a_foreign_or_damaged_part_does_not_shield_the_others_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path, 200, part=2000).close()
    first, second, *others = [part for _, part in parts(path)]
    kept = sum(r.kind is Kind.FRAME for part in [first, *others] for _, r in read_records(part))
    second.write_bytes(b"no recording at all, but longer than a first line")
    recording = Recording(path)
    assert recording.frames == len(frames(path)) == kept
    assert "race.2.tockrec does not tell whose part it is" in recording.remarks[0]
    first.write_bytes(b"nor is this, which is as long as that one")
    assert any(
        remark.startswith("race.tockrec cannot be read") for remark in Recording(path).remarks
    )


def test_reading_goes_on_behind_a_damage_and_nothing_is_destroyed(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path).close()
    content = bytearray(path.read_bytes())
    ends = [offset for offset, _ in read_records(path)]
    content[ends[5] - 3] ^= 1  # a frame
    content[ends[9] + 4] ^= 255  # the length of another
    path.write_bytes(content)
    before = frames(path)
    assert len(before) == 18
    recording = Recording(path)
    assert recording.lost == ends[5] - ends[4] + ends[10] - ends[9]
    (remark,) = recording.remarks
    assert "of race.tockrec are damaged" in remark
    recorder = Recorder(path, "igtimi")
    recorder.frame(2, b"after", WALL + 99)
    recorder.close()
    assert path.read_bytes() == content
    assert recorder.file.name == "race.2.tockrec"
    assert frames(path) == [*before, (2, WALL + 99, b"after")]


def test_a_damaged_first_record_does_not_part_a_recording(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path, 100, part=2000).close()
    content = bytearray(path.read_bytes())
    content[len(MAGIC) + 25] ^= 1
    path.write_bytes(content)
    assert len(frames(path)) == 100


def test_recordings_that_are_named_like_parts_are_left_alone(tmp_path: Path) -> None:
    for name in ("race.1.tockrec", "race.2.tockrec", "race.3.tockrec"):
        record(tmp_path / name, 5).close()
    others = {other: other.read_bytes() for other in tmp_path.iterdir()}
    path = tmp_path / "race.tockrec"
    record(path, 200, part=2000, keep=2).close()
    assert {other: other.read_bytes() for other in others} == others
    assert frames(path)[-1][2] == b"frame 199" * 3
    assert not others.keys() & {part for _, part in parts(path)}
    assert not Recording(path).remarks
    assert len(frames(tmp_path / "race.2.tockrec")) == 5
    listed = {recorded.path.name for recorded in Recordings(tmp_path).all()}
    assert listed == {"race.tockrec", "race.1.tockrec", "race.2.tockrec", "race.3.tockrec"}


def test_a_part_is_not_continued_as_if_it_were_a_recording(tmp_path: Path) -> None:
    record(tmp_path / "race.tockrec", 100, part=2000).close()
    second = tmp_path / "race.2.tockrec"
    with pytest.raises(NotARecording, match=re.escape(f"the file {second} is a part of another")):
        Recorder(second, "igtimi")


def test_what_cannot_be_recorded_to_is_said_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe.tockrec"
    os.mkfifo(pipe)
    with pytest.raises(NotARecording, match=re.escape(f"the file {pipe} is not one that can be")):
        Recorder(pipe, "igtimi")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    path = tmp_path / "race.tockrec"
    with pytest.raises(OSError, match="No space left") as raised:
        Recorder(path, "igtimi")
    monkeypatch.undo()
    assert raised.value.filename == str(path)
    assert not path.exists()


def test_recordings_of_before_are_read_and_continued(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    begun = Opened("igtimi", (SERIAL,))
    known = Opened("igtimi", (SERIAL,), clock_offset=250)
    # The fourth is a recording of its own: a heartbeat is what it heard first.
    contents = [b"1", b"[2]", b"[3]", b"1"]
    for number, opened in enumerate([begun, known, begun, begun], 1):
        records = [
            Record(Kind.OPENED, 1, WALL + number, msgspec.json.encode(opened)),
            Record(Kind.FRAME, 1, WALL + number, contents[number - 1]),
        ]
        part_path(path, number).write_bytes(MAGIC + b"".join(r.encode() for r in records))
    assert [content for _, _, content in frames(path)] == contents[:3]
    recorder = Recorder(path, "igtimi", part=150)
    recorder.frame(1, b"4", WALL + 9)
    recorder.frame(1, b"5", WALL + 10)
    recorder.close()
    assert [content for _, _, content in frames(path)] == [*contents[:3], b"4", b"5"]
    assert len(frames(part_path(path, 4))) == 1


def test_records_of_a_version_to_come_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path, 3).close()
    before = frames(path)
    head = HEADER.pack(9, 0, 5, WALL, checksum(9, 0, WALL, b"later"))
    with path.open("ab") as file:
        file.write(head + b"later")
    recording = Recording(path)
    assert (recording.lost, recording.remarks) == (0, [])
    record(path, 1).close()
    assert [part for _, part in parts(path)] == [path], "no other part is begun for it"
    assert frames(path)[: len(before)] == before
    assert len(frames(path)) == len(before) + 1


def test_one_recorder_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    recorder = record(path, 100, part=2000)
    with pytest.raises(
        NotARecording, match=rf"the file {re.escape(str(tmp_path))}/\S+ is being recorded already"
    ):
        Recorder(path, "igtimi")
    recorder.close()
    Recorder(path, "igtimi").close()


def test_a_connection_that_cannot_be_understood_counts_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    record(path, 3).close()
    odd = Record(Kind.OPENED, 2, WALL, b'{"dialect":1,"serials":["\xff"]}').encode()
    path.write_bytes(path.read_bytes() + odd)
    recording = Recording(path)
    assert recording.lost == len(odd)
    assert sum(one.kind is Kind.OPENED for one in recording) == 1


def test_a_disk_that_fills_up_at_a_new_part_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "race.tockrec"
    recorder = record(path, 10, part=1)
    write, files = os.write, sorted(tmp_path.iterdir())
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:10]))
    recorder.frame(1, b"too much", WALL + 50)
    monkeypatch.undo()
    assert recorder.failure is not None
    assert recorder.failure.endswith(f"is in {path} to race.11.tockrec")
    assert sorted(tmp_path.iterdir()) == files
    assert recorder.frames == len(frames(path)) == 10
    # Its own descriptor was closed once: another file may have the number by now.
    recorder.close()
    recorder.close()
    with path.open("rb") as other:
        recorder.close()
        assert other.read(1)


def test_a_part_of_another_recording_under_this_name_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.tockrec"
    record(other, 100, part=2000).close()
    path = tmp_path / "race.tockrec"
    record(path, 3).close()
    stray = part_path(other, 2).rename(part_path(path, 2))
    before = stray.read_bytes()
    recorder = Recorder(path, "igtimi")
    assert recorder.file == path
    recorder.close()
    assert len(frames(path)) == 3
    assert stray.read_bytes() == before


def test_what_is_marked_is_kept_with_the_day_and_whether_that_is_known_or_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "marked.tockrec"
    recorder = Recorder(path, "igtimi")
    events = (DayEvent(WALL + 5, "Mark 1"), DayEvent(WALL + 9, "Mark 2"))
    recorder.events(events[:1], WALL + 5)
    recorder.day(Day({SERIAL: "Petrel"}, events=events[:1]), WALL + 6)
    recorder.events(events, WALL + 9)
    recorder.close()
    days = [read_day(one.content) for one in Recording(path) if one.kind is Kind.DAY]
    assert days == [
        Day(events=events[:1]),
        Day({SERIAL: "Petrel"}, events=events[:1]),
        Day({SERIAL: "Petrel"}, events=events),
    ]
    # What older versions wrote has none.
    assert read_day(b'{"names": {}}') == Day()


def test_each_file_knows_the_day_and_the_latest_of_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    recorder = Recorder(path, "igtimi", part=2000, keep=2)
    recorder.opened(1, [SERIAL], "", WALL)
    recorder.day(Day({SERIAL: "Petrel"}), WALL)
    pin = DayMark("Pin", "pin", ("GA-EN-AAEM",), (170.5, -45.875))
    day = Day(
        {SERIAL: "\x1b[31mPetrel"}, {SERIAL: "NZL 7"}, 7, "Race 3", (pin,), ("W",), (355.5, 18)
    )
    recorder.day(day, WALL + 1)
    for index in range(90):
        recorder.frame(1, b"x" * 100, WALL + index)
    recorder.close()
    assert not path.exists(), "the first files are gone"
    for _, part in parts(path):
        (kept,) = [r.content for _, r in read_records(part) if r.kind is Kind.DAY]
        assert read_day(kept) == day
    recording = Recording(path)
    assert recording.lost == 0
    source = RecordingSource(recording, lambda _, s: Conversation(JsonDialect(""), s))
    assert source.day == day
    content = parts(path)[-1][1].read_bytes()
    parts(path)[-1][1].write_bytes(content + Record(Kind.DAY, 0, WALL, b'{"names": 3}').encode())
    assert Recording(path).lost > 0, "what tells no day is said, and left out"
