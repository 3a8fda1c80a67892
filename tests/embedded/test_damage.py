"""A database file that is not what was written: set aside, said, and never a traceback."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness import EmbeddedServer
from tui.embedded import maintenance, opening, sample, server
from tui.embedded.context import Context, Options
from tui.embedded.rendezvous import HOST, Endpoint, publish
from tui.embedded.timesheets import SERVICE

SERVICES = (SERVICE,)

DAMAGES = 5
"""Of each kind."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A data directory after a clean end, with rows of a person's own, one in whole pages at the
    end: of those SQLite itself does not see that a byte is missing.
    """
    folder = tmp_path_factory.mktemp("kept")
    context = opening.open_context(Options(folder), SERVICES)
    with context.database.write() as connection:
        connection.execute("INSERT INTO timesheets_groups (name) VALUES ('A group of ours')")
        connection.execute("INSERT INTO timesheets_groups (name) VALUES (?)", ("x" * 20_000,))
    context.database.close()
    assert not (folder / "embedded.db-wal").exists()
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def left(folder: Path, kept: dict[str, bytes], *, sealed: bool) -> Path:
    """The directory as it was left: by a clean end, or by a kill (then without a seal)."""
    folder.mkdir(exist_ok=True)
    for name, content in kept.items():
        if sealed or not name.endswith(".seal"):
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
    return folder / opening.DATABASE_FILE


def opened(folder: Path) -> Context:
    return opening.open_context(Options(folder), SERVICES)


def own_rows(context: Context) -> int:
    found = context.database.one(
        "SELECT count(*) FROM timesheets_groups WHERE name = 'A group of ours'"
    )
    assert found is not None
    return int(found[0])


def flipped(whole: bytes, chance: random.Random, times: int) -> bytes:
    """Bytes that are others than before."""
    broken = bytearray(whole)
    for _ in range(times):
        broken[chance.randrange(len(broken))] ^= chance.randrange(1, 256)
    return bytes(broken)


def damages(whole: bytes) -> Iterator[bytes]:
    """Flipped bytes, few and many, and files cut short, with a seed."""
    chance = random.Random(8)
    for _ in range(DAMAGES):
        yield flipped(whole, chance, 1)
        yield flipped(whole, chance, 200)
        yield whole[: chance.randrange(len(whole))]
    for length in (0, 1, 100, 511, 512, 4096, len(whole) // 4096 // 2 * 4096,
                   *range(len(whole) - 5, len(whole))):  # fmt: skip
        yield whole[:length]


def test_after_a_clean_end_nothing_slips_through(tmp_path: Path, kept: dict[str, bytes]) -> None:
    path = left(tmp_path, kept, sealed=True)
    context = opened(tmp_path)
    assert own_rows(context) == 1
    assert context.notices == []
    context.database.close()
    for broken in damages(kept[path.name]):
        left(tmp_path, kept, sealed=True).write_bytes(broken)
        context = opened(tmp_path)
        (notice,) = context.notices
        assert "damaged" in notice
        assert own_rows(context) == 0
        assert sample.present(context.database)
        context.database.close()
        assert opened_without_notice(tmp_path), "the fresh one is whole"
        (aside,) = tmp_path.glob("embedded.db.broken-*")
        assert aside.name in notice
        assert aside.read_bytes() == broken
        aside.unlink()


def opened_without_notice(folder: Path) -> bool:
    context = opened(folder)
    context.database.close()
    return context.notices == []


def test_after_a_kill_it_is_set_aside_or_can_be_used(
    tmp_path: Path, kept: dict[str, bytes]
) -> None:
    """What is not found is served, with what a person wrote, and without a failure."""
    set_aside = 0
    for broken in damages(kept["embedded.db"]):
        path = left(tmp_path, kept, sealed=False)
        path.write_bytes(broken)
        context = opened(tmp_path)
        if context.notices:
            set_aside += 1
            assert "damaged" in context.notices[0]
        else:
            for table in ("timesheets_users", "timesheets_entries", "timesheets_tasks"):
                context.database.read(f"SELECT * FROM {table}")
            assert len(broken) == len(kept["embedded.db"]), "what is cut short is always found"
        context.database.close()
        for file in tmp_path.iterdir():
            file.unlink()
    assert set_aside > 2 * DAMAGES


@pytest.mark.parametrize("version", [0, 2**31 - 1, -5, 10_000])
def test_a_version_that_nobody_wrote_is_damage(
    tmp_path: Path, kept: dict[str, bytes], version: int
) -> None:
    path = left(tmp_path, kept, sealed=False)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    context = opened(tmp_path)
    context.database.close()
    assert "damaged" in context.notices[0]


def test_a_file_that_is_gone_is_said(tmp_path: Path, kept: dict[str, bytes]) -> None:
    left(tmp_path, kept, sealed=True).unlink()
    context = opened(tmp_path)
    context.database.close()
    (notice,) = context.notices
    assert "not there any more" in notice
    assert opened_without_notice(tmp_path)


def test_the_log_of_a_file_that_is_gone_is_kept(tmp_path: Path, kept: dict[str, bytes]) -> None:
    """SQLite takes it away where it begins a new database."""
    path = left(tmp_path, kept, sealed=False)
    context = opened(tmp_path)
    with context.database.write() as connection:
        connection.execute("INSERT INTO timesheets_groups (name) VALUES ('Another of ours')")
    log = path.with_name("embedded.db-wal").read_bytes()
    context.database.close()
    for file in tmp_path.glob("embedded.db*"):
        file.unlink()
    path.with_name("embedded.db-wal").write_bytes(log)
    context = opened(tmp_path)
    context.database.close()
    (notice,) = context.notices
    (aside,) = tmp_path.glob("embedded.db.broken-*-wal")
    assert "is not there any more; its log is kept as" in notice
    assert aside.name in notice
    assert aside.read_bytes() == log
    assert opened_without_notice(tmp_path)


@pytest.mark.parametrize("beside", ["-wal", "-shm"])
def test_a_file_that_is_gone_with_an_empty_log_is_said(
    tmp_path: Path, kept: dict[str, bytes], beside: str
) -> None:
    """As a server leaves it that was killed before anything was changed."""
    path = left(tmp_path, kept, sealed=False)
    path.unlink()
    path.with_name(path.name + beside).touch()
    context = opened(tmp_path)
    context.database.close()
    (notice,) = context.notices
    assert "is not there any more; a fresh one with the sample is made" in notice
    assert not list(tmp_path.glob("*.broken-*"))
    assert opened_without_notice(tmp_path)


def _reset(folder: Path) -> object:
    return maintenance.change_sample(Options(folder), SERVICES, "reset")


def _run(folder: Path) -> object:
    return server.run(Options(folder, idle_seconds=0.01), SERVICES)


@pytest.mark.parametrize("begin", [_reset, _run])
def test_what_is_gone_with_all_beside_it_is_said_where_a_server_was_killed(
    tmp_path: Path,
    kept: dict[str, bytes],
    capsys: pytest.CaptureFixture[str],
    begin: Callable[[Path], object],
) -> None:
    """Where it was reached still stands there."""
    left(tmp_path, kept, sealed=False).unlink()
    publish(tmp_path, Endpoint(1, f"http://{HOST}:1", 1, "2026-03-01T09:00:00+00:00", "1"))
    begin(tmp_path)
    said = capsys.readouterr().err
    assert "is not there any more; a fresh one with the sample is made" in said
    assert opened_without_notice(tmp_path)


@pytest.mark.parametrize("sealed", [True, False])
def test_a_log_that_is_gone_after_a_kill_is_said(
    tmp_path: Path, kept: dict[str, bytes], sealed: bool
) -> None:
    """A file that was sealed since was opened and closed in order, so that it needs none."""
    left(tmp_path, kept, sealed=sealed)
    context = opening.open_context(Options(tmp_path), SERVICES, was_served=True)
    assert own_rows(context)
    context.database.close()
    assert len(context.notices) == (not sealed)
    assert all("The log of" in notice for notice in context.notices)


def test_a_file_is_used_all_the_same_under_its_old_name(
    tmp_path: Path, kept: dict[str, bytes]
) -> None:
    path = left(tmp_path, kept, sealed=True)
    # A byte of a text: SQLite does not mind.
    path.write_bytes(kept[path.name].replace(b"A group of ours", b"A group of 0urs"))
    opened(tmp_path).database.close()
    (aside,) = tmp_path.glob("embedded.db.broken-*")
    path.unlink()
    (tmp_path / "embedded.db.seal").unlink()
    aside.rename(path)
    context = opened(tmp_path)
    found = context.database.one("SELECT 1 FROM timesheets_groups WHERE name = 'A group of 0urs'")
    context.database.close()
    assert found is not None
    assert context.notices == []


def test_the_command_line_says_it(
    tmp_path: Path, kept: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    left(tmp_path, kept, sealed=True).write_bytes(b"no database at all" * 100)
    assert server.run(Options(tmp_path, idle_seconds=0.01), ()) == 0
    said = capsys.readouterr().err
    assert "damaged" in said
    assert "Traceback" not in said
    assert said.count("\n") == 1


def test_a_file_that_breaks_while_it_is_used_is_not_sealed(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timesheets"], data=tmp_path) as running:
        known = running.credentials
        log_in = {"email": known.timesheets_email, "password": known.timesheets_password}
        assert running.http("POST", "/timesheets/api/demo/login", json_body=log_in).status == 200
        running.context.database.read("PRAGMA wal_checkpoint(TRUNCATE)")
        running.context.database.read("PRAGMA shrink_memory")
        path = tmp_path / opening.DATABASE_FILE
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (size - 4096))
        answer = running.http("POST", "/timesheets/api/demo/login", json_body=log_in)
        assert answer.status == 503
        assert "damaged" in answer.json()["message"]
    assert not (tmp_path / "embedded.db.seal").exists()
    notices = opened(tmp_path)
    notices.database.close()
    assert "damaged" in notices.notices[0]
