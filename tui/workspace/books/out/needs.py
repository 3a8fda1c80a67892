"""What writing or reading a form of file can lack."""

from __future__ import annotations


class FormMissing(Exception):
    """Raised where the library of a form is not installed; the message names what installs it."""

    def __init__(self, form: str, library: str, extra: str) -> None:
        super().__init__(f"{form} needs {library}: pip install 'tockdeck[{extra}]'")


class FormTooSmall(Exception):
    """Raised where a form of file cannot hold what is to be written; nothing was."""
