"""The Igtimi client over real sockets against the embedded service, orderly and quirky.

Together the chapters call every operation there is.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.harness import EmbeddedServer
from tui.services.errors import AuthenticationFailed, PermissionDenied, Refused, ServiceError
from tui.services.igtimi import Igtimi
from tui.services.igtimi.oauth import OUT_OF_BAND, log_in
from tui.services.igtimi.session_log import (
    DataEndTime,
    DataStartTime,
    DeviceAttachment,
    Metadata,
    ObjectData,
    SessionName,
    Tombstone,
    TrackedObject,
    UnknownEntry,
)
from tui.services.igtimi.session_state import Wind, fold
from tui.services.igtimi.xml_tree import Element
from tui.services.transport import Transport

BLOB = 'notes & "more"\nzwei: äöü'


@pytest.fixture(scope="module", params=["orderly", "quirky"])
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """The sample workspace with a small fleet."""
    quirks = request.param == "quirky"
    with EmbeddedServer(services=("igtimi",), boats=3, quirks=quirks) as running:
        yield running


def connect(server: EmbeddedServer, **options: Any) -> Igtimi:
    known = server.credentials
    given = {
        "access_token": known.igtimi_access_token,
        "application_access_token": known.igtimi_application_token,
        "client_id": known.igtimi_client_id,
        "client_secret": known.igtimi_client_secret,
        **options,
    }
    return Igtimi(Transport("igtimi", server.url("/igtimi")), **given)


@pytest.fixture
async def igtimi(server: EmbeddedServer) -> AsyncIterator[Igtimi]:
    """The sample user's client."""
    async with connect(server) as client:
        yield client


async def test_a_session_from_its_making_to_its_end(igtimi: Igtimi) -> None:
    made = await igtimi.sessions.create()
    assert (made.name, made.start_time, made.permissions.modify) == (None, None, True)
    start = datetime(2026, 1, 14, 12, tzinfo=UTC)
    boat, mark = TrackedObject(id=4, name="Boat ø"), TrackedObject(id=9, name="Pin & end")
    wind = Element(
        name="manual_wind",
        children=[Element(name="strength", text="22.224"), Element(name="direction", text="250")],
    )
    await igtimi.session_logs.create(
        made.id,
        [
            SessionName(name="Race 1 <final>"),
            DataStartTime(time=start),
            DataEndTime(time=start + timedelta(hours=1)),
            boat,
            mark,
            ObjectData(object_id=9, content=[Element(name="type", text="buoy")]),
            DeviceAttachment(object_id=4, serial_number="GA-EN-AAAA", entry_type="add"),
            DeviceAttachment(object_id=4, serial_number="GA-EN-AAAB", entry_type="replace"),
            Metadata(content=[wind]),
        ],
    )
    log = await igtimi.session_logs.list(made.id)
    state = fold(log.entries)
    assert (log.session_id, state.name, state.start) == (made.id, "Race 1 <final>", start)
    assert state.objects[4].devices == ("GA-EN-AAAB",)
    assert [one.name for one in state.marks] == ["Pin & end"]
    assert state.manual_wind == Wind(strength=22.224, direction=250.0)
    assert state.problems == ()
    await igtimi.session_logs.create(made.id, [Tombstone(log_entry_id=log.entries[-1].id)])
    assert fold((await igtimi.session_logs.list(made.id)).entries).manual_wind is None
    last = log.entries[-1].created_at
    assert last
    later = await igtimi.session_logs.list(made.id, start_time=last + timedelta(seconds=0.001))
    assert len(later.entries) < len(log.entries)

    shown = await igtimi.sessions.get(made.id)
    assert (shown.name, shown.start_time) == ("Race 1 <final>", start)
    assert [one.id for one in await igtimi.sessions.list(ids=[made.id])] == [made.id]
    with pytest.raises(Refused) as caught:
        await igtimi.session_logs.create(made.id, [UnknownEntry(content=[Element(name="bogus")])])
    assert "bogus" in caught.value.message
    await igtimi.sessions.save_blob(made.id, BLOB)
    assert (await igtimi.sessions.get_blob(made.id)).decode() == BLOB
    await igtimi.sessions.delete(made.id)
    with pytest.raises(PermissionDenied) as gone:
        await igtimi.sessions.get(made.id)
    assert gone.value.status == 401


async def test_sample_sessions_fold_without_a_problem(igtimi: Igtimi) -> None:
    sessions = await igtimi.sessions.list(limit=5)
    assert sessions
    for session in sessions:
        state = fold((await igtimi.session_logs.list(session.id)).entries)
        assert state.problems == ()
        assert (state.name, state.start) == (session.name or "", session.start_time)


async def test_measured_data(igtimi: Igtimi) -> None:
    mine = [one.serial_number for one in await igtimi.devices.list() if one.permissions.read]
    stretches = await igtimi.resources.list(permission="read", serial_numbers=mine)
    stretch = next(one for one in stretches if {1, 9} <= set(one.data_types) and one.end_time)
    serial, start, end = stretch.device_serial_number, stretch.start_time, stretch.end_time
    assert start
    assert end
    raw = await igtimi.data.list(
        start_time=start, end_time=end, serial_numbers=[serial], types={1: 0, 9: 0}
    )
    track, speed = raw.find(serial, 1), raw.find(serial, 9)
    assert track
    assert speed
    assert track.times == sorted(track.times)
    assert all(-180 <= x <= 180 for x in track.axes[1])
    assert all(-90 <= y <= 90 for y in track.axes[2])
    thin = await igtimi.data.list(
        start_time=start, end_time=end, serial_numbers=[serial], types={1: 0.0001}
    )
    simple = thin.find(serial, 1)
    assert simple
    assert 2 <= len(simple) < len(track)
    assert set(simple.times) <= set(track.times)
    newest = await igtimi.data.latest(9, [serial])
    assert [one.serial_number for one in newest] == [serial]
    assert isinstance(newest[0].c1, float)
    kinds = {one.id for one in await igtimi.data_types.list()}
    assert {1, 9} <= kinds
    many = [serial, *(f"ZZ-ZZ-{number:04}" for number in range(120))]
    posted = await igtimi.data.list(
        start_time=start, end_time=end, serial_numbers=many, types={9: 0}
    )
    assert posted.find(serial, 9) == speed

    await igtimi.resources.save_blob(stretch.id, BLOB)
    assert (await igtimi.resources.get_blob(stretch.id)).decode() == BLOB
    assert (await igtimi.resources.list(permission="modify"))[0].permissions.modify


async def test_files_that_are_handed_in(igtimi: Igtimi, tmp_path: Path) -> None:
    [device, *_] = [one for one in await igtimi.devices.list() if one.permissions.modify]
    [stretch, *_] = await igtimi.resources.list(
        permission="modify", serial_numbers=[device.serial_number]
    )
    assert stretch.start_time
    path = tmp_path / "photo ø.jpg"
    path.write_bytes(bytes(range(256)))
    stored = await igtimi.data.upload_file(
        path, start_time=stretch.start_time, end_time=stretch.start_time, resource_id=stretch.id
    )
    assert (stored.resource_id, stored.md5) == (stretch.id, "e2c865db4162bed963bfaa9ef6ac18f0")
    path = tmp_path / "0000032A.IPB"
    path.write_bytes(b"\x00not a log")
    handed = await igtimi.data.upload_import(path)
    states = await igtimi.data.list_imports(file_id=handed.file_id)
    everything = (
        *(*states.error_files, *states.pending_files),
        *(*states.processing_files, *states.completed_files),
    )
    assert [one.md5 for one in everything] == [handed.md5]


async def test_devices(igtimi: Igtimi) -> None:
    mine = await igtimi.devices.list(blob_content=True, device_info=True)
    device = next(one for one in mine if one.permissions.modify)
    serial = device.serial_number
    await igtimi.devices.update(serial, "Renamed ø")
    [renamed] = await igtimi.devices.list(serial_numbers=[serial])
    assert renamed.name == "Renamed ø"
    await igtimi.devices.save_blob(serial, BLOB)
    assert (await igtimi.devices.get_blob(serial)).decode() == BLOB
    assert (await igtimi.devices.info(serial)).target
    made = await igtimi.devices.create("CA-CJ", uid="u-1", register=False)
    again = await igtimi.devices.create("CA-CJ", uid="u-1")
    assert again.serial_number == made.serial_number
    assert made.service_tag
    owned = await igtimi.devices.register(made.serial_number, made.service_tag)
    assert owned.owner_id == (await igtimi.account.show()).id
    with pytest.raises(PermissionDenied):
        await igtimi.devices.register(made.serial_number, "wrong")
    await igtimi.devices.unregister(made.serial_number)
    [left] = await igtimi.devices.list(serial_numbers=[made.serial_number])
    assert not left.permissions.read


async def test_groups_and_windows(igtimi: Igtimi) -> None:
    made = await igtimi.groups.create("Coaches")
    assert made.name == "Coaches"
    await igtimi.group_members.add(made.id, user_id=3)
    await igtimi.groups.grant_modify(made.id, user_id=3)
    members = await igtimi.group_members.list(made.id)
    third = next(one.user for one in members if one.user and one.user.id == 3)
    assert third.permissions.modify
    await igtimi.groups.revoke_modify(made.id, user_id=3)
    other = await igtimi.groups.create("Guests")
    await igtimi.group_members.add(made.id, member_group_id=other.id)
    await igtimi.groups.make_public(made.id)
    members = await igtimi.group_members.list(made.id)
    assert any(one.public for one in members)
    assert other.id in [one.group.id for one in members if one.group]
    await igtimi.groups.make_private(made.id)
    await igtimi.group_members.remove(made.id, user_id=3)
    await igtimi.groups.save_blob(made.id, BLOB)
    assert (await igtimi.groups.get_blob(made.id)).decode() == BLOB
    [listed] = await igtimi.groups.list(group_id=made.id, blob_content=True)
    assert (listed.blob, listed.blob_content) == (True, BLOB)

    device = next(one for one in await igtimi.devices.list() if one.permissions.modify)
    start = datetime(2026, 1, 14, tzinfo=UTC)
    await igtimi.data_access_windows.create(
        device.serial_number,
        start_time=start,
        end_time=start + timedelta(days=1),
        read=True,
        modify=False,
        group_id=made.id,
    )
    windows = await igtimi.data_access_windows.list(
        type="read", serial_numbers=[device.serial_number]
    )
    assert made.id in [one.recipient.group.id for one in windows if one.recipient.group]
    await igtimi.groups.delete(made.id)
    with pytest.raises(PermissionDenied):
        await igtimi.groups.get_blob(made.id)


async def test_device_groups(igtimi: Igtimi, server: EmbeddedServer) -> None:
    expiry = datetime(2040, 1, 1, tzinfo=UTC)
    group = await igtimi.devicegroups.create(
        "CA-CJ", create_devices=True, create_tokens=True, expiry=expiry
    )
    assert (group.expiry, group.permissions.create_devices) == (expiry, True)
    assert group.token
    tokens = await igtimi.devicegroup_tokens.list()
    assert group.token in [one.token for one in tokens]
    assert group.id in [one.id for one in await igtimi.devicegroups.list(show_subgroups=True)]
    async with connect(
        server, application_access_token="", devicegroup_token=group.token
    ) as holder:
        device = await holder.devices.create("CA-CJ", uid="u-2")
        assert device.serial_number.startswith("CA-CJ")
        [own] = await holder.devicegroups.list(devicegroup_tokens=[group.token])
        assert own.id == group.id


async def test_people_and_servers(igtimi: Igtimi) -> None:
    me = await igtimi.account.show()
    people = await igtimi.users.list()
    assert me.id in [one.id for one in people]
    assert (await igtimi.users.show(me.id)).email == me.email
    await igtimi.users.save_blob(me.id, BLOB)
    assert (await igtimi.users.get_blob(me.id)).decode() == BLOB
    with pytest.raises(PermissionDenied):
        await igtimi.users.show(9999)
    servers = await igtimi.server_listers.web_sockets()
    assert servers
    assert all(urlsplit(address).scheme in ("ws", "wss") for address in servers)


async def test_a_token_that_is_not_known(server: EmbeddedServer) -> None:
    async with connect(server, access_token="stale") as stale:
        with pytest.raises(AuthenticationFailed):
            await stale.sessions.list()
        assert await stale.server_listers.web_sockets()


async def test_logging_in(server: EmbeddedServer) -> None:
    async with connect(server, access_token="") as fresh:
        with pytest.raises(AuthenticationFailed):
            await fresh.account.show()

        async def browser(address: str) -> None:
            parts = urlsplit(address)
            answer = server.http("GET", f"{parts.path}?{parts.query}")
            assert answer.status == 302
            back = urlsplit(answer.headers["location"])
            reader, writer = await asyncio.open_connection(back.hostname, back.port)
            writer.write(f"GET {back.path}?{back.query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert b"200 OK" in await reader.read()
            writer.close()

        visits: list[asyncio.Task[None]] = []
        token = await log_in(
            fresh,
            show=lambda address: visits.append(asyncio.ensure_future(browser(address))),
            redirect_uri="http://127.0.0.1/callback",
        )
        await asyncio.gather(*visits)
        assert token.access_token
        assert (await fresh.account.show()).id

        granted = await fresh.oauth.authorize("code", fresh.client_id, "http://127.0.0.1/callback")
        assert granted.code
        exchanged = await fresh.oauth.token(
            "authorization_code", code=granted.code, redirect_uri="http://127.0.0.1/callback"
        )
        assert exchanged.access_token != token.access_token
        with pytest.raises(AuthenticationFailed) as caught:
            await fresh.oauth.token(
                "authorization_code", code=granted.code, redirect_uri="http://127.0.0.1/callback"
            )
        assert caught.value.code == "invalid_grant"
        page = await fresh.oauth.authorize("code", fresh.client_id, OUT_OF_BAND)
        assert page.code is None
        assert page.url.startswith(server.base_url)
        application = await fresh.oauth.token("client_credentials")
        fresh.access_token = application.access_token
        assert all(one.permissions.read for one in await fresh.sessions.list(limit=3))
        with pytest.raises(AuthenticationFailed):
            await fresh.oauth.token("client_credentials", client_secret="wrong")


async def test_the_same_operations_by_their_ids(igtimi: Igtimi) -> None:
    """What the command line does: arguments by name, results that can be written as JSON."""
    import msgspec

    session = (await igtimi.methods["igtimi.sessions.list"](limit=1))[0]
    log = await igtimi.methods["igtimi.session_logs.list"](session_id=session.id)
    written = json.loads(msgspec.json.encode(log))
    assert written["entries"][0]["data"]["kind"]
    with pytest.raises(ServiceError) as caught:
        await igtimi.methods["igtimi.groups.delete"](group_id=9999)
    assert caught.value.operation == "igtimi.groups.delete"


def test_together_they_call_every_operation() -> None:
    source = Path(__file__).read_text("utf-8")
    calls = [f".{name.removeprefix('igtimi.')}(" for name in Igtimi.operations()]
    assert [call for call in calls if call not in source] == []
