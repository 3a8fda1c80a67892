"""What style sheets and marked-up text are read by, made when something is first read by it.

Textual compiles what each of its three dozen kinds of text is read by when it is imported, also of
texts that are never read. Its version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

from typing import Any

from textual.css.tokenizer import Expect

_make = Expect.__init__


def lighten() -> None:
    """Let all that is made from now on be made so; those there are stay as they are."""
    Expect.__init__ = _init  # type: ignore[method-assign]
    Expect.__getattr__ = _look  # type: ignore[attr-defined]


def _init(self: Expect, description: str, **tokens: str) -> None:
    vars(self)["made of"] = description, tokens


def _look(self: Expect, name: str) -> Any:
    """Asked for what is not there yet: then all of it is made, but for what was set since."""
    description, tokens = vars(self).pop("made of", ("", None))
    if tokens is None:
        raise AttributeError(name)
    since = dict(vars(self))
    _make(self, description, **tokens)
    vars(self).update(since)
    return getattr(self, name)
