"""What each block has of its day's rounded sum: lengths as they are entered."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from tui.workspace.timers.reckoning.rounding import Rounding


def shares(
    rule: Rounding,
    parts: Sequence[tuple[Hashable, int]],
    already: Mapping[Hashable, tuple[int, int]] | None = None,
) -> list[int]:
    """Each of the (what it is summed with, seconds) as it is rounded.

    Per day what has the same name is summed, such as a day and a task: the last of it takes the
    difference, and those before it what is left where it would become less than nothing.
    `already` has (exact, counted) seconds by name of what has been counted before and stays.
    """
    if not rule.changes or rule.per == "block":
        return [rule.length(seconds) for _, seconds in parts]
    found = [seconds for _, seconds in parts]
    sums: dict[Hashable, int] = {}
    for name, seconds in parts:
        sums[name] = sums.get(name, 0) + seconds
    left: dict[Hashable, int] = {}
    for name, total in sums.items():
        exact, counted = (already or {}).get(name, (0, 0))
        left[name] = rule.length(exact + total) - counted - total
    for place in range(len(parts) - 1, -1, -1):
        name = parts[place][0]
        rounded = max(0, found[place] + left[name])
        left[name] -= rounded - found[place]
        found[place] = rounded
    return found
