"""What stands in the answer to a change beside what proves that it was made.

A change that the service says it has made was made, whatever else of the answer can be read. What
proves it is read strictly: the word for it, where something is made its id, and all that a record's
type has no default for or names as `proves`. Any other value that cannot be read is left out of
such an answer, as one element of a list is, and noted (see left_out). Answers to reads are read
strictly throughout: a record without one of its values is a wrong one.

What says in the same answer that the change was not made is nothing beside it: then nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from tui.services.errors import ProtocolViolation
from tui.services.left_out import SHOWN, LeftOut, notes, printable, sentences
from tui.services.operation import is_change
from tui.words import counted

T = TypeVar("T")
D = TypeVar("D")


def beside(value: Callable[[], T], at: str, otherwise: D) -> T | D:
    """A value that stands at a place beside what proves a change; `otherwise` where it cannot be
    read. Raises ProtocolViolation for the answer to a read.
    """
    try:
        return value()
    except ProtocolViolation as error:
        leave_beside(at, error)
        return otherwise


def leave_beside(at: str, error: ProtocolViolation) -> None:
    """Note a value that cannot be read, in the answer to a change. Raises the error elsewhere."""
    heard = notes()
    if heard is None or not is_change():
        raise error
    # It counts once, whatever of it had been left out by then.
    heard[:] = [one for one in heard if not f"{one.name}.".startswith(f"{at}.")]
    place = getattr(error, "place", at)
    heard.append(LeftOut(name=at, total=0, places=(place,), reason=error.message))


_ERRORS = ("error", "errors", "errorMsg", "errorMessage", "error_code", "errorCode")
_NONE = frozenset({"", "0", "none", "null", "false", "no", "ok"})


def insist_on_one_word(answer: Mapping[str, Any]) -> None:
    """Of an answer that says that it is done: that it does not tell an error as well.

    Raises ProtocolViolation for a change: whether it was made is not known then.
    """
    if not is_change():
        return
    for name in _ERRORS:
        told = answer.get(name)
        if told and str(told).strip().lower() not in _NONE:
            words = told.strip() if isinstance(told, str) else f"{name} {told}"
            raise ProtocolViolation(f"the answer says that it is done, and also: {words[:200]}")
    if "success" in answer and str(answer["success"]).strip().lower() in ("false", "0"):
        raise ProtocolViolation("the answer says that it is done, and also that it is not")


def keep_one(found: dict[str, Any], name: str, value: Any) -> None:
    """Put a value of an answer under its name. Raises ProtocolViolation where the answer to a
    change has another under the same name: which of them counts nobody knows.
    """
    if is_change() and found.get(name, value) != value:
        raise two_things(name)
    found[name] = value


def two_things(name: str) -> ProtocolViolation:
    """What is wrong with the answer to a change that has two values under one name."""
    return ProtocolViolation(f"the answer says two things of {name[:60]!r}")


def words_beside(found: Sequence[LeftOut]) -> str:
    """What of the answer to a change that was made could not be read, in a sentence; "" for
    nothing.
    """
    values = [one.reason for one in dict.fromkeys(found) if not one.total]
    parts = sentences(one for one in found if one.total)
    if values:
        many = "one value" if len(values) == 1 else counted(len(values), "value")
        more = f"; and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
        told = "; ".join(values[:SHOWN])
        parts.insert(0, f"{many} of the answer could not be read: {told}{more}")
    said = "; ".join(parts)
    return printable(f"made; {said}") if said else ""
