"""What reading a damaged workbook, a ZIP with XML in it, ends in, and how that is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zipfile import BadZipFile

from tui.damaged_zip import DAMAGED_ZIP, points_nowhere

DAMAGED_WORKBOOK = (
    *DAMAGED_ZIP, ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError,
)  # fmt: skip
"""What openpyxl raises over content that is none: it looks at little of it beforehand, and the
errors of its parsers are SyntaxErrors."""


@contextmanager
def damage_told(
    kinds: tuple[type[Exception], ...], told: Callable[[str], Exception]
) -> Iterator[None]:
    """Raise what `told` makes of the words for it, where one of these kinds is raised."""
    try:
        yield
    except kinds as error:
        raise told(_damage_of(error)) from None
    except OSError as error:
        if not points_nowhere(error):
            raise
        raise told(_damage_of(error)) from None


def _damage_of(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it is cut off"
    if isinstance(error, (BadZipFile, KeyError, RuntimeError)) and str(error):
        return str(error)
    return "its content is damaged"
