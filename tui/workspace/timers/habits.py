"""How a person wants hours reckoned: rounding, goals, own periods. In one small file of ours.

What was chosen in the deck stands over the settings until it is given up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import msgspec

from tui.store.files import write_atomically
from tui.workspace.timers.goals import Goal, read_goal
from tui.workspace.timers.reckoning.rounding import Per, Rounding, RoundingError, Way, read_rounding

MOST_PERIODS = 9
"""Own periods that are remembered, the latest first."""


class Configured(Protocol):
    """What the settings say."""

    rounding: Way
    rounding_minutes: int
    rounding_per: Per
    goals: list[str]


class _Chosen(msgspec.Struct, omit_defaults=True):
    """What was chosen in the deck, each as it is typed; None where the settings count."""

    rounding: str | None = None
    goals: list[str] | None = None
    periods: list[str] = []


class Habits:
    """Reads and keeps them. Calls work on the disk: off the event loop."""

    def __init__(self, file: Path, configured: Configured) -> None:
        self._file = file
        self._configured = configured

    def rounding(self) -> Rounding:
        """How lengths are rounded."""
        chosen = self._chosen().rounding
        if chosen is not None:
            try:
                return read_rounding(chosen)
            except RoundingError:
                # Written by another version of the program: the settings count.
                pass
        told = self._configured
        return Rounding(told.rounding, told.rounding_minutes, told.rounding_per)

    def keep_rounding(self, rounding: Rounding) -> None:
        """Round like that from now on. Raises OSError."""
        chosen = self._chosen()
        chosen.rounding = rounding.typed
        self._keep(chosen)

    def goals(self) -> list[Goal]:
        """What is aimed at. Raises GoalError for a goal of the settings that is none."""
        chosen = self._chosen().goals
        return [read_goal(one) for one in (self._configured.goals if chosen is None else chosen)]

    def keep_goals(self, goals: list[Goal]) -> None:
        """Aim at these from now on. Raises OSError."""
        chosen = self._chosen()
        chosen.goals = [one.typed for one in goals]
        self._keep(chosen)

    def periods(self) -> list[str]:
        """The own periods that were named, as they are typed, the latest first."""
        return self._chosen().periods

    def keep_period(self, typed: str) -> None:
        """Remember an own period. Raises OSError."""
        chosen = self._chosen()
        others = [one for one in chosen.periods if one != typed]
        chosen.periods = [typed, *others][:MOST_PERIODS]
        self._keep(chosen)

    def _chosen(self) -> _Chosen:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Chosen)
        except (OSError, msgspec.DecodeError, RecursionError):
            return _Chosen()

    def _keep(self, chosen: _Chosen) -> None:
        write_atomically(self._file, msgspec.json.format(msgspec.json.encode(chosen), indent=1))
