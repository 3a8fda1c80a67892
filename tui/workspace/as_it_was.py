"""How it is said that what is taken is not of now, as the service cannot be asked."""

from __future__ import annotations

from datetime import datetime, tzinfo

from tui.workspace.times import moment_text


def as_it_was(what: str, as_of: datetime, where: tzinfo) -> str:
    """Of things that are kept here, such as `the rows`, why they are taken and how old they are:
    a sentence without its ends, with the time in `where`.
    """
    return f"the service cannot be reached: {what} are as of {moment_text(as_of, where)}"
