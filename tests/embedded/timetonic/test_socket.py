"""The websocket, against reference TimeTonic, 8; numbers from the one table of frames."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.embedded.timetonic.caller import Caller, Table
from tui.embedded.timetonic.frames import FrameType

FLEET = {"b_c": "seabright-fleet", "b_o": "demo"}


class Socket:
    """A client that speaks frames."""

    def __init__(self, caller: Caller, connection: ClientConnection) -> None:
        self.caller = caller
        self.connection = connection

    def send(self, kind: int, **frame: object) -> dict[str, Any]:
        """A frame with the session, and the next frame that comes."""
        named = {"o_u": self.caller.user, "u_c": self.caller.user, "sesskey": self.caller.sesskey}
        self.connection.send(json.dumps({"type": int(kind), **named, **frame}))
        return self.receive()

    def receive(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.connection.recv(timeout=30))
        return frame

    def quiet(self) -> bool:
        """True when nothing was waiting before the answer to a ping."""
        return bool(self.send(FrameType.PING)["type"] == FrameType.ACK_PING)


def address(caller: Caller) -> str:
    return caller.server.url("/timetonic/socket").replace("http:", "ws:")


@pytest.fixture
def socket(caller: Caller) -> Iterator[Socket]:
    with connect(address(caller)) as connection:
        made = Socket(caller, connection)
        assert made.send(FrameType.ATTACH)["status"] == "ok"
        yield made


@pytest.fixture
def other(caller: Caller) -> Iterator[Socket]:
    with connect(address(caller)) as connection:
        made = Socket(caller.log_in(), connection)
        assert made.send(FrameType.ATTACH)["status"] == "ok"
        yield made


def test_the_three_numbers_that_a_public_client_shows() -> None:
    assert (FrameType.SEND_MESSAGE, FrameType.ATTACH, FrameType.UPDATE_VALUE) == (1, 4, 13)
    assert len({int(kind) for kind in FrameType}) == len(FrameType)


def test_attaching_is_acknowledged(caller: Caller) -> None:
    with connect(address(caller)) as connection:
        answer = Socket(caller, connection).send(4)
    assert answer["type"] == FrameType.ACK_ATTACH
    assert (answer["status"], answer["u_c"]) == ("ok", caller.user)


def test_a_dead_session_is_refused_and_the_socket_closed(caller: Caller) -> None:
    with connect(address(caller)) as connection:
        refused = Socket(caller, connection).send(FrameType.ATTACH, sesskey="dead")
        assert refused["status"] == "nok"
        assert "session expired" in refused["errorMsg"]
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=30)


def test_a_message_is_acknowledged_first_and_then_comes_to_all(
    socket: Socket, other: Socket
) -> None:
    acknowledged = socket.send(1, msg="hello <b>[x]</b>", smid=0, uuid="socket-1", **FLEET)
    assert acknowledged["type"] == FrameType.ACK_MESSAGE
    assert (acknowledged["status"], acknowledged["uuid"]) == ("ok", "socket-1")
    echo = socket.receive()
    assert echo["type"] == FrameType.MESSAGE
    assert (echo["uuid"], echo["smid"]) == ("socket-1", acknowledged["smid"])
    news = [other.receive(), other.receive()]
    assert [frame["type"] for frame in news] == [FrameType.BOOK_UPDATES, FrameType.MESSAGE]
    assert news[1]["msg"] == "hello <b>[x]</b>"
    assert socket.quiet()
    read = socket.caller.ok("getBookMessages", nbMax=1, **FLEET)["bookMessages"][0]
    assert read["smid"] == acknowledged["smid"]


def test_a_message_is_edited_and_deleted_by_its_id(socket: Socket) -> None:
    smid = socket.send(1, msg="old", **FLEET)["smid"]
    socket.receive()
    assert socket.send(1, msg="new", smid=smid, **FLEET)["smid"] == smid
    assert socket.receive()["msg"] == "new"
    assert socket.send(1, smid=smid, **FLEET, **{"del": True})["status"] == "ok"
    gone = socket.receive()
    assert (gone["smid"], gone["del"]) == (smid, True)
    left = socket.caller.ok("getBookMessages", **FLEET)["bookMessages"]
    assert smid not in [message["smid"] for message in left]


def test_a_write_over_http_announces_the_book(socket: Socket) -> None:
    sent = socket.caller.ok("sendMsg", msg="over http", **FLEET)
    news = socket.receive()
    assert news["type"] == FrameType.BOOK_UPDATES
    assert (news["b_c"], news["b_o"]) == ("seabright-fleet", "demo")
    assert news["sstamp"] == sent["sstamp"]
    assert socket.receive()["type"] == FrameType.MESSAGE


def test_a_value_is_written_and_announced_to_others(socket: Socket, other: Socket) -> None:
    table = socket.caller.table("seabright-fleet", "Boats")
    row = socket.caller.ok("listTableRowsById", catId=table.id)["tableRows"][0]["id"]
    answer = socket.send(13, rowId=row, fieldId=table.field("Built"), value=2001, uuid="v1")
    assert (answer["type"], answer["status"]) == (FrameType.ACK_VALUE, "ok")
    assert (answer["rowId"], answer["uuid"]) == (row, "v1")
    assert other.receive()["type"] == FrameType.BOOK_UPDATES
    assert socket.quiet()
    assert subset(socket, table, row, "Built") == "2001"
    links = socket.caller.table("seabright-fleet", "Fleet maintenance")
    linked = {"rowId": 19_975_015, "fieldId": links.field("Boat"), "value": [{"row_id": row}]}
    assert socket.send(13, **linked)["status"] == "ok"
    assert subset(socket, links, 19_975_015, "Boat") == "Petrel"


def subset(socket: Socket, table: Table, row: int, name: str) -> str:
    answer = socket.caller.ok(
        "getTableValueSubset", catId=table.id, rowIds=str(row), fieldIds=str(table.field(name))
    )
    text: str = answer["tableValues"][0][0]
    return text


def test_a_refusal_comes_as_the_acknowledgement(socket: Socket) -> None:
    refused = socket.send(1, msg="x", b_c="harbour-office", b_o="oluwaseun", uuid="r1")
    assert (refused["type"], refused["status"]) == (FrameType.ACK_MESSAGE, "nok")
    assert (refused["errorCode"], refused["uuid"]) == ("forbidden", "r1")
    refused = socket.send(13, rowId=1, fieldId=2, value="x")
    assert (refused["type"], refused["status"]) == (FrameType.ACK_VALUE, "nok")
    assert socket.quiet()


def test_a_ping_is_answered_with_the_stamp(socket: Socket) -> None:
    answer = socket.send(FrameType.PING)
    assert answer["type"] == FrameType.ACK_PING
    assert len(str(answer["sstamp"])) == 14


def test_system_messages_reach_the_users_other_sockets(socket: Socket, other: Socket) -> None:
    sent = {"command": "refresh", "list": [1]}
    answer = socket.send(FrameType.SEND_SYSTEM, msg=sent)
    assert (answer["type"], answer["status"]) == (FrameType.ACK_SYSTEM, "ok")
    frame = other.receive()
    assert (frame["type"], frame["msg"]) == (FrameType.SYSTEM, sent)
    assert socket.quiet()


def test_books_of_others_are_not_told(caller: Caller, socket: Socket) -> None:
    with caller.server.context.database.write() as database:
        database.execute(
            "INSERT INTO timetonic_session (sesskey, user, app_name, created)"
            " VALUES ('of-lukasz', 'lukasz', 'api', 0)"
        )
    with connect(address(caller)) as connection:
        stranger = Socket(Caller(caller.server, "of-lukasz", "lukasz"), connection)
        assert stranger.send(4)["u_c"] == "lukasz"
        caller.ok("sendMsg", msg="mine alone", b_c="notebook")
        caller.ok("sendMsg", msg="for the crew", **FLEET)
        told = [stranger.receive(), stranger.receive()]
    assert [frame["b_c"] for frame in told] == ["seabright-fleet", "seabright-fleet"]
    assert [socket.receive()["b_c"] for _ in range(4)].count("notebook") == 2


def test_nothing_is_done_before_attaching(caller: Caller) -> None:
    with connect(address(caller)) as connection:
        bare = Socket(caller, connection)
        assert bare.send(1, msg="x", **FLEET)["errorCode"] == "not_attached"
        assert bare.quiet()
        caller.ok("sendMsg", msg="news", **FLEET)
        assert bare.quiet()


def test_a_session_that_is_dropped_ends_its_socket(socket: Socket, other: Socket) -> None:
    socket.caller.ok("dropAllSessions")
    refused = other.send(1, msg="x", **FLEET)
    assert "session expired" in refused["errorMsg"]
    with pytest.raises(ConnectionClosed):
        other.receive()
    assert socket.quiet()


def test_a_readonly_session_does_not_write_by_socket(caller: Caller) -> None:
    with connect(address(caller)) as connection:
        reader = Socket(caller.log_in(readonly=True), connection)
        assert reader.send(4)["status"] == "ok"
        assert reader.send(1, msg="x", **FLEET)["errorCode"] == "forbidden"
        assert reader.send(13, rowId=1, fieldId=1, value=1)["errorCode"] == "forbidden"


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "3",
        "[]",
        "null",
        '{"type": "four"}',
        '{"type": 99}',
        '{"type": 2}',
        '{"type": true}',
        '{"type": 1, "msg": null}',
        '{"type": 13, "rowId": [], "fieldId": {}, "value": null}',
        '{"type": 1, "smid": 1e9, "del": true}',
        "[" * 4000,
        b"\x00\xff",
    ],
)
def test_nonsense_is_refused_and_the_socket_lives(socket: Socket, frame: str | bytes) -> None:
    socket.connection.send(frame)
    assert socket.receive()["status"] == "nok"
    assert socket.quiet()


def test_a_client_that_just_goes_leaves_nothing_behind(caller: Caller) -> None:
    with connect(address(caller)) as connection:
        Socket(caller, connection).send(4)
    caller.ok("sendMsg", msg="to nobody", **FLEET)
    with connect(address(caller)) as connection:
        assert Socket(caller, connection).send(4)["status"] == "ok"
