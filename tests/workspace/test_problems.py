"""Failures in a person's words."""

from __future__ import annotations

import errno
import os

import pytest

from tui.services.errors import ServiceError
from tui.workspace.problems import describe, one_line


@pytest.mark.parametrize(
    ("number", "happened", "advice"),
    [
        (errno.ENOSPC, "The disk is full.", "Free space"),
        (errno.EACCES, "Access to /races/x.csv is not allowed.", "Mend the rights"),
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
