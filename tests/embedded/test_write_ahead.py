"""A server that was killed leaves changes in a log: one damaged byte of it is not passed over."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from tui.embedded import opening
from tui.embedded.context import Context, Options
from tui.embedded.database import Database, index_of, log_of
from tui.embedded.timesheets import SERVICE
from tui.embedded.write_ahead import Log, state_of_log

HEADER, FRAME = 32, 24 + 4096
OURS = 12


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a process that ended without a word, with rows of a person's own."""
    running, folder = tmp_path_factory.mktemp("running"), tmp_path_factory.mktemp("left") / "data"
    context = opened(running)
    for number in range(OURS):
        with context.database.write() as connection:
            connection.execute(
                "INSERT INTO timesheets_groups (name) VALUES (?)", (f"Ours {number}",)
            )
    shutil.copytree(running, folder)
    context.database.close()
    return folder


def opened(folder: Path) -> Context:
    return opening.open_context(Options(folder), (SERVICE,))


def reopened(
    killed: Path, folder: Path, log: bytes | None, *, indexed: bool = False
) -> tuple[list[str], int]:
    """What is said, and how many rows are there, with this log and perhaps its index."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(killed, folder)
    (folder / "embedded.db-wal").unlink()
    if not indexed:
        (folder / "embedded.db-shm").unlink()
    if log is not None:
        (folder / "embedded.db-wal").write_bytes(log)
    context = opened(folder)
    found = context.database.one("SELECT count(*) FROM timesheets_groups WHERE name LIKE 'Ours %'")
    context.database.close()
    assert found is not None
    return context.notices, int(found[0])


def test_the_sample_stands_in_the_file_and_not_in_the_log(killed: Path) -> None:
    assert (killed / "embedded.db").stat().st_size > 40 * 4096
    assert (killed / "embedded.db-wal").stat().st_size < 60 * FRAME


def test_a_sound_log_is_read(killed: Path, tmp_path: Path) -> None:
    log = (killed / "embedded.db-wal").read_bytes()
    assert reopened(killed, tmp_path / "data", log) == ([], OURS)


def test_a_damaged_log_is_set_aside_and_said(killed: Path, tmp_path: Path) -> None:
    log = (killed / "embedded.db-wal").read_bytes()
    chance = random.Random(5)
    last = HEADER + (len(log) - HEADER) // FRAME * FRAME - FRAME
    assert last > HEADER + FRAME
    for place in [0, 5, 9, 17, 25, 33, 41, 50, 60, *(chance.randrange(last) for _ in range(8))]:
        broken = bytearray(log)
        broken[place] ^= chance.randrange(1, 256)
        notices, rows = reopened(killed, tmp_path / "data", bytes(broken))
        if 4 <= place < 8 and not notices:
            assert rows == OURS
            continue
        (notice,) = notices
        assert "damaged (its log of changes)" in notice
        (aside,) = (tmp_path / "data").glob("embedded.db.broken-*-wal")
        assert aside.read_bytes() == bytes(broken)


def test_a_frame_that_was_being_written_is_no_damage(killed: Path, tmp_path: Path) -> None:
    log = (killed / "embedded.db-wal").read_bytes()
    for length in (len(log) - 1, len(log) - FRAME + 10, HEADER + 3 * FRAME + 24, HEADER, 7, 0):
        assert reopened(killed, tmp_path / "data", log[:length])[0] == []


def test_what_is_left_of_an_earlier_log_is_no_damage(tmp_path: Path, killed: Path) -> None:
    log = bytearray((killed / "embedded.db-wal").read_bytes())
    later = tmp_path / "log"
    for start in range(HEADER + 3 * FRAME, len(log) - FRAME + 1, FRAME):
        log[start + 8] ^= 1  # The salt that every log has its own of.
    later.write_bytes(log)
    assert state_of_log(later, tmp_path / "none") is Log.SOUND
    assert state_of_log(tmp_path / "none", tmp_path / "none") is Log.SOUND


def last_frame(log: bytes) -> int:
    return HEADER + (len(log) - HEADER) // FRAME * FRAME - FRAME


def test_what_was_acknowledged_and_is_gone_is_known_by_the_index(
    killed: Path, tmp_path: Path
) -> None:
    log = (killed / "embedded.db-wal").read_bytes()
    assert reopened(killed, tmp_path / "data", log, indexed=True) == ([], OURS)
    chance, last = random.Random(7), last_frame(log)
    # Its page, its mark of a commit, its salt, its checksum, its content.
    places = [last, last + 4, last + 7, last + 8, last + 15, last + 16, last + 23, last + 24]
    found: list[bytes | None] = [None, b"", log[:7], log[:HEADER], log[:last], log[: last + 24],
                                 log[: last + FRAME - 1]]  # fmt: skip
    for place in [*places, *(chance.randrange(last + 24, last + FRAME) for _ in range(6))]:
        broken = bytearray(log)
        broken[place] ^= 1 << chance.randrange(8)
        found.append(bytes(broken))
    for content in found:
        (notice,), _ = reopened(killed, tmp_path / "data", content, indexed=True)
        assert "damaged (its log of changes)" in notice
        (aside,) = (tmp_path / "data").glob("embedded.db.broken-*Z")
        assert aside.read_bytes() == (killed / "embedded.db").read_bytes()
        if content is not None:
            assert log_of(aside).read_bytes() == content


def test_what_was_never_acknowledged_is_no_damage_where_there_is_an_index(
    killed: Path, tmp_path: Path
) -> None:
    log = (killed / "embedded.db-wal").read_bytes()
    last = last_frame(log)
    torn = log[last : last + 24] + bytes(FRAME - 24)
    for more in (log[last:], log[last:] * 2, torn, torn + log[last:], torn[:-1]):
        assert reopened(killed, tmp_path / "data", log + more, indexed=True) == ([], OURS)


def test_of_the_last_frame_it_is_said_that_it_cannot_be_told_without_an_index(
    killed: Path, tmp_path: Path
) -> None:
    log = (killed / "embedded.db-wal").read_bytes()
    chance, last = random.Random(11), last_frame(log)
    for place in [last + 16, last + 24, *(chance.randrange(last + 24, len(log)) for _ in range(6))]:
        broken = bytearray(log)
        broken[place] ^= 1 << chance.randrange(8)
        (notice,), rows = reopened(killed, tmp_path / "data", bytes(broken))
        assert "was being written when the server ended" in notice
        assert "or the log was damaged since" in notice
        assert rows == OURS - 1, "everything before it"
        (copy,) = (tmp_path / "data").glob("embedded.db.copy-*Z")
        assert copy.name in notice
        assert copy.read_bytes() == (killed / "embedded.db").read_bytes()
        assert log_of(copy).read_bytes() == bytes(broken)
        assert copy.stat().st_mode & 0o077 == (killed / "embedded.db").stat().st_mode & 0o077


def test_an_index_that_is_not_whole_or_of_another_log_tells_nothing(
    killed: Path, tmp_path: Path
) -> None:
    log, index = tmp_path / "embedded.db-wal", tmp_path / "embedded.db-shm"
    content = (killed / "embedded.db-wal").read_bytes()
    sound = (killed / "embedded.db-shm").read_bytes()
    log.write_bytes(content[:-1])
    index.write_bytes(sound)
    assert state_of_log(log, index) is Log.DAMAGED
    both = bytearray(sound)
    both[16] ^= 1
    both[64] ^= 1
    for other in (b"", sound[:99], bytes(len(sound)), sound[:48] + bytes(48) + sound[96:],
                  bytes(both)):  # fmt: skip
        index.write_bytes(other)
        assert state_of_log(log, index) is Log.SOUND
    stranger = Database(tmp_path / "stranger.db")
    stranger.script("CREATE TABLE one (x)")
    index.write_bytes(index_of(tmp_path / "stranger.db").read_bytes())
    stranger.close()
    assert state_of_log(log, index) is Log.SOUND


def test_what_a_transaction_left_that_was_rolled_back_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    database = Database(path)
    database.script("CREATE TABLE one (x); PRAGMA cache_size = 5")
    with suppress(KeyError), database.write() as connection:
        for _ in range(60):
            connection.execute("INSERT INTO one VALUES (?)", ("x" * 3000,))
        raise KeyError
    with database.write() as connection:
        connection.execute("INSERT INTO one VALUES ('kept')")
    assert state_of_log(log_of(path), index_of(path)) is Log.SOUND
    database.close()
