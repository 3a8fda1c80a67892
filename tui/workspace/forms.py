"""Drafts of the forms that are open: one that was sent leaves none, however late it is told."""

from __future__ import annotations

from asyncio import Lock, to_thread
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tui.store.changes import Change
    from tui.store.drafts import Drafts, Sent

_UNKNOWN = "It was sent, and nobody knows whether it was done: look in Changes first. {}"
_NOT_DONE = "It was sent, and counts as not done. {}"


class Draft(NamedTuple):
    """What was typed into a form; empty where nothing was."""

    values: dict[str, Any]
    since: datetime | None = None
    note: str = ""
    """What became of it when it was sent once, in sentences."""


class Forms:
    """Keeps what is typed into open forms. Every method raises OSError where the disk fails."""

    def __init__(
        self, drafts: Drafts, change_of: Callable[[str], Change | None] = lambda _id: None
    ) -> None:
        """`change_of` gives a kept change by its id."""
        self._drafts = drafts
        self._change_of = change_of
        self._sent: dict[str, Sent] = {}
        self._open: set[str] = set()
        self._writing = Lock()
        self._latest: dict[str, dict[str, Any]] = {}
        """What is to be written next, by form: of what is typed meanwhile only the last."""

    async def begin(self, form_id: str) -> Draft:
        """A form is opened: what is typed into it counts from now on. Its draft.

        One that was sent without anybody knowing whether it arrived is gone once that is known.
        Who opens a form again at once gets what was typed last, though that is still on its way
        to the disk.
        """
        self._open.add(form_id)
        async with self._writing:
            draft = await to_thread(self._kept, form_id)
        latest = self._latest.get(form_id)
        return draft if latest is None else draft._replace(values=latest)

    def _kept(self, form_id: str) -> Draft:
        values, sent = self._drafts.load(form_id), self._drafts.sent(form_id)
        since = self._drafts.since(form_id)
        change = None if sent is None else self._change_of(sent.change)
        if sent is None or change is None:
            return Draft(values, since)
        if change.state == "unknown":
            self._sent[form_id] = sent
            return Draft(values, since, _UNKNOWN.format(change.reason).strip())
        if change.state in ("refused", "dropped"):
            return Draft(values, since, _NOT_DONE.format(change.reason).strip())
        if values != sent.values:
            # More was typed since.
            return Draft(values, since)
        self._drafts.drop(form_id)
        return Draft({})

    async def may_have_arrived(self, form_id: str, change: str, values: Mapping[str, str]) -> None:
        """The form was sent, and nobody knows what became of that: it is a draft with that said."""
        from tui.store.drafts import Sent

        sent = self._sent[form_id] = Sent(change, dict(values))
        async with self._writing:
            await to_thread(self._drafts.save, form_id, values, sent)

    async def arrived(self, form_id: str, values: Mapping[str, str]) -> str:
        """What was done, in words, where just this was sent before and was found done since."""
        sent = self._sent.get(form_id)
        if sent is None or dict(values) != sent.values:
            return ""
        change = await to_thread(self._change_of, sent.change)
        settles = change is not None and change.state in ("waiting", "sending", "done")
        return change.title if change is not None and settles else ""

    async def keep(self, form_id: str, values: dict[str, str]) -> None:
        """Keep what is typed, while the form is not sent. It may be kept already once it is its
        turn, with what was typed after it: a slow disk has to be waited for twice at most.
        """
        self._latest[form_id] = values
        async with self._writing:
            latest = self._latest.pop(form_id, None)
            if latest is not None and form_id in self._open:
                await to_thread(self._drafts.save, form_id, latest, self._sent.get(form_id))

    async def end(self, form_id: str) -> None:
        """It was sent: from here on a draft that is still on its way is not kept any more."""
        async with self._writing:
            self._open.discard(form_id)
            self._sent.pop(form_id, None)
            await to_thread(self._drafts.drop, form_id)
