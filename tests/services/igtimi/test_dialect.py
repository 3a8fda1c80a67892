"""How Igtimi's answers say no, where its tokens go, and how long queries and periods are sent."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.services.igtimi.samples import END, START, client, recorded
from tests.services.strategies import json_objects
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    Refused,
    ServiceError,
)
from tui.services.igtimi.dialect import LONGEST_QUERY
from tui.services.transport import NotSent

USER = {"user": {"id": 2, "first_name": "Michael", "surname": "Scott", "email": "m@s.com"}}
SECRETS = {
    "access_token": "s3cret-user",
    "application_access_token": "s3cret-app",
    "client_secret": "s3cret-client",
}


def json_answer(status: int, body: Any) -> httpx.Response:
    return httpx.Response(status, json=body)


async def test_401_means_no_permission_while_the_account_is_still_good() -> None:
    refusal = json_answer(401, {"error": "The user does not have modify permission"})
    igtimi, capture = client(refusal, USER)
    with pytest.raises(PermissionDenied, match="does not have modify permission") as caught:
        await igtimi.sessions.delete(1)
    assert [request.url.path for request in capture.requests] == [
        "/api/v1/sessions/1",
        "/api/v1/account",
    ]
    assert caught.value.operation == "igtimi.sessions.delete"
    assert caught.value.status == 401


async def test_401_means_log_in_again_when_the_account_says_so_too() -> None:
    igtimi, capture = client(httpx.Response(401))
    with pytest.raises(AuthenticationFailed, match="not accepted"):
        await igtimi.sessions.get(1)
    assert len(capture.requests) == 2
    with pytest.raises(AuthenticationFailed):
        await igtimi.account.show()
    assert len(capture.requests) == 3, "the account's own 401 needs no second look"


async def test_401_while_the_account_page_is_out_of_order_is_not_called_a_permission() -> None:
    igtimi, capture = client(httpx.Response(401), httpx.Response(503))
    with pytest.raises(AuthenticationFailed, match="out of order"):
        await igtimi.sessions.create()
    assert len(capture.requests) == 2


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (json_answer(403, {"error": "no"}), PermissionDenied, "no"),
        (httpx.Response(404), NotFound, "HTTP 404"),
        (json_answer(422, {"error": "bad", "reason": "too long"}), Refused, "bad: too long"),
        (httpx.Response(500, text="<html>maintenance</html>"), OutcomeUnknown, "HTTP 500"),
        (
            httpx.Response(302, headers={"location": "https://else.example/"}),
            OutcomeUnknown,
            "HTTP 302",
        ),
        (json_answer(200, {"error": "x", "reason": "y"}), Refused, "x: y"),
        (httpx.Response(200, text="<html>login</html>"), OutcomeUnknown, "web page"),
        (httpx.Response(200, text='{"user": {'), OutcomeUnknown, "cut off"),
        (json_answer(200, {"sessions": []}), OutcomeUnknown, "no session"),
        (json_answer(200, {"session": {"id": "x"}}), OutcomeUnknown, "session.id"),
    ],
)
async def test_refusals(answer: httpx.Response, kind: type[ServiceError], words: str) -> None:
    igtimi, _ = client(answer)
    with pytest.raises(kind, match=words) as caught:
        await igtimi.sessions.create()
    assert caught.value.operation == "igtimi.sessions.create"


async def test_a_call_that_is_only_said_to_be_done_must_say_so() -> None:
    igtimi, _ = client({"success": False})
    with pytest.raises(Refused):
        await igtimi.devices.update("AA-AA-AAAA", "x")


@pytest.mark.parametrize(
    "answer", [{}, {"message": "please wait"}, {"success": None}, {"success": "perhaps"}]
)
async def test_what_says_neither_yes_nor_no_leaves_it_unknown(answer: Any) -> None:
    igtimi, capture = client(answer)
    with pytest.raises(OutcomeUnknown, match=r"answer\.success"):
        await igtimi.devices.update("AA-AA-AAAA", "x")
    assert len(capture.requests) == 1


async def test_nothing_more_to_say_is_done() -> None:
    igtimi, _ = client(httpx.Response(204))
    assert (await igtimi.devices.update("AA-AA-AAAA", "x")).success
    igtimi, _ = client(httpx.Response(200))
    with pytest.raises(OutcomeUnknown):
        await igtimi.devices.update("AA-AA-AAAA", "x")


@pytest.mark.parametrize("status", [200, 422])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            {"errors": {"name": ["can't be blank", "is short"]}},
            "name can't be blank: name is short",
        ),
        ({"error": {"code": 7, "message": "is taken"}}, "is taken"),
        ({"errors": ["not yours", "not yours"]}, "not yours"),
        ({"error": True, "message": "not now"}, "not now"),
        ({"errors": {"a": {"b": {"c": {"d": "deep"}}}}}, ""),
    ],
)
async def test_a_no_in_any_form_is_one_with_its_words(
    body: dict[str, Any], words: str, status: int
) -> None:
    igtimi, _ = client(json_answer(status, body))
    with pytest.raises(Refused, match=words or "errors|refuses"):
        await igtimi.devices.update("AA-AA-AAAA", "x")


async def test_entries_that_are_not_in_the_right_format_are_refused_with_the_reason() -> None:
    from tui.services.igtimi.session_log import SessionName

    igtimi, _ = client(httpx.Response(403, text="element 'foo' is not expected"))
    with pytest.raises(Refused, match="element 'foo' is not expected"):
        await igtimi.session_logs.create(1, [SessionName(name="x")])


async def test_no_token_is_said_before_anything_is_sent() -> None:
    igtimi, capture = client({}, access_token="")
    with pytest.raises(AuthenticationFailed, match="no access token"):
        await igtimi.account.show()
    with pytest.raises(AuthenticationFailed, match="application access token"):
        await igtimi.devices.create("AA")
    assert capture.requests == []


async def test_the_server_list_needs_no_token() -> None:
    for line in (  # The list as it changed over the years.
        {"web_socket_servers": ["wss://www.igtimi.com/live_api", "ws://live.igtimi.com:9081"]},
        {"web_socket_servers": ["ws://live.igtimi.com:8081"]},
    ):
        igtimi, capture = client(line, access_token="")
        assert await igtimi.server_listers.web_sockets() == line["web_socket_servers"]
        assert "authorization" not in capture.request.headers


async def test_real_fields_that_the_document_lacks() -> None:
    igtimi, _ = client(recorded("rest_session_real_fields.json"))
    session = await igtimi.sessions.get(1)
    assert session.name == "Akaroa Snippets"
    assert session.start_time == datetime(2015, 10, 3, 0, 30, 4, tzinfo=UTC)
    assert session.extra == {}
    igtimi, _ = client(recorded("rest_device_real_fields.json"))
    [device] = await igtimi.devices.list()
    assert device.device_info is True
    assert device.permissions.read is False


@pytest.mark.parametrize(
    ("wire", "name"),
    [("Twilight%20series", "Twilight series"), ("100%", "100%"), ("%ff", "%ff"), (None, None)],
)
async def test_names_may_be_percent_encoded(wire: str | None, name: str | None) -> None:
    session = {"session": {"id": 1, "name": wire}}
    igtimi, _ = client(session, {"sessions": [session]})
    assert (await igtimi.sessions.get(1)).name == name
    assert [one.name for one in await igtimi.sessions.list()] == [name]


async def test_a_device_can_bring_its_information_along() -> None:
    igtimi, _ = client({"devices": [{"device": {"id": 1, "device_info": {"build": "504"}}}]})
    [device] = await igtimi.devices.list(device_info=True)
    assert not isinstance(device.device_info, bool)
    assert device.device_info
    assert device.device_info.build == "504"


async def test_a_long_query_is_posted_with_the_method_in_the_form() -> None:
    """Source: vendor guide "API communication fundamentals"."""
    serials = [f"AA-AA-{number:04}" for number in range(100)]
    igtimi, capture = client({"devices": []})
    await igtimi.devices.list(serial_numbers=serials)
    request = capture.request
    assert request.method == "POST"
    assert request.url.query == b""
    form = parse_qsl(request.content.decode())
    assert form[0] == ("_method", "GET")
    assert form[1:] == [("serial_numbers[]", serial) for serial in serials]
    await igtimi.devices.list(serial_numbers=serials[:2])
    assert capture.request.method == "GET"
    assert len(request.content) > LONGEST_QUERY


async def test_a_long_read_is_retried_though_it_is_posted() -> None:
    serials = [f"AA-AA-{number:04}" for number in range(100)]
    igtimi, capture = client(httpx.Response(503), {"devices": []})
    assert await igtimi.devices.list(serial_numbers=serials) == []
    assert [request.method for request in capture.requests] == ["POST", "POST"]


async def test_a_write_is_not_retried() -> None:
    igtimi, capture = client(httpx.Response(503))
    with pytest.raises(OutcomeUnknown):
        await igtimi.sessions.create()
    assert len(capture.requests) == 1


async def test_a_long_period_is_asked_for_week_by_week() -> None:
    """Both ends of a slice count, so that each starts a millisecond after the one before."""
    end = START + timedelta(days=15)
    first = {"A": {"9": {"t": [1], "1": [5.5]}, "1": {"t": [1], "1": [1], "2": [2]}}}
    second = {"A": {"9": {"t": [2], "1": [6]}}, "archived_resources": [7]}
    third = {"A": {"1": {"t": [3], "1": [3], "2": [4]}}, "archived_resources": [7, 8]}
    igtimi, capture = client(first, second, third)
    found = await igtimi.data.list(
        start_time=START, end_time=end, serial_numbers=["A"], types={1: 0, 9: 0}
    )
    asked = [
        tuple(int(dict(request.url.params)[name]) for name in ("start_time", "end_time"))
        for request in capture.requests
    ]
    week = 7 * 86_400_000
    begin = int(START.timestamp() * 1000)
    assert asked == [
        (begin, begin + week),
        (begin + week + 1, begin + 2 * week + 1),
        (begin + 2 * week + 2, int(end.timestamp() * 1000)),
    ]
    speed, place = found.find("A", 9), found.find("A", 1)
    assert speed
    assert place
    assert (speed.times, speed.axes) == ([1, 2], {1: [5.5, 6.0]})
    assert (place.times, place.axes) == ([1, 3], {1: [1.0, 3.0], 2: [2.0, 4.0]})
    assert found.archived_resources == [7, 8]


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("data.list", {"types": {}, "serial_numbers": ["A"]}),
        ("data.list", {"types": {1: 0}, "serial_numbers": []}),
        ("data.list", {"types": {9: 0.1}, "serial_numbers": ["A"]}),
        ("data.list", {"types": {1: -0.1}, "serial_numbers": ["A"]}),
        ("data.list", {"types": {1: 0}, "serial_numbers": ["A"], "end_time": START - END + START}),
        (
            "data.list",
            {"types": {1: 0}, "serial_numbers": ["A"], "start_time": START.replace(tzinfo=None)},
        ),
        ("resources.list", {"permission": "read"}),
        ("sessions.list", {"limit": 0}),
        ("session_logs.create", {"session_id": 1, "entries": []}),
        ("devices.create", {"prefix": "AA", "date": "A"}),
        ("oauth.token", {"grant_type": "authorization_code", "code": "x"}),
    ],
)
async def test_what_breaks_a_documented_rule_is_not_sent(
    operation: str, arguments: dict[str, Any]
) -> None:
    if operation == "data.list":
        arguments = {"start_time": START, "end_time": END, **arguments}
    igtimi, capture = client({}, application_access_token="app")
    with pytest.raises(InvalidArgument):
        await igtimi.methods[f"igtimi.{operation}"](**arguments)
    assert capture.requests == []


async def test_an_upload_needs_its_file_and_one_place_for_it(tmp_path: Any) -> None:
    igtimi, capture = client({})
    times = {"start_time": START, "end_time": END}
    path = tmp_path / "x.bin"
    with pytest.raises(InvalidArgument, match="no file"):
        await igtimi.data.upload_file(path, resource_id=1, **times)
    path.write_bytes(b"x")
    for places in ({}, {"resource_id": 1, "stream_id": 2}, {"stream_id": 2}):
        with pytest.raises(InvalidArgument):
            await igtimi.data.upload_file(path, **places, **times)
    assert capture.requests == []


async def test_a_serial_number_cannot_leave_its_place_in_the_path() -> None:
    igtimi, capture = client(b"")
    await igtimi.devices.get_blob("../users/1?x=#")
    assert capture.request.url.raw_path == b"/api/v1/devices/..%2Fusers%2F1%3Fx%3D%23/blob"


async def test_a_dry_run_sends_nothing_and_shows_no_secret() -> None:
    igtimi, capture = client({}, dry_run=True, **SECRETS)
    for call in (
        igtimi.sessions.list(),
        igtimi.devices.create("AA"),
        igtimi.oauth.token("client_credentials", client_id="app"),
        igtimi.devices.register("AA-AA-AAAA", "s3cret-tag"),
    ):
        with pytest.raises(NotSent) as caught:
            await call
        assert "s3cret" not in repr(caught.value.preview)
    empty, _ = client({}, dry_run=True, access_token="")
    with pytest.raises(NotSent):
        await empty.account.show()
    assert capture.requests == []


async def test_no_record_and_no_error_shows_a_secret() -> None:
    answer = {"devicegroup": {"id": 4, "token": "s3cret", "expiry": 1531709370}}
    igtimi, _ = client(answer, application_access_token="s3cret-app")
    group = await igtimi.devicegroups.create("AA", create_devices=True, create_tokens=True)
    assert group.token == "s3cret"
    assert "s3cret" not in repr(group)
    assert group.expiry == datetime(2018, 7, 16, 2, 49, 30, tzinfo=UTC)
    igtimi, _ = client({"devicegroup": {"id": 4, "expiry": 1531709370000}}, devicegroup_token="g")
    group = await igtimi.devicegroups.create("AA", create_devices=True, create_tokens=True)
    assert group.expiry == datetime(2018, 7, 16, 2, 49, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "answer",
    [
        [{"id": 1, "name": "POS"}],
        {"data_types": [{"id": 1, "name": "POS"}]},
        {"data_types": [{"data_type": {"type": 1, "code": "POS"}}]},
        {"1": "POS"},
        {"data_types": {"1": {"name": "POS"}}},
    ],
)
async def test_data_types_in_any_likely_shape(answer: Any) -> None:
    """The document shows no answer."""
    igtimi, _ = client(answer)
    [found] = await igtimi.data_types.list()
    assert (found.id, found.name) == (1, "POS")


KEYS = [
    *("sessions", "session", "id", "name", "start_time", "devices", "device", "permissions"),
    *("read", "device_info", "latest_data", "latest_datum", "timestamp", "c1", "serial_number"),
    *("data_access_windows", "data_access_window", "recipient", "user", "members", "expiry"),
    *("devicegroups", "devicegroup", "data_types", "web_socket_servers", "success", "error"),
]
READERS = [
    *("account.show", "sessions.list", "sessions.create", "devices.list", "data_types.list"),
    *("devicegroups.list", "server_listers.web_sockets", "users.list"),
]


@given(answer=json_objects(KEYS))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@example(answer={"sessions": None, "expiry": 10**400})
async def test_any_json_is_read_or_refused_with_a_typed_error(answer: dict[str, Any]) -> None:
    igtimi, _ = client(answer, application_access_token="app")
    for name in READERS:
        with suppress(ServiceError):
            await igtimi.methods[f"igtimi.{name}"]()
