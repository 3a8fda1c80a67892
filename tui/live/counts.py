"""What became of the samples that came, in numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """What became of the samples that a ring was given.

    `late` were put in order; `duplicates` dropped as already there; `expired` dropped as older
    than all that is kept; `junk` dropped as their time cannot be true. Of the duplicates,
    `conflicts` had another value than what stands.
    """

    kept: int = 0
    late: int = 0
    duplicates: int = 0
    expired: int = 0
    junk: int = 0
    conflicts: int = 0

    def add(self, other: Counts) -> None:
        """Count what became of others as well."""
        self.kept += other.kept
        self.late += other.late
        self.duplicates += other.duplicates
        self.expired += other.expired
        self.junk += other.junk
        self.conflicts += other.conflicts
