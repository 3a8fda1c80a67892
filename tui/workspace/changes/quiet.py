"""A service's own words on a call, without the secrets of the call that they may quote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

from tui.services.errors import ServiceError
from tui.services.told_back import unquoted
from tui.workspace.changes.arguments import as_data, given_of

T = TypeVar("T")
SHORTEST = 3
"""Characters of a text that is looked for: a shorter one stands in words that mean another."""


def quietly(
    call: partial[Coroutine[Any, Any, T]], hidden: Collection[str]
) -> Callable[[], Awaitable[T]]:
    """The call; what it raises says nothing of the arguments that are `hidden` (as in Change)."""
    if not hidden:
        return call
    secrets = set(_texts_of(as_data(given_of(call)), hidden))

    async def made() -> T:
        try:
            return await call()
        except ServiceError as error:
            error.message = unquoted(error.message, secrets)
            error.advice = unquoted(error.advice, secrets)
            error.args = (error.message,)
            raise

    return made


def _texts_of(given: Mapping[str, Any], hidden: Collection[str], path: str = "") -> Iterator[str]:
    """The texts that stand at the hidden paths, each as it is and as an address has it."""
    for name, value in given.items():
        here = f"{path}{name}"
        if here in hidden:
            yield from (form for text in _leaves(value) for form in _forms(text))
        elif isinstance(value, Mapping):
            yield from _texts_of(value, hidden, f"{here}.")


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, str):
        yield value


def _forms(text: str) -> set[str]:
    if len(text) < SHORTEST:
        return set()
    return {text, quote(text), quote(text, safe=""), quote_plus(text)}
