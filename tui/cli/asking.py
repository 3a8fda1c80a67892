"""A question of a verb, where somebody is there to answer it."""

from __future__ import annotations

import sys


def can_ask() -> bool:
    """Whether a person sits at standard input."""
    return sys.stdin.isatty()


def says_yes(question: str) -> bool:
    """Ask on standard error; only a `y` or `yes` is one."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
