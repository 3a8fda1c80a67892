"""Which theme the person changed to: it stays until the configuration names another one."""

from __future__ import annotations

from pathlib import Path


class Appearance:
    """The theme, in a small file beside what else the deck itself decides."""

    def __init__(self, path: Path, configured: str) -> None:
        """`configured` is the theme of the settings."""
        self._path = path
        self._configured = configured

    @property
    def theme(self) -> str:
        """The theme that was changed to while the settings named the same one as now; else that
        of the settings.
        """
        try:
            instead_of, _, chosen = self._path.read_text(encoding="utf-8").partition("\n")
        except (OSError, ValueError):
            return self._configured
        return (
            chosen.strip() or self._configured
            if instead_of == self._configured
            else (self._configured)
        )

    def keep(self, theme: str) -> None:
        """Begin with this theme from now on, where the disk takes it."""
        # Not needed before the first frame.
        from tui.store.files import write_atomically

        try:
            write_atomically(self._path, f"{self._configured}\n{theme}\n".encode())
        except OSError:
            # It is seen, and changed again by one key: not worth a word.
            return
