"""Which texts hold the words that a person typed."""

from __future__ import annotations

from tui.store.folding import fold


def holds(text: str, typed: str) -> bool:
    """Whether a text has every word that is typed, and none of those behind a `!`, whatever their
    case and accents. A `!` alone wants nothing yet."""
    folded = fold(text)
    return all(
        (fold(word.removeprefix("!")) in folded) is not word.startswith("!")
        for word in typed.split()
        if word != "!"
    )
