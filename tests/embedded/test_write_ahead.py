"""A server that was killed leaves changes in a log: one damaged byte of it is not passed over."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tui.embedded import opening
from tui.embedded.context import Context, Options
from tui.embedded.timesheets import SERVICE
from tui.embedded.write_ahead import is_damaged

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


def reopened(killed: Path, folder: Path, log: bytes | None) -> tuple[list[str], int]:
    """What is said, and how many rows are there, with this log."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(killed, folder)
    (folder / "embedded.db-wal").unlink()
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
    assert not is_damaged(later)
    assert not is_damaged(tmp_path / "none")
