"""Files that a person names: what is no ordinary file is written to, and never replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.store.archive import write_archive
from tui.store.files import write_atomically
from tui.workspace.saved_files import save


async def test_a_pipe_gets_the_bytes_and_stays_a_pipe(tmp_path: Path) -> None:
    """A device would, too: for root `-o /dev/null` put a file in its place, for all the machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        await save(pipe, b"hours")
        assert os.read(reader, 100) == b"hours"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [one.name for one in tmp_path.iterdir()] == ["pipe"]


async def test_a_link_is_followed_and_a_folder_is_no_file(tmp_path: Path) -> None:
    file, link = tmp_path / "hours.csv", tmp_path / "link"
    link.symlink_to(file)
    for content in (b"made", b"made anew"):
        await save(link, content)
        assert (link.is_symlink(), file.read_bytes()) == (True, content)
    with pytest.raises(IsADirectoryError):
        await save(tmp_path, b"hours")


def test_what_has_to_be_a_file_takes_no_pipe_s_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for write in (
        lambda: write_atomically(pipe, b"state"),
        lambda: write_archive(pipe, {"a": b"b"}, by="0.1.0"),
    ):
        with pytest.raises(OSError, match="Not an ordinary file, and left as it is"):
            write()
    assert pipe.is_fifo()
