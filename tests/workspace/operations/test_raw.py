"""The bytes of an answer, whatever is in them, and never those of a log-in."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from tests.services.capture import Capture
from tests.services.timesheets.samples import TOKEN, encoded
from tests.services.timesheets.samples import client as timesheets
from tests.services.timetonic.sample import answering, nok, ok
from tui.cli import DONE, REFUSED
from tui.cli.call import _show_raw
from tui.services.client import ServiceClient
from tui.services.errors import ProtocolViolation, ServiceError
from tui.services.timesheets import Timesheets
from tui.services.timetonic import Keys
from tui.workspace.operations.operations import Operations, RawAnswer


def operations_of(made: ServiceClient) -> Operations:
    """Operations on a client whose answers are given."""

    async def of(_service: str) -> ServiceClient:
        return made

    return Operations(cast(Any, SimpleNamespace(of=of)), cast(Any, None), Path("unused"), UTC)


async def raw(made: ServiceClient, id: str, **arguments: Any) -> RawAnswer:
    operations = operations_of(made)
    return await operations.raw(operations.find(id), arguments)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>maintenance</html>",
        b'\xef\xbb\xbf{"status": "ok", "allBooks": []}',
        b'{"status": "ok", "allBooks": {"books": 5}}',
        b"",
    ],
)
async def test_bytes_come_before_anything_is_read(content: bytes) -> None:
    service, _ = answering(httpx.Response(200, content=content))
    assert (await raw(service, "timetonic.getAllBooks")).content == content


async def test_a_refusal_keeps_its_bytes_and_its_error() -> None:
    made, _ = timesheets(httpx.Response(404, json={"status": "ERROR", "error_code": 5}))
    found = await raw(made, "timesheets.client.info", client_id=1)
    assert json.loads(found.content) == {"status": "ERROR", "error_code": 5}
    assert isinstance(found.error, ServiceError)


async def test_a_log_in_is_none_of_the_answers() -> None:
    keys = Keys(o_u="demo", oauthkey="oauth")
    service, capture = answering(
        ok(sesskey="SECRET", id="1"), ok(allBooks=[]), keys=keys, password=None
    )
    found = await raw(service, "timetonic.getAllBooks")
    assert len(capture.requests) == 2
    assert found.answers == 1
    assert b"SECRET" not in found.content
    # And where nothing but the log-in was answered there are no bytes to show.
    service, _ = answering(
        ok(sesskey="SECRET", id="1"), httpx.ConnectError("gone"), keys=keys, password=None
    )
    with pytest.raises(ServiceError):
        await raw(service, "timetonic.getAllBooks")


async def test_a_renewed_session_shows_the_last_answer() -> None:
    service, _ = answering(
        nok("session expired", code="session_expired"),
        ok(sesskey="SECRET", id="1"),
        ok(allBooks=[], sstamp=5),
        keys=Keys(o_u="demo", oauthkey="oauth", sesskey="old"),
    )
    found = await raw(service, "timetonic.getAllBooks")
    assert json.loads(found.content)["sstamp"] == 5
    assert found.answers == 2


async def test_a_file_is_its_own_bytes() -> None:
    service, _ = answering(b"\x00\xff")
    found = await raw(service, "timetonic.file", url="/dev/dbi/in/full/a/b.jpg")
    assert found.content == b"\x00\xff"


def test_unreadable_bytes_are_shown_and_a_refusal_stays_one(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    operation = operations_of(answering()[0]).find("timetonic.getAllBooks")
    options = argparse.Namespace(json_errors=False)
    unread = RawAnswer(b"<html>", 1, ProtocolViolation("a web page"), b"<html>")
    assert _show_raw(unread, operation, options) == DONE
    shown = capsysbinary.readouterr()
    assert (shown.out, b"web page" in shown.err) == (b"<html>", True)
    refused = RawAnswer(b"{}", 3, ServiceError("no"), b"{}")
    assert _show_raw(refused, operation, options) == REFUSED
    assert b"3 answers came" in capsysbinary.readouterr().err


@pytest.mark.parametrize("page", [
    b"Notice: POST /api.php?sesskey=SESSION%2FKEY&req=getAllBooks",
    b'{"status": "ok", "allBooks": [], "debug": {"sesskey": "SESSION\\/KEY"}}',
    b"\xff\x00 SESSION/KEY \xfe",
])  # fmt: skip
async def test_a_person_is_not_shown_a_secret_that_was_sent_and_is_told_back(page: bytes) -> None:
    service, _ = answering(httpx.Response(200, content=page), keys=Keys(sesskey="SESSION/KEY"))
    found = await raw(service, "timetonic.getAllBooks")
    assert found.content == page, "a pipe gets the service's own bytes"
    assert b"KEY" in found.content
    assert b"KEY" not in found.shown
    assert len(found.shown) > 9
    # Also one that was sent for a session before the renewed one.
    service, _ = answering(
        nok("session expired", code="session_expired"), ok(sesskey="NEW-KEY", id="1"),
        httpx.Response(200, content=page + b" NEW-KEY"),
        keys=Keys(o_u="demo", oauthkey="oauth", sesskey="SESSION/KEY"),
    )  # fmt: skip
    found = await raw(service, "timetonic.getAllBooks")
    assert b"KEY" not in found.shown


@pytest.mark.parametrize("terminal", [True, False])
def test_a_pipe_gets_the_bytes_and_a_terminal_what_may_be_shown(
    terminal: bool, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = operations_of(answering()[0]).find("timetonic.getAllBooks")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    answer = RawAnswer(b"KEY", 1, None, "•••".encode())
    assert _show_raw(answer, operation, argparse.Namespace(json_errors=False)) == DONE
    assert capsysbinary.readouterr().out == ("•••".encode() if terminal else b"KEY")


async def test_what_is_left_out_is_no_matter_for_bytes() -> None:
    capture = Capture(encoded({"status": "SUCCESS", "data": {"clients": [None, {"id": 1}]}}))
    made = Timesheets(capture.transport("timesheets"), app="A", token=TOKEN)
    found = await raw(made, "timesheets.client.search")
    assert json.loads(found.content)["data"]["clients"] == [None, {"id": 1}]
