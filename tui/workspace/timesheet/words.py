"""What became of entering, in words that both faces say."""

from __future__ import annotations

from datetime import tzinfo

from tui.words import counted, were
from tui.workspace.times import length_text, stretch_text
from tui.workspace.timesheet.outcome import Outcome
from tui.workspace.timesheet.plan import CHANGES, Line

MOST_NAMED = 10


def news_of(outcome: Outcome) -> str:
    """How many were entered, in one line."""
    count = len(outcome.entered)
    seconds = sum(line.rounded for line, _ in outcome.entered)
    said = [f"{counted(count, 'block')} {were(count)} entered, {length_text(seconds)}."]
    if outcome.waiting:
        said.append(f"{counted(len(outcome.waiting), 'block')} kept until the way is open.")
    if outcome.meanwhile:
        were_there = counted(len(outcome.meanwhile), "block")
        said.append(f"{were_there} had been entered elsewhere meanwhile.")
    return " ".join(said)


def trouble_of(outcome: Outcome, where: tzinfo) -> str:
    """Which were refused, and of which nobody knows whether they were made; "" for none."""
    parts = []
    for title, found in (
        ("The service refused", outcome.refused),
        (f"Nobody knows whether it was made: see {CHANGES}", outcome.unknown),
    ):
        if found:
            lines = [f"  {_name(line, where)}: {why}" for line, why in found[:MOST_NAMED]]
            more = len(found) - MOST_NAMED
            parts += [f"{title}:", *lines, *([f"  and {more:,} more"] if more > 0 else [])]
    return "\n".join(parts)


def _name(line: Line, where: tzinfo) -> str:
    task = line.target.short if line.target is not None else ""
    return f"{stretch_text(line.start, line.stop, where)}, {task}"
