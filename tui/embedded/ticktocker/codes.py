"""What a call can answer, in the words of the API page."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """The first value of every answer."""

    OK = 1
    NONE = 0
    FAIL = -1
    NO_LOGIN = -2
    NO_AUTH = -3
    BAD_APP = -4
    TOO_FAST = -5
    NO_MORE_CALLS = -6


class Refusal(Exception):
    """The service says no, with one of the codes and a readable text."""

    def __init__(self, code: Code, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def missing(name: str) -> Refusal:
    """A parameter is not there: the command completes and has nothing to answer."""
    return Refusal(Code.NONE, f"The parameter {name} is missing.")


def invalid(words: str) -> Refusal:
    """Invalid data was put in."""
    return Refusal(Code.FAIL, words)
