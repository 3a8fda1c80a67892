"""What is said of samples that stand apart, as no boat can have done them. No Textual."""

from __future__ import annotations

from collections.abc import Mapping

from tui.words import counted, were

WHY = {
    "no fix": ("position", "the unit had no fix"),
    "jump": ("position", "no boat moves that fast"),
    "spike": ("speed", "no boat has that speed, or gets to it that fast"),
}
"""Of each reason what was left out, and why."""


def left_apart(reasons: Mapping[str, int]) -> tuple[str, ...]:
    """How many samples were left out and why, a sentence for each reason."""
    return tuple(
        f"{counted(count, WHY[reason][0])} {were(count)} left out: {WHY[reason][1]}"
        for reason, count in sorted(reasons.items())
        if count
    )
