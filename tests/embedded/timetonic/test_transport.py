"""Addresses, encodings and envelopes, against reference TimeTonic, 1 and 4."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.embedded.timetonic.caller import LIVE, Caller, multipart
from tui.embedded.timetonic.api import OPERATIONS
from tui.embedded.timetonic.envelope import from_paris, paris_text


def credentials(caller: Caller) -> dict[str, str]:
    return {"o_u": caller.user, "u_c": caller.user, "sesskey": caller.sesskey}


@pytest.mark.parametrize(
    "path",
    [
        "/timetonic/live/api.php",
        "/timetonic//live/api.php",
        "/timetonic/live/api.php/",
        "/timetonic/live/api.php/anything/else",
        "/timetonic/dev/api.php",
    ],
)
def test_every_known_address_answers(caller: Caller, path: str) -> None:
    form = {"req": "getAllBooks", **credentials(caller)}
    answer = caller.server.http("POST", path, form=form).json()
    assert answer["status"] == "ok"
    where = "dev" if "/dev/" in path else "live"
    assert answer["createdVNB"] == f"{where}-6.49q/6.49"


def test_every_known_encoding_is_read(caller: Caller) -> None:
    fields: dict[str, object] = {"req": "getAllBooks", **credentials(caller)}
    query = f"{LIVE}?{urlencode(fields)}"
    body, kind = multipart(fields, "unused", "x.txt", b"x")
    http = caller.server.http
    for answer in (
        http("GET", query),
        http("POST", query),
        http("POST", LIVE, form=fields),
        http("POST", LIVE, body=body, headers={"Content-Type": kind}),
        http("POST", f"{LIVE}?req=getAllBooks", form=fields),
    ):
        assert answer.json()["status"] == "ok"


def test_a_json_body_is_not_read(caller: Caller) -> None:
    answer = caller.server.http(
        "POST", LIVE, json_body={"req": "getAllBooks", **credentials(caller)}
    )
    assert answer.headers["content-type"].startswith("text/html")


def test_structures_come_as_json_or_in_brackets(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Fleet maintenance")
    row, field = 19_975_015, table.field("People")
    as_json = caller.ok("createOrUpdateTableRow", rowId=row, fieldValues={str(field): 7})
    assert as_json["rows"] == [{"id": row}]
    caller.ok("createOrUpdateTableRow", rowId=row, **{f"fieldValues[{field}]": 8})
    caller.ok("createOrUpdateTableRows", **{f"rows[{row}][{field}]": 9})
    values = caller.ok("getTableValues", **{"filterRowIds[row_ids][]": row}, catId=table.id)
    (cell,) = values["tableValues"]["fields"][7]["values"]
    assert cell == {"id": row, "value": 9}


def test_an_unknown_or_missing_request_gets_a_page(caller: Caller) -> None:
    for form in ({}, {"req": "getEverything"}, {"req": "<script>alert(1)</script>"}):
        answer = caller.server.http("POST", LIVE, form=form)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert "<script>" not in answer.text


def test_slashes_are_escaped_and_text_is_utf_8(caller: Caller) -> None:
    answer = caller.post(req="getAllBooks", **credentials(caller))
    assert b"\\/dev\\/dbi\\/in\\/tb\\/" in answer.body
    assert "秋のレガッタ".encode() in answer.body
    assert "live-6.49q\\/6.49" in answer.text


def test_pretty_print_indents(caller: Caller) -> None:
    form = urlencode({"req": "getUserInfo", **credentials(caller)})
    answer = caller.server.http("GET", f"{LIVE}?{form}&JSON_PRETTY_PRINT")
    assert answer.text.startswith('{\n    "status": "ok"')


def test_stamps_have_fourteen_digits_and_never_repeat(caller: Caller) -> None:
    caller.server.clock.set(caller.server.clock())
    stamps = [caller.ok("getAllBooks")["sstamp"] for _ in range(5)]
    assert all(len(str(stamp)) == 14 for stamp in stamps)
    assert stamps == sorted(set(stamps))


def test_refusals_have_the_newer_form_and_log_in_the_older(caller: Caller) -> None:
    newer = caller.nok("getBookInfo", b_c="nothing", b_o=caller.user)
    assert set(newer) == {
        "status",
        "errorCode",
        "errorMsg",
        "req",
        "createdVNB",
        "transactionId",
    }
    older = caller.post(req="createSesskey", o_u=caller.user, oauthkey="x").json()
    assert set(older) == {"status", "error", "req", "createdVNB"}


def test_refusals_do_not_sound_like_an_ended_session(caller: Caller) -> None:
    asked: list[tuple[str, dict[str, object]]] = [
        ("getBookInfo", {"b_c": "nothing"}),
        ("getTableValues", {"catId": "x"}),
        ("getTableValues", {"catId": 2}),
        ("deleteMsg", {"msg_id": 5}),
        ("computeTableOperation", {"catId": 126_185, "operation": "median"}),
    ]
    for request, form in asked:
        words = caller.nok(request, **form)["errorMsg"].lower()
        assert "sess" not in words
        assert "auth" not in words


def test_paris_time_follows_summer_and_winter() -> None:
    # Both are from saved answers: a table's sstamp and its lastModified.
    assert paris_text(1_558_958_106) == "2019-05-27 13:55:06"
    assert paris_text(1_543_665_600) == "2018-12-01 13:00:00"
    for text in ("2026-03-29 01:59:59", "2026-03-29 03:00:00", "2026-10-25 04:00:00"):
        assert paris_text(from_paris(text)) == text


HOSTILE = [
    b"req=getAllBooks&sesskey=%FF%FE",
    b"req=getAllBooks&\xff\xfe=1",
    b"req=getTableValues&catId=" + b"9" * 400,
    b"req[]=getAllBooks",
    b"req=getTableValues&catId[a][b]=1",
    b"&".join(b"a%d=1" % number for number in range(6000)),
    b"req=getAllBooks&" + b"x" + b"[a]" * 40 + b"=1",
    b"req=%00",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_form_is_refused_and_not_followed_by_a_failure(
    caller: Caller, body: bytes
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = caller.server.http("POST", LIVE, body=body, headers=kind)
    assert answer.status == 200
    if answer.headers["content-type"] == "application/json":
        assert answer.json()["status"] == "nok"


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "[" * 5000,
        "null",
        "3",
        '"text"',
        "[1]",
        '{"x": 1}',
        '{"9999999999999999999999": 1}',
        '{"1367511": NaN}',
        '{"1367511": "\\ud800"}',
        json.dumps({"1367504": {"a": 1}}),
        json.dumps({"1367511": ["a"]}),
        "\x00",
    ],
)
def test_hostile_values_are_refused(caller: Caller, sent: str) -> None:
    named = {"rowId": 19_975_015, **credentials(caller)}
    for name in ("fieldValues", "rows", "filterRowIds"):
        for request in ("createOrUpdateTableRow", "createOrUpdateTableRows", "getTableValues"):
            answer = caller.post(req=request, catId=126_186, **named, **{name: sent})
            assert answer.status == 200
            assert answer.json()["status"] in ("ok", "nok")


PARAMETERS = [
    "b_c",
    "b_o",
    "catId",
    "tabId",
    "viewId",
    "rowId",
    "rowIds",
    "fieldId",
    "fieldIds",
    "value",
    "rows",
    "fieldValues",
    "token",
    "msg_id",
    "sstamp",
    "nbMax",
    "page",
    "dateMin",
    "limit",
    "event",
    "events_ids",
    "books",
    "commentId",
    "offset",
    "maxRows",
    "filterRowIds",
    "catCode",
    "operation",
    "resumableIdentifier",
    "resumableChunkNumber",
    "resumableTotalChunks",
    "resumableChunkSize",
    "resumableTotalSize",
    "uuid",
    "oauthkey",
    "login",
]


@pytest.mark.parametrize("request_name", sorted(OPERATIONS))
def test_every_request_stands_nonsense(caller: Caller, request_name: str) -> None:
    for nonsense in ("", "-1", "0", "x", "[]", "{}", "[[]]", "9" * 30, "\u202e\x00"):
        form = dict.fromkeys(PARAMETERS, nonsense)
        answer = caller.post(req=request_name, **form, **credentials(caller))
        assert answer.status in (200, 204)
        if answer.status == 200:
            assert answer.json()["status"] in ("ok", "nok")


def test_brackets_that_are_too_deep_are_refused(caller: Caller) -> None:
    deep = {"rows" + "[1]" * 9: "x"}
    answer = caller.nok("createOrUpdateTableRows", **deep)
    assert "nested too deeply" in answer["errorMsg"]


def test_a_multipart_body_that_breaks_off_is_refused(caller: Caller) -> None:
    fields: dict[str, object] = {"req": "sendMsg", "msg": "whole", **credentials(caller)}
    body, kind = multipart(fields, "unused", "x.txt", b"x" * 1000)
    for cut in (0, 30, 200, len(body) - 1100, len(body) - 60):
        answer = caller.server.http("POST", LIVE, body=body[:cut], headers={"Content-Type": kind})
        assert "breaks off" in answer.json()["errorMsg"]
    assert caller.book("seabright-fleet")["lastMsg"]["msg"] != "whole"
    headers = {"Content-Type": kind}
    whole = caller.server.http("POST", LIVE, body=body, headers=headers).json()
    assert whole["status"] == "ok"
    answer = caller.server.http(
        "POST", LIVE, body=b"x", headers={"Content-Type": "multipart/form-data"}
    )
    assert answer.json()["status"] == "nok"
