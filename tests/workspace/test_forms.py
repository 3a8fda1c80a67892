"""Drafts of open forms: what was typed last is kept soon, however slow the disk is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace

from tests.patient import MOST_SECONDS
from tui.store.changes import Change, State
from tui.store.drafts import Drafts, Sent
from tui.workspace.forms import Forms


class SlowDrafts(Drafts):
    """Drafts on a disk that takes its time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.goes_on = Event()
        self.written: list[Mapping[str, Any]] = []

    def save(self, key: str, values: Mapping[str, Any], sent: Sent | None = None) -> None:
        self.goes_on.wait(MOST_SECONDS)
        self.written.append(values)
        super().save(key, values, sent)


async def test_what_is_typed_while_the_disk_is_slow_is_written_once(tmp_path: Path) -> None:
    drafts = SlowDrafts(tmp_path)
    forms = Forms(drafts)
    texts = [{"name": "typed"[:end]} for end in range(1, 6)]
    for form_id in ("one", "other"):
        await forms.begin(form_id)
    keeping = [
        asyncio.create_task(forms.keep(form_id, values))
        for values in texts
        for form_id in ("one", "other")
    ]
    await asyncio.sleep(0)  # the first of them has reached the disk
    drafts.goes_on.set()
    await asyncio.gather(*keeping)
    assert drafts.load("one") == drafts.load("other") == {"name": "typed"}
    assert len(drafts.written) <= 4, "the first and the last of each form"


async def test_a_form_that_is_opened_again_at_once_has_what_was_typed_last(tmp_path: Path) -> None:
    drafts = SlowDrafts(tmp_path)
    forms = Forms(drafts)
    await forms.begin("one")
    for typed in (["a"], ["ta", "tab"]):
        drafts.goes_on.clear()
        keeping = [asyncio.create_task(forms.keep("one", {"name": one})) for one in typed]
        opening = asyncio.create_task(forms.begin("one"))
        await asyncio.sleep(0)  # the first is on its way to the disk
        drafts.goes_on.set()
        assert (await opening).values == {"name": typed[-1]}
        await asyncio.gather(*keeping)
        assert drafts.load("one") == {"name": typed[-1]}


async def test_what_fails_is_said_and_what_is_typed_after_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = Drafts(tmp_path)
    forms = Forms(drafts)
    await forms.begin("one")
    with monkeypatch.context() as full:

        def fails(*_: object) -> None:
            raise OSError("No space left on device")

        full.setattr(drafts, "save", fails)
        with pytest.raises(OSError, match="No space left"):
            await forms.keep("one", {"name": "a"})
    await forms.keep("one", {"name": "ab"})
    assert drafts.load("one") == {"name": "ab"}


async def test_a_form_that_was_sent_leaves_no_draft_however_late_it_is_told(
    tmp_path: Path,
) -> None:
    drafts = Drafts(tmp_path)
    forms = Forms(drafts)
    await forms.begin("one")
    late = asyncio.create_task(forms.keep("one", {"name": "late"}))
    await forms.end("one")
    await late
    await forms.keep("one", {"name": "later"})
    await forms.begin("one")
    assert drafts.load("one") == {}


@pytest.mark.parametrize(
    ("state", "more", "kept", "said"),
    [
        ("unknown", "", "boat", "nobody knows whether it was done"),
        ("done", "", None, ""),
        ("done", "s", "boats", ""),
        ("waiting", "", None, ""),
        ("undone", "", None, ""),
        ("refused", "", "boat", "counts as not done. no such client"),
        ("dropped", "", "boat", "counts as not done"),
    ],
)
async def test_the_draft_of_what_may_have_arrived_goes_once_that_is_known(
    tmp_path: Path, state: State, more: str, kept: str | None, said: str
) -> None:
    change = Change(
        id="c", sequence=1, time=datetime.now(UTC), owner="me", operation="timesheets.x",
        title="New client", state="unknown", reason="no such client",
    )  # fmt: skip
    states = {"c": change}
    forms = Forms(Drafts(tmp_path), states.get)
    await forms.begin("one")
    await forms.may_have_arrived("one", "c", {"name": "boat"})
    assert await forms.arrived("one", {"name": "boat"}) == ""
    if more:
        await forms.keep("one", {"name": f"boat{more}"})
    states["c"] = replace(change, state=state)
    found = await forms.arrived("one", {"name": "boat"})
    assert found == ("New client" if state in ("done", "waiting") else "")
    assert await forms.arrived("one", {"name": "another"}) == ""
    # After a restart too.
    draft = await Forms(Drafts(tmp_path), states.get).begin("one")
    assert draft.values.get("name") == kept
    assert said in draft.note
    assert bool(said) == bool(draft.note)
