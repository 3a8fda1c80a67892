"""What `tockdeck call` says of a change: done, refused, not sent, or not known."""

from __future__ import annotations

import gzip
import json
import signal
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PATIENCE, Shell
from tests.scripted import HEAD, answer, holding, scripted
from tui.cli.verbs import AUTHENTICATION, DONE, INTERRUPTED, REFUSED, UNKNOWN, UNREACHABLE, USAGE
from tui.store.changes import Changes
from tui.store.database import Database

ACCOUNTS = {
    "timetonic": {"sesskey": "S", "user": "demo"},
    "ticktocker": {"user": "demo", "api_key": "K", "application_token": "A"},
    "igtimi": {"access_token": "T"},
    "trackmypeople": {"user": "demo", "password": "P", "time_zone": "UTC"},
    "timesheets": {"app": "demo", "token": "T"},
}
CHANGES = [
    "timetonic.sendMsg msg=hello b_c=b",
    'timetonic.createOrUpdateTableRow field_values:={"6":"x"}',
    "timetonic.deleteTableRow row_id=5 --yes",
    "ticktocker.follow user_url=eric",
    "igtimi.sessions.create",
    "igtimi.devices.update serial_number=AA-AA-AAAA name=x",
    "trackmypeople.start",
    "trackmypeople.add start=2026-03-01T10:00Z",
    "timesheets.ts.start task_id=1",
    "timesheets.invoice.set_payed invoice_id=1 payed_date=2026-03-01T10:00Z",
]
REQUESTS = {
    "timetonic.sendMsg": "req=sendMsg",
    "timetonic.createOrUpdateTableRow": "req=createOrUpdateTableRow",
    "timetonic.deleteTableRow": "req=deleteTableRow",
    "ticktocker.follow": "/follow/",
    "igtimi.sessions.create": "POST ",
    "igtimi.devices.update": "PUT ",
    "trackmypeople.start": "/start.",
    "trackmypeople.stop": "/stop.",
    "trackmypeople.add": "/add.",
    "timesheets.ts.start": "/ts/start",
    "timesheets.invoice.set_payed": "/set_payed",
}
"""What stands in the request of a change alone: before it may be read what stood there."""
UNKNOWN_ANSWERS = {
    "nothing": b"",
    "cut after the head": HEAD + b"Content-Length: 100\r\n\r\n",
    "wrong length": HEAD + b'Content-Length: 100\r\n\r\n{"status": "ok"',
    "cut json": answer(b'{"status": "ok", "co'),
    "empty": answer(b""),
    "a page": answer(b"<html>welcome</html>"),
    "another type": answer(b"[1, 2]"),
    "500": answer(b"oops", "500 Internal Server Error"),
    "504": answer(b"<html>gateway</html>", "504 Gateway Timeout"),
    "408": answer(b"", "408 Request Timeout"),
    "elsewhere": answer(b"", "302 Found", "Location: /login"),
    "cut packing": answer(gzip.compress(b"{}")[:-3], "200 OK", "Content-Encoding: gzip"),
}  # fmt: skip


SENSELESS = [
    ("read_seconds", "inf"),
    ("call_seconds", "nan"),
    ("call_seconds", "0.0"),
    ("connect_seconds", "-1.0"),
    ("least_kilobytes", "1e999"),
    ("retries", "-1"),
    ("answer_megabytes", "0"),
    ("answer_megabytes", "9" * 30),
    ("answer_megabytes", "9" * 5000),
]
"""Settings of [network] that mean nothing."""


@pytest.fixture
def account(shell: Shell) -> Shell:
    shell.set({"TOCKDECK_NETWORK_RETRIES": "0", "TOCKDECK_DECK_TIME_ZONE": "UTC"})
    for service, settings in ACCOUNTS.items():
        for name, value in settings.items():
            shell.set({f"TOCKDECK_{service}_{name}".upper(): value})
    return shell


def at(shell: Shell, url: str) -> Shell:
    shell.set({f"TOCKDECK_{service}_BASE_URL".upper(): url for service in ACCOUNTS})
    return shell


def noted(shell: Shell) -> list[tuple[str, str]]:
    """The operations of the changes that were begun, with what became of them, in order."""
    changes = Changes(shell.home / "data" / "changes.db")
    try:
        return [(one.operation, one.state) for one in reversed(changes.newest(999))]
    finally:
        changes.close()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_whose_answer_says_nothing_is_unknown(account: Shell, change: str) -> None:
    words = change.split()
    # All of them stand to the end: one that got the port of an earlier one would be the same
    # service, where the change before is not settled.
    with ExitStack() as standing:
        for raw in UNKNOWN_ANSWERS.values():
            server = standing.enter_context(scripted(raw, of=REQUESTS[words[0]]))
            said = at(account, server.url).run("call", *words)
            assert said.status == UNKNOWN, (raw, said)
            assert not said.out
            assert "outcome unknown" in said.err
            assert "Look " in said.err
            assert "before you send it again" in said.err
            assert len(server.bodies) == 1, "it is never sent twice"
    assert noted(account) == [(words[0], "unknown")] * len(UNKNOWN_ANSWERS)


def test_a_no_to_the_second_try_says_nothing_of_the_first(account: Shell) -> None:
    account.set({"TOCKDECK_NETWORK_RETRIES": "1"})
    gone = b'{"status": "nok", "errorMsg": "there is no row 5"}'
    unanswered = [b"", HEAD + b"Content-Length: 9\r\n\r\n{", answer(b"", "503 Unavailable")]
    for first in unanswered:
        with scripted(first, answer(gone), of="req=deleteTableRow") as server:
            said = at(account, server.url).run("call", *CHANGES[2].split())
        assert (said.status, len(server.bodies)) == (UNKNOWN, 2), said
        assert "there is no row 5" in said.err
    with scripted(b"", answer(b'{"status": "ok"}'), of="req=deleteTableRow") as server:
        said = at(account, server.url).run("call", *CHANGES[2].split())
    assert (said.status, len(server.bodies)) == (DONE, 2)
    with scripted(answer(gone)) as server:
        assert at(account, server.url).run("call", *CHANGES[2].split()).status == REFUSED


@pytest.mark.parametrize(
    "call",
    [
        "igtimi.groups.grant_modify group_id=1",
        "igtimi.session_logs.create session_id=1 entries:=[]",
    ],
)
def test_what_is_wrong_in_itself_is_no_no_of_the_service(account: Shell, call: str) -> None:
    with scripted(answer(b"{}"), of="POST ") as server:
        said = at(account, server.url).run("call", *call.split())
    assert (said.status, server.bodies) == (USAGE, []), said
    assert noted(account) == [(call.split()[0], "dropped")]


def test_silence_after_sending_is_unknown(account: Shell) -> None:
    account.set({"TOCKDECK_NETWORK_CALL_SECONDS": "0.3"})
    for begin in (b"", HEAD + b"Content-Length: 10\r\n\r\n{"):
        with scripted(holding(begin), of="/start.") as server:
            assert at(account, server.url).run("call", "trackmypeople.start").status == UNKNOWN


def test_an_interrupted_change_says_what_to_look_at(account: Shell) -> None:
    with (
        scripted(holding(b""), of="/start.") as server,
        at(account, server.url).start("call", "trackmypeople.start") as process,
    ):
        assert server.asked.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == INTERRUPTED
    assert "it may have been done. Look which timer runs now" in said
    assert noted(account) == [("trackmypeople.start", "unknown")]


def test_only_the_services_own_no_is_a_no(account: Shell) -> None:
    nos = {
        "timetonic.sendMsg msg=hello b_c=b": (
            b'{"status": "nok", "errorMsg": "too long"}',
            "200 OK",
        ),
        "ticktocker.follow user_url=eric": (b'{"code": -1, "response": {"error": "no"}}', "200 OK"),
        "igtimi.sessions.create": (b'{"error": "no"}', "422 Unprocessable"),
        "trackmypeople.start": (b'{"result": 0}', "200 OK"),
        "timesheets.ts.start task_id=1": (b'{"status": "ERROR", "message": "no"}', "200 OK"),
    }
    for change, (content, status) in nos.items():
        with scripted(answer(content, status)) as server:
            said = at(account, server.url).run("call", *change.split())
        assert said.status == REFUSED, said
    assert {state for _, state in noted(account)} == {"refused"}
    with scripted(answer(b'{"status": "nok", "errorMsg": "invalid sesskey"}')) as server:
        said = at(account, server.url).run("call", "timetonic.sendMsg", "msg=hello", "b_c=b")
    assert said.status == AUTHENTICATION


BESIDE = {
    "timetonic.sendMsg msg=hello b_c=b": (
        {"status": "ok", "createMessageId": 7, "created": "soon"}, "answer.created", {"id": 7},
    ),
    "igtimi.sessions.create": (
        {"session": {"id": 7, "start_time": "soon"}}, "session.start_time", {"id": 7},
    ),
    "trackmypeople.add start=2026-03-01T10:00Z": (
        {"result": 1, "added_block": {"Id": 7, "TimeOut": "soon"}}, "answer.added_block.TimeOut",
        {"id": 7},
    ),
    "timesheets.task.create project_id=3 name=Cut": (
        {"status": "SUCCESS", "id": 7, "timestamp": "soon"}, "answer.timestamp", {"id": 7},
    ),
    "timesheets.ts.start task_id=1": (
        {"status": "SUCCESS", "count": "soon"}, "answer.count", {},
    ),
}  # fmt: skip
"""A change, an answer in which one value beside is odd, its place, and what is kept of it."""


def test_a_change_that_was_made_is_made_whatever_else_its_answer_says(account: Shell) -> None:
    for change, (content, place, kept) in BESIDE.items():
        words = change.split()
        with scripted(answer(json.dumps(content).encode())) as server:
            said = at(account, server.url).run("call", *words)
        assert said.status == DONE, said
        assert said.out
        told = f"made; one value of the answer could not be read: {place} should be "
        assert said.err.count("could not be read") == said.err.count(told) == 1, said.err
        changes = Changes(account.home / "data" / "changes.db")
        newest = changes.newest(1)[0]
        changes.close()
        assert (newest.operation, newest.state) == (words[0], "done")
        assert told in newest.reason
        assert newest.answer == kept


NO_PROOF: dict[str, list[dict[str, Any]]] = {
    "timetonic.sendMsg msg=hello b_c=b": [
        {"status": "ok", "createMessageId": 0}, {"status": "ok"},
        {"status": "ok", "createMessageId": 7, "errorMsg": "the book is full"},
    ],
    "ticktocker.submit title=Hello eventstart=2027-01-01T10:00Z": [
        {"code": 1, "response": "It was not saved"},
        {"code": 1, "response": {"short_url": "8c866", "error": "not saved"}},
    ],
    "igtimi.sessions.create": [
        {"session": {"id": 0}}, {"session": {"id": 7}, "error": "no mail"},
        {"session": {"id": 7}, "success": False},
    ],
    "trackmypeople.start tracker_id=3": [
        {"last_block": "none"},
        {"last_block": {"started_at": 1764500000, "tracker": {"Id": 99}}},
    ],
    "timesheets.task.create project_id=3 name=Cut": [
        {"status": "SUCCESS", "id": 0}, {"status": "PENDING", "id": 5},
        {"status": "SUCCESS", "id": 5, "error_code": 5},
    ],
}  # fmt: skip
"""A change, and answers that do not prove that it was made, nor that it was not."""
SENDS = {**REQUESTS, "ticktocker.submit": "/submit", "timesheets.task.create": "/task/create"}


@pytest.mark.parametrize("change", NO_PROOF)
def test_an_answer_that_proves_nothing_leaves_no_way_back(account: Shell, change: str) -> None:
    words = change.split()
    with ExitStack() as standing:
        for content in NO_PROOF[change]:
            raw = answer(json.dumps(content).encode())
            server = standing.enter_context(scripted(raw, of=SENDS[words[0]]))
            said = at(account, server.url).run("call", *words)
            assert (said.status, said.out) == (UNKNOWN, ""), (content, said)
            changes = Changes(account.home / "data" / "changes.db")
            newest = changes.newest(1)[0]
            changes.close()
            assert (newest.state, newest.inverse, newest.answer) == ("unknown", None, {})


def test_what_was_never_sent_and_what_only_reads_may_be_tried_again(account: Shell) -> None:
    with scripted(b"") as server:
        read = at(account, server.url).run("call", "trackmypeople.status")
        assert read.status == UNREACHABLE
        assert "Try again" in read.err
    away = account.run("call", "trackmypeople.start")
    assert away.status == UNREACHABLE
    assert noted(account) == [("trackmypeople.start", "refused")]


def test_a_log_in_that_breaks_leaves_no_change_unknown(account: Shell) -> None:
    account.set({"TOCKDECK_TIMETONIC_SESSKEY": "", "TOCKDECK_TIMETONIC_LOGIN": "demo",
                 "TOCKDECK_TIMETONIC_PASSWORD": "P"})  # fmt: skip
    account.set({"TOCKDECK_TIMESHEETS_TOKEN": "", "TOCKDECK_TIMESHEETS_EMAIL": "a@b.example",
                 "TOCKDECK_TIMESHEETS_PASSWORD": "P"})  # fmt: skip
    account.set({"TOCKDECK_TICKTOCKER_API_KEY": "", "TOCKDECK_TICKTOCKER_PASSWORD": "P"})
    for change in (CHANGES[0], CHANGES[3], CHANGES[8]):
        with scripted(b"") as server:
            said = at(account, server.url).run("call", *change.split())
        assert said.status == UNREACHABLE, said
        assert len(set(server.bodies)) == 1, "nothing but the log-in"


def test_a_disk_that_fills_after_sending_is_said_and_the_change_is_done(
    account: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Database.write

    def full(self: Database, work: Callable[[sqlite3.Connection], Any], *, durable: bool) -> Any:
        if not durable:
            raise OSError(28, "No space left on device")
        return write(self, work, durable=durable)

    monkeypatch.setattr(Database, "write", full)
    with scripted(answer(b'{"result": 1}'), of="/start.") as server:
        said = at(account, server.url).run("call", "trackmypeople.start")
    assert said.status == DONE
    assert json.loads(said.out)["result"] == 1
    assert "could not be noted (No space left on device); it was made" in said.err
    assert "retry" not in said.err


def test_plain_http_elsewhere_is_refused_with_the_reason(account: Shell) -> None:
    for url in ("http://service.example", "http://192.168.1.9:8000/api"):
        for operation in (
            "trackmypeople.status",
            "igtimi.sessions.create",
            "timetonic.getAllBooks",
        ):
            said = at(account, url).run("call", operation)
            assert said.status == USAGE, said
            assert "is not encrypted" in said.err
            assert "allow_plain_http = true in [network]" in said.err


def test_plain_http_is_spoken_where_it_is_allowed(account: Shell) -> None:
    """Through a proxy of this test's own: no name is looked up, nothing leaves the machine."""
    with scripted(answer(b'{"result": 1, "total": "90"}')) as server:
        account.set({"TOCKDECK_NETWORK_ALLOW_PLAIN_HTTP": "true", "http_proxy": server.url})
        said = at(account, "http://service.example").run("call", "trackmypeople.total")
    assert (said.status, said.out.strip()) == (DONE, "90")


def test_endless_retry_after_ends_nothing(account: Shell) -> None:
    for value in ("inf", "nan", "1e400", "-inf", "9" * 400, "Mon, 01 Jan 99999 00:00:00 GMT"):
        raw = answer(b"{}", "429 Too Many Requests", f"Retry-After: {value}")
        with scripted(raw) as server:
            said = at(account, server.url).run("call", "trackmypeople.status", "--json-errors")
        assert said.status == UNREACHABLE
        wait = json.loads(said.err)["wait"]
        assert wait is None or 0 <= wait <= 86_400


def test_a_wait_longer_than_a_day_is_not_told_as_a_day(account: Shell) -> None:
    for value, next_step in (
        ("999999999", "for longer than a day; try again after that."),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "for longer than a day; try again after that."),
        ("86400", "Try again in 1440 min."),
        ("600", "Try again in 10 min."),
    ):
        raw = answer(b"{}", "429 Too Many Requests", f"Retry-After: {value}")
        with scripted(raw) as server:
            said = at(account, server.url).run("call", "trackmypeople.status")
        assert said.status == UNREACHABLE
        assert said.err.strip().endswith(next_step)


def test_a_change_that_comes_too_early_may_be_tried_again(account: Shell) -> None:
    for status in ("423 Locked", "425 Too Early"):
        with scripted(answer(b"{}", status)) as server:
            said = at(account, server.url).run("call", "trackmypeople.start")
        assert said.status == UNREACHABLE
        assert said.err.strip().endswith("Nothing was done; try again later.")


def test_the_configuration_takes_no_endless_numbers(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    for name, value in SENSELESS:
        file.write_text(f"[network]\n{name} = {value}\n")
        said = shell.run("config", "check", "--config", str(file))
        assert said.status == USAGE, (name, value)
        assert str(file) in said.err
        shell.set({f"TOCKDECK_NETWORK_{name.upper()}": value})
        assert shell.run("config", "check").status == USAGE
        shell.set({f"TOCKDECK_NETWORK_{name.upper()}": "1"})


def test_a_change_waits_only_where_that_was_asked_for(account: Shell) -> None:
    change = ("call", "trackmypeople.add", "start=2026-03-01T10:00Z", "stop=2026-03-01T11:00Z")
    with scripted(b"") as server:
        url = server.url
    away = at(account, url).run(*change)
    assert (away.status, away.out) == (UNREACHABLE, "")
    kept = account.run(*change, "--later")
    assert kept.status == DONE
    (number,) = json.loads(kept.out).values()
    assert "sent by itself when the way is open" in kept.err
    assert noted(account) == [
        ("trackmypeople.add", "refused"),
        ("trackmypeople.add", "waiting"),
    ]
    changes = Changes(account.home / "data" / "changes.db")
    assert [one.id for one in changes.still_open()] == [number]
    changes.close()
    raw = account.run(*change, "--later", "--raw")
    assert (raw.status, list(json.loads(raw.out))) == (DONE, ["waiting"])


def test_what_cannot_wait_is_not_kept_whoever_asks(account: Shell) -> None:
    with scripted(b"") as server:
        url = server.url
    for change in ("trackmypeople.start", "igtimi.devices.register serial_number=A service_tag=B"):
        said = at(account, url).run("call", *change.split(), "--later")
        assert (said.status, said.out) == (UNREACHABLE, ""), said
    assert {state for _, state in noted(account)} == {"refused"}
    read = account.run("call", "trackmypeople.status", "--later")
    assert read.status == USAGE
    assert "--later is for changes" in read.err


def test_what_was_called_is_undone_and_holds_no_secret(account: Shell) -> None:
    with scripted(answer(b'{"device": {"id": 1, "serial_number": "A"}}'), of="POST ") as server:
        said = at(account, server.url).run(
            "call", "igtimi.devices.register", "serial_number=A", "service_tag=SECRET-TAG"
        )
    assert said.status == DONE, said
    changes = Changes(account.home / "data" / "changes.db")
    (change,) = changes.newest(1)
    changes.close()
    assert (change.arguments, change.hidden) == ({"serial_number": "A"}, ("service_tag",))
    assert change.inverse is not None
    assert change.inverse.arguments == {"serial_number": "A"}
    held = b"".join(one.read_bytes() for one in (account.home / "data").glob("changes.db*"))
    assert b"SECRET-TAG" not in held
