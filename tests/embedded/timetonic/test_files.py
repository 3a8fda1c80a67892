"""Files by URL and both uploads, against reference TimeTonic, 5.6 and 7."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.embedded.timetonic.caller import LIVE, Caller, Table, column, sample, shape
from tests.harness import Answer

ROW = 19_975_020
CONTENT = bytes(range(256)) * 40


def get(caller: Caller, url: str, *, signed: bool = True, **headers: str) -> Answer:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if signed:
        mark = "&" if parts.query else "?"
        path += f"{mark}o_u={caller.user}&u_c={caller.user}&sesskey={caller.sesskey}"
    return caller.server.http("GET", path, headers=headers)


def cell_form(work: Table) -> dict[str, object]:
    return {"rowId": ROW, "fieldId": work.field("Pictures")}


def files_of(caller: Caller, work: Table, **form: object) -> list[dict[str, Any]]:
    answer = caller.ok("getTableValues", catId=work.id, filterRowIds=str(ROW), **form)
    return column(answer["tableValues"], "Pictures")[ROW] or []


def test_an_uploaded_file_is_answered_as_the_saved_one(caller: Caller, work: Table) -> None:
    saved = sample("uploadFile.json")
    answer = caller.upload("fileUpload", "qqfile", "jean é.jpg", CONTENT, **cell_form(work))
    assert set(saved) <= set(answer)
    assert {name: type(answer[name]) for name in saved} == {
        name: type(value) for name, value in saved.items()
    }
    assert (answer["row_id"], answer["filesize"]) == (str(ROW), str(len(CONTENT)))
    assert (answer["type"], answer["ext"]) == ("media", "jpg")
    prefix = f"{caller.server.base_url}/timetonic/live/dbi/in/full/{answer['uuid']}/"
    assert answer["url"] == prefix + "jean%20%C3%A9.jpg"


def test_an_uploaded_file_stands_in_its_cell_and_comes_back(caller: Caller, work: Table) -> None:
    caller.upload("fileUpload", "qqfile", "jean é.jpg", CONTENT, **cell_form(work))
    (stored,) = files_of(caller, work)
    assert stored["originName"] == "jean é.jpg"
    for name in ("url", "gallery", "preview"):
        answer = get(caller, stored[name])
        assert (answer.status, answer.body) == (200, CONTENT)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
    with_dev = stored["url"].replace("/live/", "/dev/")
    assert get(caller, with_dev).body == CONTENT


def test_a_file_needs_a_session_of_a_member(caller: Caller, work: Table) -> None:
    caller.upload("fileUpload", "qqfile", "a.txt", b"text", **cell_form(work))
    (stored,) = files_of(caller, work)
    refused = get(caller, stored["url"], signed=False).json()
    assert refused["status"] == "nok"
    one_book = caller.log_in(carnet_code="notebook")
    assert get(one_book, stored["url"]).json()["status"] == "nok"
    (open_to_all,) = files_of(caller, work, skipAuthorizationForFiles="true")
    assert get(caller, open_to_all["url"], signed=False).body == b"text"
    assert get(caller, open_to_all["url"] + "x", signed=False).json()["status"] == "nok"


def test_covers_need_no_session(caller: Caller) -> None:
    cover = caller.book("seabright-fleet")["ownerPrefs"]["oCoverImg"]
    assert cover.startswith("/dev/dbi/in/tb/FU-")
    for path in (cover, cover.replace("/dev/", "/live/"), cover.replace("/tb/", "/full/")):
        answer = get(caller, f"/timetonic{path}", signed=False)
        assert answer.body.startswith(b"\x89PNG")
        assert answer.headers["content-type"] == "image/png"


def test_parts_of_a_file_can_be_asked_for(caller: Caller, work: Table) -> None:
    caller.upload("fileUpload", "qqfile", "a.mp4", CONTENT, **cell_form(work))
    url = files_of(caller, work)[0]["url"]
    for asked, expected in [
        ("bytes=10-19", CONTENT[10:20]),
        ("bytes=10000-", CONTENT[10000:]),
        ("bytes=-5", CONTENT[-5:]),
        ("bytes=10230-99999", CONTENT[10230:]),
    ]:
        answer = get(caller, url, Range=asked)
        assert (answer.status, answer.body) == (206, expected)
        assert answer.headers["content-range"].endswith(f"/{len(CONTENT)}")
    assert get(caller, url, Range="bytes=10240-").status == 416
    assert get(caller, url, Range="pages=1-2").body == CONTENT


@pytest.mark.parametrize(
    "path",
    [
        "/timetonic/live/dbi/in/full/nothing/x.png",
        "/timetonic/live/dbi/in/huge/nothing/x.png",
        "/timetonic/live/dbi/in/full/..%2F..%2Fetc/passwd",
    ],
)
def test_a_file_that_is_not_there_is_refused_in_the_newer_form(caller: Caller, path: str) -> None:
    answer = get(caller, path).json()
    assert answer["status"] == "nok"
    assert {"errorCode", "errorMsg"} <= set(answer)


def test_a_page_cannot_be_shown_in_the_service_s_name(caller: Caller, work: Table) -> None:
    caller.upload("fileUpload", "qqfile", "x.html", b"<script>", **cell_form(work))
    answer = get(caller, files_of(caller, work)[0]["url"])
    assert answer.headers["content-disposition"].startswith("attachment")


def test_names_are_cut_to_what_they_name(caller: Caller, work: Table) -> None:
    for sent, kept in [
        ("..\\..\\windows\\evil.exe", "evil.exe"),
        ("/etc/passwd", "passwd"),
        ("a\tb.txt", "ab.txt"),
        ("...", "file"),
    ]:
        answer = caller.upload("fileUpload", "qqfile", sent, b"x", **cell_form(work))
        assert answer["originName"] == kept


def test_a_file_reaches_a_message(caller: Caller) -> None:
    where = {"b_c": "seabright-fleet", "b_o": caller.user}
    sent = caller.ok("sendMsg", msg="with pictures", nbMedias=1, nbDocs=1, **where)
    smid = sent["createMessageId"]
    caller.upload("fileUpload", "qqfile", "a.png", b"png", msg_id=smid, **where)
    caller.upload("fileUpload", "qqfile", "a.pdf", b"pdf", msg_id=smid, **where)
    message = caller.ok("getBookMessages", nbMax=1, **where)["bookMessages"][0]
    assert (message["nbMedias"], message["nbDocs"]) == (1, 1)
    assert message["medias"][0]["originName"] == "a.png"
    assert set(message["docs"][0]) == {
        "id",
        "ext",
        "originName",
        "internName",
        "uuid",
        "size",
        "type",
        "del",
    }
    assert "emailCid" in message["medias"][0]


def test_the_same_uuid_is_kept_once(caller: Caller, work: Table) -> None:
    form = cell_form(work) | {"uuid": "45745c60-7b1a-11e8-9c9c-2d42b21b1a3e"}
    first = caller.upload("fileUpload", "qqfile", "a.txt", b"a", **form)
    again = caller.upload("fileUpload", "qqfile", "a.txt", b"a", **form)
    assert first["id"] == again["id"]
    assert len(files_of(caller, work)) == 1


def test_uploads_that_cannot_be_kept_are_refused(caller: Caller, work: Table) -> None:
    form = cell_form(work)
    assert caller.nok("fileUpload", **form)["errorCode"] == "missing_parameter"
    attempts: list[tuple[str, str, bytes, dict[str, object]]] = [
        ("qqfile", "a.txt", b"", {}),
        ("other", "a.txt", b"x", {}),
        ("qqfile", "a.txt", b"x", {"fieldId": work.field("Notes")}),
        ("qqfile", "a.txt", b"x", {"rowId": 5}),
        ("qqfile", "a.txt", b"x", {"uuid": "../x"}),
    ]
    for part, name, content, extra in attempts:
        answer = caller.upload("fileUpload", part, name, content, **(form | extra))
        assert answer["status"] == "nok"
    assert files_of(caller, work) == []
    berths = {"b_c": "harbour-office", "b_o": "oluwaseun"}
    assert caller.upload("fileUpload", "qqfile", "a.txt", b"x", **berths)["status"] == "nok"


def chunk_form(number: int, size: int, content: bytes, **form: object) -> dict[str, object]:
    total = max(1, len(content) // size)
    described: dict[str, object] = {
        "resumableChunkNumber": number,
        "resumableTotalChunks": total,
        "resumableChunkSize": size,
        "resumableTotalSize": len(content),
        "resumableIdentifier": "one-file",
        "resumableFilename": "long é.bin",
    }
    return described | form


def piece(number: int, size: int, content: bytes) -> bytes:
    total = max(1, len(content) // size)
    return (
        content[(number - 1) * size :]
        if number == total
        else content[(number - 1) * size : number * size]
    )


def test_an_upload_goes_on_after_a_break(caller: Caller, work: Table) -> None:
    content = CONTENT + b"tail"
    where = cell_form(work)

    def send(number: int) -> dict[str, Any]:
        return caller.upload(
            "resumableUpload",
            "file",
            "blob",
            piece(number, 1000, content),
            **chunk_form(number, 1000, content, **where),
        )

    def ask(number: int) -> int:
        form = chunk_form(number, 1000, content, **where)
        named = {"req": "resumableUpload", "o_u": caller.user, "sesskey": caller.sesskey}
        return caller.server.http("POST", LIVE, form={**named, **form}).status

    assert send(3)["received"] == [3]
    assert send(1)["received"] == [1, 3]
    assert (ask(1), ask(2), ask(3)) == (200, 204, 200)
    for number in (2, *range(4, 10)):
        assert send(number)["complete"] is False
    assert files_of(caller, work) == []
    done = send(10)
    assert done["complete"] is True
    assert done["originName"] == "long é.bin"
    assert done["filesize"] == str(len(content))
    (stored,) = files_of(caller, work)
    assert get(caller, stored["url"]).body == content
    assert ask(1) == 204


def test_chunks_that_contradict_themselves_are_refused(caller: Caller, work: Table) -> None:
    where = cell_form(work)
    for extra in (
        {"resumableChunkNumber": 0},
        {"resumableChunkNumber": 99},
        {"resumableChunkSize": 0},
        {"resumableTotalSize": 10**12},
        {"resumableTotalSize": 1},
        {"resumableTotalChunks": 10**6},
        {"resumableIdentifier": ""},
    ):
        form = chunk_form(2, 1000, CONTENT, **where) | extra
        assert caller.upload("resumableUpload", "file", "b", b"x" * 1000, **form)["status"] == "nok"
    form = chunk_form(2, 1000, CONTENT, **where)
    short = caller.upload("resumableUpload", "file", "blob", b"x" * 999, **form)
    assert "999" in short["errorMsg"]


def test_the_sample_has_files_in_messages_cells_and_covers(caller: Caller, work: Table) -> None:
    page = caller.ok("getTableValues", catId=work.id, maxRows=30)["tableValues"]
    shown = [files for files in column(page, "Pictures").values() if files]
    assert len(shown) == 8
    names = [file["name"] for file in shown[0]]
    assert names == ["defect-1.png", "checklist é.txt"]
    assert shape(shown[0][0])["filesize"] == "str"
