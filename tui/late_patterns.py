"""Regular expressions that are compiled when they are first used, if at all.

To compile one takes as long as to import a small module, and most of those that stand at the top of
one are for what seldom comes: an answer in XML, a date that is typed. `late_pattern` stands where
`re.compile` would; where a pattern is used in any case, that remains the shorter way.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class LatePattern:
    """Stands in for a compiled pattern, which alone is asked whatever is asked of this."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text, self._flags = text, flags
        self._made: re.Pattern[Any] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = re.compile(self._text, self._flags)
        # From now on it is found here at once.
        found = vars(self)[name] = getattr(self._made, name)
        return found


def late_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern that `re.compile` gives, made when it is first used; what is wrong with it is
    raised then. It goes to none of `re`'s own functions, which take compiled ones alone.
    """
    return cast("re.Pattern[AnyStr]", LatePattern(text, flags))
