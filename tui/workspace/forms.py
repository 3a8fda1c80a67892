"""Drafts of the forms that are open: one that was sent leaves none, however late it is told."""

from __future__ import annotations

from asyncio import Lock, to_thread
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.store.drafts import Drafts


class Forms:
    """Keeps what is typed into open forms. Every method raises OSError where the disk fails."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._open: set[str] = set()
        self._writing = Lock()
        self._latest: dict[str, dict[str, Any]] = {}
        """What is to be written next, by form: of what is typed meanwhile only the last."""

    async def begin(self, form_id: str) -> tuple[dict[str, Any], datetime | None]:
        """A form is opened: what is typed into it counts from now on. Its draft, and since when
        it is kept; empty where there is none.
        """
        self._open.add(form_id)

        def kept() -> tuple[dict[str, Any], datetime | None]:
            return self._drafts.load(form_id), self._drafts.since(form_id)

        return await to_thread(kept)

    async def keep(self, form_id: str, values: dict[str, str]) -> None:
        """Keep what is typed, while the form is not sent. It may be kept already once it is its
        turn, with what was typed after it: a slow disk has to be waited for twice at most.
        """
        self._latest[form_id] = values
        async with self._writing:
            latest = self._latest.pop(form_id, None)
            if latest is not None and form_id in self._open:
                await to_thread(self._drafts.save, form_id, latest)

    async def end(self, form_id: str) -> None:
        """It was sent: from here on a draft that is still on its way is not kept any more."""
        async with self._writing:
            self._open.discard(form_id)
            await to_thread(self._drafts.drop, form_id)
