"""Failures in a person's words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tui.services.errors import Refused, ServiceError
from tui.store.files import write_atomically
from tui.workspace.problems import GivenUp, describe, one_line


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(OSError, match="directory") as refused:
        write_atomically(tmp_path / "settings.toml", b"x")
    assert str(tmp_path / "settings.toml") in describe(refused.value).happened


@pytest.mark.parametrize(
    ("number", "happened", "advice"),
    [
        (errno.ENOSPC, "The disk of /races/x.csv is full.", "Free space"),
        (errno.EACCES, "Access to /races/x.csv is not allowed.", "Mend the rights"),
        (errno.EROFS, "The disk of /races/x.csv can only be read.", "Make it writable"),
        (errno.ENOENT, "/races/x.csv: No such file or directory.", "Check the name"),
        (errno.EISDIR, "/races/x.csv: Is a directory.", "Name a file"),
        (errno.EIO, "/races/x.csv: Input/output error.", "Retry"),
    ],
)
def test_disks(number: int, happened: str, advice: str) -> None:
    said = describe(OSError(number, os.strerror(number), "/races/x.csv"))
    assert said.happened == happened
    assert said.next.startswith(advice)


@pytest.mark.parametrize("name", ["empty.tockrec", "über.csv", "race.2.tockrec"])
def test_names_of_files_stay_as_they_are(name: str) -> None:
    assert f" {name} is none." in one_line(ServiceError(f"{name} is none"))
    assert " No such thing." in one_line(ServiceError("no such thing"))


@pytest.mark.parametrize("name", ["november", "lists/boats", "Boats"])
def test_a_file_is_called_by_its_own_name_at_the_beginning_of_a_sentence(name: str) -> None:
    gone = OSError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    assert describe(gone).happened == f"{name}: No such file or directory."


def test_what_is_refused_here_was_said_by_no_service() -> None:
    assert describe(Refused("there is nothing to bill")).title == "Refused"
    assert describe(Refused("no", service="timesheets")).title == "Timesheets: refused"


def test_what_a_person_gave_up_is_no_service() -> None:
    assert one_line(GivenUp("the export was given up")) == "The export was given up."
    assert one_line(GivenUp("not tried", service="igtimi")) == "Igtimi: given up: Not tried."
