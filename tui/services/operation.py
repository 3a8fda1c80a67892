"""An operation is one typed async method, marked with its documented id.

The method's signature and docstring are the only place that knows its parameters: the client
API, `tockdeck ops`, `tockdeck call`, the console's form and the reference table all read them
from here.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, wraps
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import msgspec
from msgspec.structs import replace

from tui.services.errors import ServiceError
from tui.services.left_out import operating
from tui.services.limits import say_when
from tui.services.outcomes import outcome_unknown
from tui.services.told_back import are_quoted, hidden_in, hide_in

Effect = Literal["read", "write", "destructive"]
P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T")


class Parameter(msgspec.Struct, frozen=True):
    """One parameter of an operation, as its method declares it."""

    name: str
    hint: Any
    required: bool
    default: object
    help: str

    @property
    def documented_name(self) -> str:
        """The name without the underscore that keeps it from being a Python keyword."""
        return self.name.rstrip("_")


class Operation(msgspec.Struct, frozen=True, dict=True):
    """One documented operation and the method that carries it out."""

    id: str
    effect: Effect
    idempotent: bool
    """True when sending it twice does no more than sending it once: it may be retried."""
    method: Callable[..., Coroutine[Any, Any, Any]]

    @cached_property
    def service(self) -> str:
        """The service's id, the first part of the operation's."""
        return self.id.partition(".")[0]

    @cached_property
    def _documentation(self) -> tuple[str, str, dict[str, str]]:
        text = inspect.cleandoc(self.method.__doc__ or "")
        body, _, arguments = text.partition("\nArgs:\n")
        title = body.partition("\n")[0].rstrip(".")
        arguments, *rest = re.split(r"\n(?=\S)", arguments, maxsplit=1)
        helps = {
            name: " ".join(words.split())
            for name, words in re.findall(
                r"^ +(\w+): (.*(?:\n {8,}.*)*)", arguments, flags=re.MULTILINE
            )
        }
        return title, "\n".join([body.strip(), *rest]).strip(), helps

    @property
    def title(self) -> str:
        """What it does, in one line."""
        return self._documentation[0]

    @property
    def description(self) -> str:
        """The whole docstring without the arguments: meaning, errors, source."""
        return self._documentation[1]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters in order, with their resolved types and help."""
        hints = typing.get_type_hints(self.method, include_extras=True)
        helps = self._documentation[2]
        return tuple(
            Parameter(
                name,
                hints.get(name, str),
                parameter.default is inspect.Parameter.empty,
                None if parameter.default is inspect.Parameter.empty else parameter.default,
                helps.get(name, ""),
            )
            for name, parameter in inspect.signature(self.method).parameters.items()
            if name != "self"
        )

    @cached_property
    def answer(self) -> Any:
        """The type that the method returns."""
        return typing.get_type_hints(self.method, include_extras=True).get("return")


class Run(msgspec.Struct):
    """What the running task carries out, and how far it has come.

    `operation` is None where several are carried out together. `sent` says that a change has
    left this machine which the service has not refused: it may have been made. `doubted` that an
    earlier try of it was not answered: then the answer to a later one, such as "there is no such
    row" after a deletion, says nothing of the first.
    """

    operation: Operation | None = None
    sent: bool = False
    doubted: bool = False
    beside: bool = False
    """Whether what is sent now is none of the operation's own requests."""
    secrets: set[str] = msgspec.field(default_factory=set)
    """What was sent that no words may tell, with logging in before it."""
    answer: bytes = b""
    """The latest answer, where it has not been looked through for them."""
    quoted: bool = False
    """Whether one of the answers may hold one of them."""
    later: tuple[int, str] | None = None
    """The status of the latest answer that said when to come again, and its Retry-After."""

    @property
    def idempotent(self) -> bool:
        """Whether sending again does no harm; the transport asks."""
        return self.operation is not None and self.operation.idempotent

    @property
    def is_write(self) -> bool:
        """Whether what is sent now changes something, whichever verb of HTTP it goes by."""
        return self.operation is not None and self.operation.effect != "read" and not self.beside


current_run: ContextVar[Run | None] = ContextVar("current_run", default=None)


def is_change() -> bool:
    """Whether what is sent now, or was just answered, changes something (see `Run.is_write`)."""
    run = current_run.get()
    return run is not None and run.is_write


@contextmanager
def following() -> Iterator[Run]:
    """A run over several operations: `sent` says whether one of them may have changed something,
    `secrets` has those of all.
    """
    run, around = Run(), current_run.get()
    token = current_run.set(run)
    try:
        yield run
    finally:
        current_run.reset(token)
        if around is not None:
            around.secrets |= run.secrets
            around.sent |= run.sent


@contextmanager
def aside() -> Iterator[None]:
    """Around a request that is not the operation's own, such as logging in first.

    What becomes of it says nothing about whether the operation was carried out.
    """
    run = current_run.get()
    token = current_run.set(replace(run, beside=True) if run is not None else None)
    try:
        yield
    finally:
        current_run.reset(token)


def mark_sent(sent: bool = True) -> None:
    """The operation's own request leaves, or has been refused by the service: nothing was done."""
    run = current_run.get()
    if run is not None:
        run.sent = sent or run.doubted


def mark_doubted() -> None:
    """What was sent was not answered, and is sent once more."""
    run = current_run.get()
    if run is not None:
        run.doubted = run.sent


def mark_answered(content: bytes) -> None:
    """An answer has come. It is looked through for secrets once its words are read, if ever: of a
    large table that takes half as long as to decode it.
    """
    run = current_run.get()
    if run is not None:
        run.answer = content


def mark_later(status: int, retry_after: str | None) -> None:
    """An answer has come that is no yes; `retry_after` is its header."""
    run = current_run.get()
    if run is not None:
        run.later = (status, retry_after) if retry_after else None


def told(words: T) -> T:
    """What the service says in an answer in its own words, or under keys that nothing reads:
    without the secrets that were sent.
    """
    run = current_run.get() if words else None
    if run is None:
        return words
    if run.answer:
        run.quoted = run.quoted or are_quoted(run.secrets, run.answer)
        run.answer = b""
    if not run.quoted:
        return words
    cleaned: T = hidden_in(words, run.secrets)
    return cleaned


async def carried_out(marked: Operation, work: Coroutine[Any, Any, R]) -> R:
    """What `work` gives, done as the operation: see there for its errors and lists."""
    run, around = Run(marked), current_run.get()
    token = current_run.set(run)
    try:
        with operating() as left_out:
            done = await work
            # Why something could not be read shows what stood there.
            left_out[:] = [replace(one, reason=told(one.reason)) for one in left_out]
            return done
    except ServiceError as error:
        error.locate(marked.service, marked.id)
        hide_in(error, run.secrets)
        if run.later is not None and run.later[0] == error.status:
            say_when(error, run.later[1])
        if error.nothing_done and not run.doubted:
            run.sent = False
        elif run.sent and marked.effect != "read":
            raise outcome_unknown(marked.id, error) from error
        raise
    finally:
        current_run.reset(token)
        if around is not None:
            around.secrets |= run.secrets
            around.sent |= run.sent and marked.effect != "read"


def operation(
    id: str, effect: Effect, *, idempotent: bool | None = None
) -> Callable[
    [Callable[Concatenate[S, P], Coroutine[Any, Any, R]]],
    Callable[Concatenate[S, P], Coroutine[Any, Any, R]],
]:
    """Mark an async method as the operation `id` of operations.tsv.

    `effect` says whether it reads, writes or destroys. Reads are idempotent; a write is only
    when `idempotent` says so. A ServiceError that leaves the method names the operation; what
    leaves a change after it was sent, and is not the service's own no, is OutcomeUnknown.
    Elements of lists that cannot be read are left out of the answer and noted (see left_out).
    """

    def mark(
        method: Callable[Concatenate[S, P], Coroutine[Any, Any, R]],
    ) -> Callable[Concatenate[S, P], Coroutine[Any, Any, R]]:
        marked = Operation(
            id, effect, effect == "read" if idempotent is None else idempotent, method
        )

        @wraps(method)
        async def carry_out(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            return await carried_out(marked, method(self, *args, **kwargs))

        carry_out.__operation__ = marked  # type: ignore[attr-defined]
        return carry_out

    return mark


def operations_of(owner: type) -> dict[str, Operation]:
    """The operations that a class and its bases mark, by method name, as they are written."""
    found: dict[str, Operation] = {}
    for kind in owner.__mro__:
        for name, member in vars(kind).items():
            marked = getattr(member, "__operation__", None)
            if isinstance(marked, Operation):
                found.setdefault(name, marked)
    return found
