"""Starting in a data directory: in its right order, in its wrong states, and as a real process."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ports import kept_port, number_of
from tests.terminal import given_time
from tui.embedded import __main__ as program
from tui.embedded import failures, joining, opening, rendezvous, sample, seal, server, visit
from tui.embedded.context import Options
from tui.embedded.credentials import Credentials
from tui.embedded.failures import StartError
from tui.embedded.rendezvous import Endpoint, Lock

QUICK = 0.01
"""Seconds without any use after which a server of these tests ends."""


def run(data: Path, **more: Any) -> int:
    return server.run(Options(data, idle_seconds=QUICK, **more), ())


def opened_notices(data: Path) -> list[str]:
    context = opening.open_context(Options(data), ())
    context.database.close()
    return context.notices


def start_error(data: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((data / failures.FILE).read_text())
    return content


def test_it_tells_where_it_is_and_ends_by_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "new" / "place"
    assert run(data) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    endpoint = json.loads(lines[0])
    assert set(endpoint) == {"port", "base_url", "pid", "started", "version"}
    assert endpoint["pid"] == os.getpid()
    assert endpoint["base_url"] == f"http://127.0.0.1:{endpoint['port']}"
    assert not (data / rendezvous.ENDPOINT_FILE).exists()
    assert stat.S_IMODE((data / opening.CREDENTIALS_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    secret = Credentials.load_or_create(data / opening.CREDENTIALS_FILE)
    assert secret.deck_token not in lines[0]
    assert secret.deck_token not in repr(secret)


def test_what_only_some_ever_use_is_not_imported_to_start() -> None:
    code = (
        "import sys; import tui.embedded.server, tui.embedded.services, uvicorn;"
        "tui.embedded.server.Server(None, None).config.load();"
        "print(*{'websockets', 'xml.sax', 'urllib.request', 'ftplib'} & sys.modules.keys());"
        # Once the sample is there nobody needs what makes it.
        "print(*(one for one in sys.modules if '.seed' in one and '.igtimi.' not in one))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "\n\n"


def test_the_endpoint_file_is_private(tmp_path: Path) -> None:
    endpoint = Endpoint(1, "http://127.0.0.1:1", 2, "2026-03-11T12:00:00+00:00", "0")
    rendezvous.publish(tmp_path, endpoint)
    file = tmp_path / rendezvous.ENDPOINT_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert rendezvous.read_endpoint(tmp_path) == endpoint
    assert not visit.answers(tmp_path, endpoint)


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 0}, {"port": -1}, {"port": 65536}, {"port": "80"}, {"port": True},
        {"port": 80.5}, {"port": None}, {"port": [80]}, {"port": 10**30}, {"pid": "x"},
        {"pid": 0}, {"pid": 2**40}, {"base_url": "http://evil.example:8021"}, {"base_url": 5},
        {"version": None}, {"started": {}},
    ],
)  # fmt: skip
def test_an_endpoint_that_makes_no_sense_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: dict[str, object]
) -> None:
    whole = Endpoint(8021, "http://127.0.0.1:8021", 2, "2026-03-11T12:00:00+00:00", "0")
    file = tmp_path / rendezvous.ENDPOINT_FILE
    file.write_text(json.dumps({**vars(whole), **wrong}))
    assert rendezvous.read_endpoint(tmp_path) is None
    assert program.main(["--data", str(tmp_path), "--print-endpoint"]) == 1
    assert run(tmp_path) == 0
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 50_000, "\x00", "{}" + " " * 70_000])
def test_an_endpoint_file_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / rendezvous.ENDPOINT_FILE).write_text(text)
    assert rendezvous.read_endpoint(tmp_path) is None
    (tmp_path / rendezvous.ENDPOINT_FILE).unlink()
    os.mkfifo(tmp_path / rendezvous.ENDPOINT_FILE)
    assert rendezvous.read_endpoint(tmp_path) is None


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    """asyncio turns Nagle's delay off only for sockets that name their protocol."""
    with server.bind(0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with kept_port() as keeper:
        port = number_of(keeper)
        with socket.create_server(("127.0.0.1", port)):
            assert run(tmp_path, port=port) == failures.EXIT_STATUS
            # A port that is only remembered is no reason to fail.
            with server.bind(0, port) as listener:
                assert listener.getsockname()[1] != port
        assert str(port) in capsys.readouterr().err
        assert start_error(tmp_path)["kind"] == "port-taken"
        database = tmp_path / "embedded.db"
        assert seal.state_of(database) is seal.State.WHOLE, "closed, though nothing was served"
        assert run(tmp_path, port=port) == 0
    assert not (tmp_path / failures.FILE).exists()


def test_a_directory_that_cannot_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.touch()
    assert run(file / "below") == failures.EXIT_STATUS
    said = capsys.readouterr()
    words = said.err
    assert str(file / "below") in words
    # There is no place for the file, so whoever started it reads the same on stdout.
    assert json.loads(said.out)["message"] in words
    assert words.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["endpoint.json", "server.lock", "embedded.db", "embedded.db-wal", "embedded.db.seal"]
)
@pytest.mark.parametrize("filled", [True, False])
def test_a_folder_in_the_place_of_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, filled: bool
) -> None:
    if name == "embedded.db-wal":
        assert run(tmp_path) == 0
    (tmp_path / name).mkdir()
    if filled:
        (tmp_path / name / "something").write_text("kept")
    capsys.readouterr()
    assert run(tmp_path) == failures.EXIT_STATUS
    said = capsys.readouterr()
    content = start_error(tmp_path)
    assert content["path"] == str(tmp_path / name)
    assert content["message"].startswith(f"{tmp_path / name}, where the services keep a file")
    assert content["message"].endswith("is a folder.")
    assert "Move it away" in content["advice"]
    assert content["message"] in said.err
    assert json.loads(said.out.splitlines()[-1])["message"] == content["message"]
    assert not filled or (tmp_path / name / "something").read_text() == "kept"
    (tmp_path / name).rename(tmp_path / "away")
    assert run(tmp_path) == 0, "then it starts"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk-full"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only"),
        (OSError(errno.EACCES, "Permission denied"), "read-only"),
        (sqlite3.OperationalError("database or disk is full"), "disk-full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "read-only"),
        (sqlite3.OperationalError("database is locked"), "database"),
    ],
)
def test_what_the_disk_refuses(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    kind: str,
) -> None:
    def refuse(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(sample, "prepare", refuse)
    assert run(tmp_path) == failures.EXIT_STATUS
    content = start_error(tmp_path)
    assert content["kind"] == kind
    assert content["message"] in capsys.readouterr().err
    assert not (tmp_path / rendezvous.ENDPOINT_FILE).exists()


def test_no_place_even_for_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(failures, "write_private", refuse)
    monkeypatch.setattr(sample, "prepare", refuse)
    assert run(tmp_path) == failures.EXIT_STATUS
    assert "full" in capsys.readouterr().err


def test_broken_credentials_are_set_aside(tmp_path: Path) -> None:
    assert run(tmp_path) == 0
    credentials = tmp_path / opening.CREDENTIALS_FILE
    credentials.write_text("]")
    (notice,) = opened_notices(tmp_path)
    assert "credentials" in notice
    for text in ('{"timetonic_login": "de', "[]", '{"deck_token": 5}', "[" * 50_000):
        credentials.write_text(text)
        assert run(tmp_path) == 0
        assert Credentials.load_or_create(credentials).timetonic_login == "demo"
    kept = tmp_path.glob("credentials.json.broken-*")
    assert {file.read_text()[:9] for file in kept} == {
        "]", '{"timeton', "[]", '{"deck_to', "[" * 9}  # fmt: skip


def test_a_folder_in_the_place_of_the_credentials_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / opening.CREDENTIALS_FILE / "kept").mkdir(parents=True)
    (notice,) = opened_notices(tmp_path)
    assert str(tmp_path / opening.CREDENTIALS_FILE) in notice
    (aside,) = tmp_path.glob("credentials.json.broken-*")
    assert (aside / "kept").is_dir()


def test_credentials_that_others_could_read_are_closed_and_said(tmp_path: Path) -> None:
    assert run(tmp_path) == 0
    credentials = tmp_path / opening.CREDENTIALS_FILE
    credentials.chmod(0o640)
    (notice,) = opened_notices(tmp_path)
    assert "read by others" in notice
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert opened_notices(tmp_path) == []


def test_a_database_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / opening.DATABASE_FILE
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 4711")
    connection.close()
    before = path.read_bytes()
    assert run(tmp_path) == failures.EXIT_STATUS
    assert start_error(tmp_path)["kind"] == "newer-database"
    assert path.read_bytes()[100:] == before[100:]


def test_a_lock_whose_owner_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "_START_SECONDS", 0.0)
    other = Lock(tmp_path)
    assert other.take()
    assert run(tmp_path) == failures.EXIT_STATUS
    assert start_error(tmp_path)["kind"] == "lock-held"
    other.release()
    assert run(tmp_path) == 0


def test_a_server_that_hangs_is_said_soon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It holds the lock and its port, and says nothing: no start is waited for."""
    other = Lock(tmp_path)
    assert other.take()
    Credentials().save(tmp_path / opening.CREDENTIALS_FILE)
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        port = hanging.getsockname()[1]
        rendezvous.publish(tmp_path, Endpoint(port, f"http://127.0.0.1:{port}", 4711, "then", "0"))
        for ask in (lambda: run(tmp_path), lambda: program.main(
                ["--data", str(tmp_path), "--reset-sample"])):  # fmt: skip
            began = given_time()
            assert ask() == failures.EXIT_STATUS
            assert given_time() - began < 4.0
            assert start_error(tmp_path)["kind"] == "lock-held"
            said = capsys.readouterr().err
            assert "process 4711" in said
            assert said.count("\n") == 1
        assert program.main(["--data", str(tmp_path), "--print-endpoint"]) == 1
    other.release()


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path)]
    assert program.main([*data, "--print-endpoint"]) == 1
    for wrong in (
        ["--port", "70000"],
        ["--idle", "-1"],
        ["--hz", "0"],
        ["--boats", "many"],
        ["--zone", "Europe/Atlantis"],
    ):
        with pytest.raises(SystemExit) as ended:
            program.main([*data, *wrong])
        assert ended.value.code == 2
    capsys.readouterr()
    assert program.main([*data, "--clear-sample"]) == 0
    assert json.loads(capsys.readouterr().out)["present"] is False
    assert program.main([*data, "--reset-sample"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["present"] is True
    assert content["counts"]["ticktocker"]["tocks"] > 100


def start(data: Path) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tui.embedded", "--data", str(data), "--idle", "60"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    # The line comes once connections are accepted.
    return process, json.loads(process.stdout.readline())


def end(process: subprocess.Popen[str], number: signal.Signals) -> int:
    process.send_signal(number)
    assert process.stdout is not None
    process.stdout.close()
    return process.wait(20)


def test_one_server_a_directory_and_a_way_on_after_a_kill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, endpoint = start(tmp_path)
    try:
        assert first.pid == endpoint["pid"]
        # A second start tells where the first is, and so does the question for it.
        assert run(tmp_path) == 0
        assert json.loads(capsys.readouterr().out) == endpoint
        assert program.main(["--data", str(tmp_path), "--print-endpoint"]) == 0
        assert json.loads(capsys.readouterr().out) == endpoint
        # The sample is changed through the one that runs.
        assert program.main(["--data", str(tmp_path), "--clear-sample"]) == 0
        assert json.loads(capsys.readouterr().out)["present"] is False
    finally:
        assert end(first, signal.SIGKILL) == -signal.SIGKILL
    # The endpoint file is stale now, and the lock is free.
    assert rendezvous.read_endpoint(tmp_path) is not None
    second, after = start(tmp_path)
    try:
        assert after["pid"] != endpoint["pid"]
        assert after["port"] == endpoint["port"]
    finally:
        assert end(second, signal.SIGTERM) == 0
    assert rendezvous.read_endpoint(tmp_path) is None


def test_a_server_that_ends_leaves_the_endpoint_of_the_next_one(tmp_path: Path) -> None:
    """Somebody deleted the directory under the first: its lock and its endpoint went with it."""
    data = tmp_path / "data"
    first, _ = start(data)
    shutil.rmtree(data)
    second, endpoint = start(data)
    try:
        assert end(first, signal.SIGTERM) == 0
        assert rendezvous.read_endpoint(data) == Endpoint(**endpoint)
    finally:
        assert end(second, signal.SIGTERM) == 0
    assert rendezvous.read_endpoint(data) is None


@pytest.mark.parametrize("text", ["", "[]", '{"port": "x"}'])
def test_where_a_server_is_that_left_a_senseless_endpoint_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """As long as for one that starts: that one takes the file away before all else."""
    monkeypatch.setattr(joining, "_START_SECONDS", 0.5)
    monkeypatch.setattr(joining, "_SENSELESS_SECONDS", 0.0)
    holder = Lock(tmp_path)
    assert holder.take()
    (tmp_path / "endpoint.json").write_text(text, encoding="utf-8")
    try:
        with pytest.raises(StartError, match=r"endpoint\.json beside it makes no sense"):
            joining.take_or_find(Lock(tmp_path), tmp_path)
    finally:
        holder.release()
