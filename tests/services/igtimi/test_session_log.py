"""Session logs: entries read and written, hostile XML, and the state that they fold into."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.igtimi.samples import DATA
from tui.services.errors import InvalidArgument, ProtocolViolation, ServiceError
from tui.services.igtimi.session_log import (
    DataEndTime,
    DataStartTime,
    DeviceAttachment,
    LogData,
    LogEntry,
    Metadata,
    ObjectData,
    SessionName,
    Tombstone,
    TrackedObject,
    UnknownEntry,
    additions,
    parse_log,
)
from tui.services.igtimi.session_state import Position, SessionState, Wind, fold
from tui.services.igtimi.xml_tree import Element
from tui.services.reading import read

COMPOSITE = parse_log((DATA / "session_log_composite_ASSEMBLED.xml").read_bytes())


def test_the_guides_example() -> None:
    log = parse_log((DATA / "session_log_get_doc_example.xml").read_bytes())
    assert log.session_id == 1
    assert log.entries == [
        LogEntry(
            id=24050,
            created_at=datetime(2013, 4, 24, 23, 57, 58, 197000, tzinfo=UTC),
            data=SessionName(name="Example Session"),
        )
    ]


def test_every_documented_element_is_typed() -> None:
    kinds = [type(entry.data) for entry in COMPOSITE.entries]
    assert set(kinds) == {
        *(SessionName, DataStartTime, DataEndTime, TrackedObject),
        *(DeviceAttachment, ObjectData, Metadata, Tombstone),
    }
    assert COMPOSITE.entries[5].data == DeviceAttachment(
        object_id=4, serial_number="HA-JF-ADEE", entry_type="replace"
    )


def test_what_the_composite_session_is() -> None:
    state = fold(COMPOSITE.entries)
    assert state.name == "PMYC MR - 08 June 2018 - RR 01 - Flight 04"
    assert state.start == datetime(2018, 6, 8, 11, 22, 59, tzinfo=UTC)
    assert state.end == datetime(2018, 6, 8, 11, 48, tzinfo=UTC)
    boat = state.objects[4]
    assert (boat.name, boat.kind, boat.devices) == ("Boat 03", "yacht", ("HA-JF-ADEE",))
    assert (boat.boat_number, boat.country, boat.crew) == ("03", "", ("Jane", "Sue"))
    assert [mark.id for mark in state.marks] == [9, 15]
    assert [one.id for one in state.boats] == [4]
    assert (state.objects[9].buoy_type, state.objects[9].connected_buoy) == ("pin", 11)
    assert state.objects[15].positions == (Position(latitude=42.433, longitude=18.68),)
    # 12 knots are 22.224 km/h.
    assert state.manual_wind == Wind(strength=22.224, direction=250.0)
    assert state.course_direction is None, "its entry has a tombstone"
    assert state.deleted == 1
    assert state.problems == ()
    assert state.serial_numbers == ("HA-JF-ADEE", "HA-JF-ADEF")


def test_real_metadata_entries() -> None:
    lines = (DATA / "session_log_real_metadata_entries.jsonl").read_text().splitlines()
    entries = []
    for line in map(json.loads, lines):
        found = next(e for e in COMPOSITE.entries if e.id == int(line["id"]))
        assert found.created_at == datetime.fromisoformat(line["created_at"])
        entries.append(found)
    state = fold(entries)
    assert state.course_direction == 250.0
    assert state.manual_wind


def entries(*contents: LogData) -> list[LogEntry]:
    return [LogEntry(id=n, created_at=None, data=data) for n, data in enumerate(contents, 1)]


def device(object_id: int, serial: str, kind: str = "add") -> DeviceAttachment:
    return msgspec.convert(
        {
            "kind": "device",
            "object_id": object_id,
            "serial_number": serial,
            "entry_type": kind,
        },
        DeviceAttachment,
    )


def test_an_empty_log() -> None:
    content = b"<session><id>1</id><content><log type='array'/></content></session>"
    assert parse_log(content).entries == []
    assert fold([]) == SessionState()


def test_add_and_replace() -> None:
    state = fold(entries(device(1, "A"), device(1, "B"), device(1, "A"), device(2, "A")))
    assert state.objects[1].devices == ("A", "B")
    assert state.objects[2].devices == ("A",), "one device on two objects happens"
    assert state.serial_numbers == ("A", "B")
    state = fold(entries(device(1, "A"), device(1, "B"), device(1, "C", "replace")))
    assert state.objects[1].devices == ("C",)


def test_a_device_may_come_before_its_object() -> None:
    state = fold(entries(device(1, "A"), TrackedObject(id=1, name="Boat")))
    assert (state.objects[1].name, state.objects[1].devices) == ("Boat", ("A",))


def test_later_entries_win() -> None:
    second = datetime(2020, 1, 2, tzinfo=UTC)
    state = fold(
        entries(
            SessionName(name="a"),
            SessionName(name="b"),
            DataStartTime(time=second - timedelta(days=1)),
            DataStartTime(time=second),
            DataEndTime(time=second),
        )
    )
    assert (state.name, state.start, state.end) == ("b", second, second)


def test_a_deleted_object_takes_its_devices_along() -> None:
    log = entries(TrackedObject(id=7, name="x"), device(7, "A"), Tombstone(log_entry_id=1))
    assert fold(log).objects == {}
    again = [*log, LogEntry(id=9, created_at=None, data=TrackedObject(id=7, name="y"))]
    assert fold(again).objects[7].devices == ("A",)


def test_a_tombstone_brings_back_what_was_before() -> None:
    log = entries(device(1, "A"), device(1, "B", "replace"), Tombstone(log_entry_id=2))
    assert fold(log).objects[1].devices == ("A",)


def test_entries_that_are_not_understood_are_kept_and_named() -> None:
    content = b"""<session><id>1</id><content><log type="array">
      <log_entry><id>1</id><created_at>2013-04-24T23:57:58.197Z</created_at><data>
        <novelty><x>1</x></novelty></data></log_entry>
      <log_entry><id>2</id><created_at/><data/></log_entry>
      <log_entry><id>3</id><data><device><object_id>?</object_id></device></data></log_entry>
      <log_entry><id>4</id><data><data_start_time>soon</data_start_time></data></log_entry>
      <log_entry><id>5</id><data><session_name>Still%20here</session_name></data></log_entry>
    </log></content></session>"""
    log = parse_log(content)
    assert [type(entry.data) for entry in log.entries[:4]] == [UnknownEntry] * 4
    state = fold(log.entries)
    assert state.name == "Still here", "names may be percent-encoded"
    assert [problem.partition(":")[0] for problem in state.problems] == [
        "entry 1",
        "entry 2",
        "entry 3",
        "entry 4",
    ]


def test_odd_values_inside_an_applications_data() -> None:
    wind = Element(
        name="manual_wind",
        children=[Element(name="strength", text="strong"), Element(name="direction", text="9")],
    )
    place = Element(
        name="positions",
        children=[Element(name="position", children=[Element(name="latitude", text="north")])],
    )
    partner = Element(name="connected_buoy", text="nine")
    state = fold(
        entries(Metadata(content=[wind]), ObjectData(object_id=1, content=[place, partner]))
    )
    assert state.manual_wind is None
    assert (state.objects[1].positions, state.objects[1].connected_buoy) == ((), None)
    assert len(state.problems) == 3


ALL_KINDS: list[LogData] = [
    SessionName(name="a < b & c"),
    DataStartTime(time=datetime(2020, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))),
    DataEndTime(time=datetime(2020, 1, 1, 12, 0, 0, 5000, tzinfo=UTC)),
    TrackedObject(id=4, name="Boat é"),
    TrackedObject(id=5),
    DeviceAttachment(object_id=4, serial_number="A", entry_type="replace"),
    ObjectData(object_id=4, content=[Element(name="crew", attributes={"type": "array"})]),
    Metadata(content=[Element(name="course_direction", text="250")]),
    Tombstone(log_entry_id=3),
    UnknownEntry(content=[Element(name="novelty")]),
]


def test_what_is_written_is_read_again() -> None:
    document = additions(1, ALL_KINDS).decode()
    assert "<data_start_time>2020-01-01T10:00:00.000Z</data_start_time>" in document
    as_log = document.replace("log_additions", "log").replace("new_entry>", "log_entry>")
    as_log = as_log.replace("<log_entry>", "<log_entry><id>1</id>")
    read_again = [entry.data for entry in parse_log(as_log.encode()).entries]
    assert read_again[:-1] == ALL_KINDS[:-1]
    assert isinstance(read_again[-1], UnknownEntry)


def test_entries_come_from_json_by_their_kind() -> None:
    text = msgspec.json.encode(ALL_KINDS)
    assert msgspec.json.decode(text, type=list[LogData]) == ALL_KINDS


@pytest.mark.parametrize(
    "entry",
    [
        SessionName(name="bell \x07"),
        SessionName(name="half \ud800"),
        DataStartTime(time=datetime(2020, 1, 1)),  # noqa: DTZ001 - that is the point
        Metadata(content=[Element(name="a b")]),
        Metadata(content=[Element(name="a", attributes={"<": "x"})]),
        UnknownEntry(content=[]),
    ],
)
def test_what_xml_cannot_hold_is_refused(entry: LogData) -> None:
    with pytest.raises(InvalidArgument):
        additions(1, [entry])


DEEP = b"<a>" * 5000 + b"</a>" * 5000
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><session><id>1</id><content>&c;</content></session>"""
OUTSIDE = b"""<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]><session>&x;</session>"""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not valid XML"),
        (b"<html><body>Log in</body></html>", "not a session log"),
        (b"<!DOCTYPE html><html></html>", "declares|refused|entities"),
        (b"<session><id>1</id>", "not valid XML"),
        (b'{"error": "x"}', "not valid XML"),
        (b"\xff\xfe\x00<", "not valid XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "not valid XML"),
        (LAUGHS, "entities"),
        (OUTSIDE, "entities"),
        (DEEP, "too deeply"),
        (
            b"<session><content><log><log_entry><id>x</id></log_entry></log></content></session>",
            r"log_entry\[0\].id",
        ),
    ],
    ids=range(11),
)
def test_hostile_and_broken_xml(content: bytes, words: str) -> None:
    with pytest.raises(ProtocolViolation, match=words):
        parse_log(content)


@given(
    data=st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from([b"<", b">", b"&", b"/", b"9", b"\xff"])),
        max_size=4,
    ),
    cut=st.integers(0, 400),
)
@settings(max_examples=60)
def test_damaged_logs_are_read_or_refused(data: list[tuple[int, bytes]], cut: int) -> None:
    content = bytearray((DATA / "session_log_get_doc_example.xml").read_bytes())
    for place, byte in data:
        content[place * 7 % len(content)] = byte[0]
    with suppress(ServiceError):
        fold(parse_log(bytes(content[: len(content) - cut])).entries)


def test_an_entry_that_is_told_as_data_is_of_the_kind_that_it_names() -> None:
    right = [entry.data for entry in COMPOSITE.entries]
    told = [msgspec.to_builtins(one) for one in right]
    assert read(list[LogData], told, "entries") == right
    for unclear in ({"kind": "boat", "name": "x"}, {"name": "x"}, {"kind": None}):
        with pytest.raises(ProtocolViolation, match="a kind of session_name"):
            read(LogData, unclear, "entry")
