"""How hours are written: in hundredths, as h:mm and h:mm:ss; and a cell of Markdown."""

from __future__ import annotations

import re

SEPARATOR = " › "
"""Between the names of a path, as trackers are shown."""


def decimal(seconds: int) -> str:
    """Hours to two decimals, halves up: `2.33`; they are for spreadsheets, `seconds` is exact."""
    sign, hundredths = "-" if seconds < 0 else "", (abs(seconds) * 2 + 36) // 72
    return f"{sign}{hundredths // 100}.{hundredths % 100:02}"


def h_mm(seconds: int) -> str:
    """`2:20`, to the nearest minute."""
    sign, minutes = "-" if seconds < 0 else "", (abs(seconds) + 30) // 60
    return f"{sign}{minutes // 60}:{minutes % 60:02}"


def hms(seconds: float) -> str:
    """`2:00:00`."""
    sign, whole = "-" if seconds < 0 else "", abs(round(seconds))
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def markdown_cell(text: str) -> str:
    """A text as it stands in a cell of a Markdown table."""
    return re.sub(r"([|\\`<>&\[\]])", r"\\\1", " ".join(text.split()))
