"""Commands by a few of their letters, as people type them: `tgth` for "Toggle theme".

Every letter has to come, in order. Of the ways to find them the one counts in which most of them
begin words or follow each other.
"""

from __future__ import annotations

from functools import lru_cache

LONGEST = 64
"""Letters of a title that are looked at, and of what is typed."""
_BEGINS, _FOLLOWS = 3, 2
_MISSED = -10_000


@lru_cache(4096)
def likeness(letters: str, title: str) -> int | None:
    """How well folded letters fit a folded title, the more the better; None where they do not.

    Half of what the best would have is asked for: scattered letters are in almost every title.
    """
    letters, title = letters[:LONGEST], title[:LONGEST]
    rest = iter(title)
    # Most titles do not hold them at all, in order: that is seen at once.
    if len(letters) < 2 or not all(letter in rest for letter in letters):
        return None
    # For each place of the title: the best of the ways in which the last letter stands there.
    ending = [_MISSED] * len(title)
    for number, letter in enumerate(letters):
        # The best of those that end somewhere before; nothing stands before the first one.
        before, here = (0 if number == 0 else _MISSED), [_MISSED] * len(title)
        for place, found in enumerate(title):
            last = ending[place - 1] if place else _MISSED
            if number:
                before = max(before, last)
            if found == letter and before > _MISSED:
                begins = place == 0 or not title[place - 1].isalnum()
                here[place] = max(before + begins * _BEGINS, last + _FOLLOWS)
        ending = here
    score = max(ending)
    return score if 2 * score > 3 * len(letters) else None
