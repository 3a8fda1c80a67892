"""The use cases of Sessions: logs and their sentences, undo, curves, devices, groups, access."""

from __future__ import annotations

from cmath import exp, phase
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import degrees, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import at_work, workspace_of
from tests.harness import EmbeddedServer
from tui.services.errors import ConnectionFailed, PermissionDenied, ServiceError
from tui.services.igtimi.live_types import type_of
from tui.services.igtimi.session_log import (
    DeviceAttachment,
    LogData,
    LogEntry,
    Metadata,
    ObjectData,
    SessionName,
    Tombstone,
    TrackedObject,
    UnknownEntry,
)
from tui.services.igtimi.session_state import SessionState
from tui.services.igtimi.xml_tree import Element
from tui.workspace.changes.undoing import NoWayBack
from tui.workspace.partial import collecting, sentences
from tui.workspace.sessions.curves import Curve, around, centre_of
from tui.workspace.sessions.notes import read_note, stamped
from tui.workspace.sessions.sentences import Teller, listed
from tui.workspace.sessions.sessions import Opened, Session, SessionRoom, on_or_last

NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["igtimi"]) as running:
        yield running


async def named(room: SessionRoom, name: str) -> Session:
    """The session of that name, as the service lists it now."""
    found = (await room.sessions()).value.sessions
    return next(one for one in found if one.name == name)


def leaf(name: str, text: str) -> Element:
    return Element(name=name, text=text)


def told(*entries: LogData) -> list[str]:
    """What a log of these entries, numbered from 1, reads like."""
    log = [LogEntry(id=n, created_at=NOW, data=data) for n, data in enumerate(entries, 1)]
    teller = Teller(log, UTC)
    return [teller.sentence(entry.data) for entry in log]


@pytest.mark.parametrize(
    ("hours", "first"),
    [
        ({1: (2, 4), 2: (-9, -8), 3: (-5, 1), 4: (-1, None), 5: (-2, 3)}, 4),
        ({1: (2, 4), 2: (-9, -2), 3: (-5, -4), 4: (None, None)}, 2),
        ({1: (5, 6), 2: (2, 4), 3: (None, None)}, 2),
        ({1: (None, None), 2: (None, 4)}, None),
        ({1: (0, 0), 2: (-3, 0), 3: (-4, -1)}, 1),
        ({}, None),
    ],
)
def test_a_list_begins_at_what_is_on_or_was_last(
    hours: dict[int, tuple[int | None, int | None]], first: int | None
) -> None:
    def moment(hour: int | None) -> datetime | None:
        return None if hour is None else NOW + timedelta(hours=hour)

    sessions = [
        Session(id=number, start_time=moment(start), end_time=moment(end))
        for number, (start, end) in hours.items()
    ]
    found = on_or_last(sessions, NOW)
    assert (found and found.id) == first


def test_entries_of_a_log_are_sentences_that_name_what_they_are_about() -> None:
    boat = ObjectData(
        object_id=7,
        content=[leaf("type", "yacht"), leaf("name", "Kōtare"), leaf("country", "NZL")],
    )
    assert told(
        TrackedObject(id=7, name="Kōtare"),
        DeviceAttachment(object_id=7, serial_number="GA-EN-AAAA"),
        DeviceAttachment(object_id=7, serial_number="GA-EN-AAAB", entry_type="replace"),
        boat,
        DeviceAttachment(object_id=9, serial_number="GA-EN-AAAC"),
    ) == [
        "Kōtare joins.",
        "GA-EN-AAAA is on Kōtare.",
        "From here on only GA-EN-AAAB is on Kōtare.",
        "Kōtare is a boat and sails for NZL.",
        "GA-EN-AAAC is on object 9.",
    ]


def test_wind_by_hand_is_told_in_knots_and_what_is_broken_as_it_came() -> None:
    wind = Element(
        name="manual_wind", children=[leaf("strength", "18.52"), leaf("direction", "230")]
    )
    broken = Element(name="manual_wind", children=[leaf("strength", "strong")])
    assert told(
        Metadata(content=[wind]), Metadata(content=[broken]), Metadata(content=[leaf("note", "ok")])
    ) == [
        "Wind by hand: 10.0 kn from 230°.",
        "Wind by hand: manual wind (strength strong).",
        "Note: ok",
    ]


def test_what_was_taken_back_and_what_is_not_understood_is_told() -> None:
    sentences = told(
        SessionName(name="First"),
        Tombstone(log_entry_id=1),
        Tombstone(log_entry_id=99),
        UnknownEntry(content=[leaf("odd_thing", "3")], problem="odd_thing is not known"),
    )
    assert sentences[1:] == [
        "Taken back: Called “First”.",
        "Taken back: entry 99.",
        "Not understood: odd_thing is not known. odd thing 3",
    ]


def test_lists_of_names() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]


async def test_a_session_is_made_annotated_and_taken_back_step_by_step(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        room = workspace.sessions

        async def undo() -> str:
            taken = await workspace.history.undo()
            return "" if taken is None else taken.title

        start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        made = await room.create("Tuesday", start, None, {"GA-EN-AAAA": "Kōtare"})
        session = await named(room, "Tuesday")
        assert (session.id, session.start_time) == (made, start)
        opened = await room.open(session)
        assert opened.device_name("GA-EN-AAAA") == "Kōtare"
        await room.put_device(session, "GA-EN-AAAB", "Petrel")
        await room.times(session, start, start + timedelta(minutes=30))
        state = (await room.open(session)).state
        assert [one.name for one in state.boats] == ["Kōtare", "Petrel"]
        assert state.end == start + timedelta(minutes=30)
        # Both times were one step, and so is the device with its boat.
        assert await undo() == "Times"
        assert (await room.open(session)).state.end is None
        assert (await room.open(session)).state.start == start
        await undo()
        assert (await room.open(session)).state.serial_numbers == ("GA-EN-AAAA",)
        assert await undo() == "New session Tuesday and 1 more change"
        assert made not in [one.id for one in (await room.sessions()).value.sessions]


async def test_a_session_whose_log_was_refused_does_not_stay_without_a_name(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        room = workspace.sessions
        before = {one.id for one in (await room.sessions()).value.sessions}
        with pytest.raises(ServiceError):
            await room.create("bell \x07", None, None, {})
        assert {one.id for one in (await room.sessions()).value.sessions} == before
        assert await workspace.history.undoing.next_undo() is None
        assert await workspace.history.undoing.next_redo() is None


async def test_a_log_is_kept_for_when_the_service_is_silent(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        session = await named(workspace.sessions, "Twilight series")
        assert await workspace.sessions.kept_open(session) is None
        fresh = await workspace.sessions.open(session)
    async with at_work(server, tmp_path) as workspace:
        kept = await workspace.sessions.kept_open(session)
    assert kept is not None
    assert (kept.entries, kept.state) == (fresh.entries, fresh.state)


async def test_a_silent_service_is_told_apart_from_an_empty_one(tmp_path: Path) -> None:
    with EmbeddedServer(services=["igtimi"]) as server:
        workspace = workspace_of(server, tmp_path)
    try:
        with pytest.raises(ConnectionFailed):
            await workspace.sessions.sessions()
    finally:
        await workspace.close()


async def test_curves_have_their_axis_and_the_persons_unit(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        room = workspace.sessions
        opened = await room.open(await named(room, "Twilight series"))
        boat = opened.state.boats[0].devices[0]
        speed = await room.curve(opened, boat, 9)
        longitude, latitude = [await room.curve(opened, boat, 1, axis) for axis in (1, 2)]
        assert speed is not None
        assert longitude is not None
        assert latitude is not None
        assert (speed.unit, speed.title) == ("kn", "Speed over ground")
        assert 0 < max(value for _, value in speed.samples) < 40, "knots, not km/h"
        assert longitude.title == "Position, longitude"
        assert {round(value) for _, value in longitude.samples} != {
            round(value) for _, value in latitude.samples
        }
        middle = speed.samples[len(speed.samples) // 2][0]
        part = speed.within(middle, middle + 60)
        assert 0 < len(part) < len(speed.samples)
        assert " kn, mean " in speed.summary(part)
        assert " to " in longitude.summary(longitude.samples)
        names = [one.short for one in await room.types(opened, boat)]
        assert names[0] == "SOG"
        assert "POS" in names


@given(
    st.lists(st.floats(0, 359.99), min_size=1, max_size=30), st.floats(-720, 720, allow_nan=False)
)
def test_angles_are_drawn_around_where_they_point(angles: list[float], centre: float) -> None:
    samples = [(float(n), angle) for n, angle in enumerate(angles)]
    drawn = around(samples, centre)
    for (moment, angle), (when, value) in zip(samples, drawn, strict=True):
        assert when == moment
        assert abs(value - centre) <= 180 + 1e-6
        assert abs((value - angle + 180) % 360 - 180) < 1e-6 or (value - angle) % 360 < 1e-6
    slow = sum(exp(1j * radians(angle)) for angle in angles)
    if abs(slow) > 1e-3:
        apart = degrees(phase(slow)) - centre_of([samples])
        assert min(apart % 360, -apart % 360) < 1e-6


def test_a_course_beside_north_has_its_ends_and_its_mean_there() -> None:
    samples = [(0.0, 350.0), (1.0, 355.0), (2.0, 5.0), (3.0, 14.0), (4.0, 356.0)]
    course = Curve("X", type_of(6), 1, "°", samples)
    assert course.summary(samples) == "350 to 014°, mean 000"
    bow = Curve("X", type_of(11), 1, "°", samples)
    assert bow.summary(samples) == "-10 to 14°, mean 0"
    assert course.mean([(0.0, 0.0), (1.0, 180.0)]) == "-"
    assert course.text(359.7) == "000"


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("flat", "Note: flat"),
        ("2024-03-12T14:05:10.500Z Gust: 20 kn", "Note, Tue 12 Mar 2024 14:05:10: Gust: 20 kn"),
        ("Mark 1: 2024-03-12T14:05:10Z", "Note, Tue 12 Mar 2024 14:05:10: Mark 1"),
        ("2024-02-31T14:05:10Z none", "Note: 2024-02-31T14:05:10Z none"),
        ("2024-03-12 wind", "Note: 2024-03-12 wind"),
    ],
)
def test_a_note_may_be_about_a_moment(note: str, said: str) -> None:
    assert told(Metadata(content=[leaf("note", note)])) == [said]
    moment, words = read_note(note)
    assert read_note(stamped(words, moment)) == (moment, words)


async def test_a_session_ahead_has_no_data_to_ask_for(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        room = workspace.sessions
        ahead = await room.open(await named(room, "Next weekend's regatta"))
        assert ahead.is_ahead
        without_times = Opened(Session(id=1), [], SessionState(), {}, NOW)
        assert not without_times.is_ahead
        assert await room.curve(without_times, "GA-EN-AAAA", 9) is None


async def test_a_boat_whose_data_cannot_be_had_costs_the_others_no_curve(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        room = workspace.sessions
        opened = await room.open(await named(room, "Twilight series"))
        petrel, kotare = opened.state.serial_numbers[:2]
        refused, curve = {petrel}, room.curve

        async def of_some(opened: Opened, serial: str, type_id: int, axis: int = 1) -> Curve | None:
            if serial in refused:
                raise PermissionDenied("No window lets you read it.", service="igtimi")
            return await curve(opened, serial, type_id, axis)

        monkeypatch.setattr(room, "curve", of_some)
        with collecting() as left_out:
            (found,) = await room.curves(opened, (petrel, kotare), 9)
        assert found.serial == kotare
        name = opened.device_name(petrel)
        assert sentences(left_out) == [
            f"1 of 2 devices could not be read: {name} (No window lets you read it.)"
        ]
        refused.add(kotare)
        with pytest.raises(PermissionDenied):
            await room.curves(opened, (petrel, kotare), 9)


async def test_devices_are_kept_without_what_takes_one_into_an_account(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        fleet = workspace.sessions.fleet
        assert await fleet.kept("devices") is None
        read = await fleet.devices()
        tags = [one.service_tag for one in read if one.service_tag]
        assert tags
        kept = await fleet.kept("devices")
        assert kept is not None
        assert [one.serial_number for one in kept.value] == [one.serial_number for one in read]
        await fleet.groups()
        await fleet.access()
        for name in ("groups", "access"):
            assert await fleet.kept(name)
        files = b"".join(one.read_bytes() for one in (tmp_path / "cache").glob("answers*"))
        assert not [tag for tag in tags if tag.encode() in files]


async def test_devices_are_renamed_and_called_as_before(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        fleet = workspace.sessions.fleet
        device = next(one for one in await fleet.devices() if one.name == "Gannet")
        await fleet.rename_device(device, "Tākapu")
        assert "Tākapu" in [one.name for one in await fleet.devices()]
        await workspace.history.undo()
        assert "Gannet" in [one.name for one in await fleet.devices()]
        found = await fleet.look_at_device(device)
        assert found.stretches[0].start is not None
        assert "SOG" in found.stretches[0].types
        assert found.access[0].for_ever


async def test_groups_are_made_joined_and_left(server: EmbeddedServer, tmp_path: Path) -> None:
    async with at_work(server, tmp_path) as workspace:
        fleet, undo = workspace.sessions.fleet, workspace.history.undo
        made = await fleet.create_group("Juniors")
        group = next(one for one in await fleet.groups() if one.id == made)
        ana = next(one for one in await fleet.recipients() if one.name == "Ana Kovač")
        await fleet.add_member(group, ana)

        async def names() -> list[str]:
            return [name for _, name in (await fleet.look_at_group(group)).members]

        assert "Ana Kovač" in await names()
        found = await fleet.look_at_group(group)
        member = next(one for one, name in found.members if name == "Ana Kovač")
        await fleet.remove_member(group, member, "Ana Kovač")
        assert "Ana Kovač" not in await names()
        await undo()
        assert "Ana Kovač" in await names()
        await undo()
        await undo()
        assert made not in [one.id for one in await fleet.groups()]


async def test_access_is_given_and_seen_but_not_undone(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        fleet = workspace.sessions.fleet
        coaches = next(one for one in await fleet.recipients() if one.name == "Coaches")
        start = datetime(2026, 3, 1, tzinfo=UTC)
        end = start + timedelta(days=2)
        await fleet.give_access("GA-EN-AAAA", coaches, start, end, modify=False)
        newest = (await fleet.access("GA-EN-AAAA"))[0]
        assert (newest.recipient, newest.window.end_time) == ("Coaches", end)
        assert not newest.for_ever
        with pytest.raises(NoWayBack, match="ends by itself at its end"):
            await workspace.history.undo()


async def test_entries_are_added_even_where_the_log_cannot_be_read(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        room = workspace.sessions
        session = (await room.sessions()).value.sessions[0]
        service = await workspace.connections.igtimi()
        read = service.session_logs.list

        async def broken(_number: int) -> object:
            raise ConnectionFailed("it broke")

        monkeypatch.setattr(service.session_logs, "list", broken)
        await room.note(session, "a gust")
        monkeypatch.setattr(service.session_logs, "list", read)
        (change,) = workspace.history.changes.newest(1)
        assert change.state == "done"
        log = await read(session.id)
        assert "a gust" in str(log.entries[-1].data)
        with pytest.raises(NoWayBack, match="Nobody knows what stood in the log before"):
            await workspace.history.undo()
