"""What a form has from an earlier time: a draft, what of it still holds, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from tui.widgets.form_values import FieldError, FormField, default_text, read_list
from tui.workspace.times import moment_text

GONE = "What the draft had here is not there any more: choose again."


class Draft(NamedTuple):
    """The texts that a form begins with."""

    texts: dict[str, str]
    """By the names of the fields."""
    anew: dict[str, str]
    """What they would be without a draft."""
    gone: dict[str, str]
    """Field -> words, where the draft has a choice that there is no more."""

    @property
    def is_one(self) -> bool:
        """Whether anything differs from what stands there without a draft."""
        return self.texts != self.anew or bool(self.gone)


def draft_of(fields: Sequence[FormField], kept: Mapping[str, str], zone: tzinfo | None) -> Draft:
    """What of a kept draft still holds, and the defaults for all else."""
    anew = {field.name: default_text(field, zone) for field in fields}
    texts, gone = dict(anew), {}
    for field in fields:
        text = kept.get(field.name)
        if text is None:
            continue
        if field.kind in ("choice", "choices") and text != anew[field.name]:
            there = _still_there(field, text)
            if there is None:
                gone[field.name] = GONE
            text = there or ""
        texts[field.name] = text
    return Draft(texts, anew, gone)


def _still_there(field: FormField, text: str) -> str | None:
    """The text where the form has every choice in it, else None."""
    try:
        chosen = read_list(text) if field.kind == "choices" else [text]
    except FieldError:
        return None
    known = {"", *(value for value, _ in field.choices)}
    return text if known.issuperset(chosen) else None


def words_of(about: str, since: datetime | None, zone: tzinfo | None) -> str:
    """One line that says of what a draft is, and since when it is kept."""
    here = zone or datetime.now().astimezone().tzinfo or UTC
    when = f" of {moment_text(since, here)}" if since is not None else ""
    return f"A draft{when}, not sent: {about}"
