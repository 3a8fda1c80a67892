"""What is kept on this machine alone, beside a service's records: how it is made and unmade."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tui.store.changes import Change

_HERE = "here"


def is_here(operation: str) -> bool:
    """Whether a change is none of the service: `timesheets.here.payment` is noted here alone."""
    return operation.split(".")[1:2] == [_HERE]


class Keeping(NamedTuple):
    """The ways of one such operation. They take the change, whose arguments say all, work on the
    disk and raise OSError; who does one of them twice changes nothing by the second time.
    """

    stands: Callable[[Change], bool]
    """Whether it is as the change made it: of one that was cut short nobody knows else."""
    do: Callable[[Change], object] | None = None
    """Makes it, for the first time and again; None where only who begins it can."""
    back: Callable[[Change], object] | None = None
    """Takes it back; None where it stands."""
