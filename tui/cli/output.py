"""The standard streams of a run, made so that whatever a verb prints arrives or fails in words.

One gate stands between every verb and a terminal: what goes to one is cleaned, whoever prints it
and however, while a pipe or a file gets the data as they are. What the encoding of the streams
does not know is written as what comes nearest. A stream that is closed, full or that nobody reads
any more ends a run with a line and a status, never with a traceback.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import ReadableBuffer

NEAREST = "tockdeck.nearest"
"""The name under which what an encoding does not know becomes what comes nearest."""
_MARKS = {
    "●": "*", "○": "o", "•": "*", "·": ".", "–": "-", "—": "-", "−": "-", "’": "'", "“": '"',
    "”": '"', "←": "<", "→": ">", "↑": "^", "↓": "v", "⏎": "enter", "↵": "\\n", "⇥": "\\t",
    "⇤": "shift+tab", "›": ">", "‹": "<", "≥": ">=", "≤": "<=", "≠": "!=", "✓": "+", "✗": "x",
}  # fmt: skip
_SIGNS = str.maketrans(_MARKS | {"…": "..."})
"""What is no letter, and is not in every charset of letters."""


CLOSED = "standard output is closed: there is nowhere to print to"


class OutputFailed(Exception):
    """Standard output took nothing more; the message says why."""


class ReaderGone(OutputFailed):
    """Who read standard output went away: nobody is left to tell, and that is no failure."""


def nearest(error: UnicodeError) -> tuple[bytes, int]:
    """A handler of encoding errors: the letter without its marks, a likely sign, or ``?``.

    Bytes of a file name that were no text are written as those bytes.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from tui.spelling import SPELT

    found = b""
    for character in error.object[error.start : error.end]:
        code = ord(character)
        if 0xDC80 <= code <= 0xDCFF:
            found += bytes((code - 0xDC00,))
            continue
        known = SPELT.get(character) or _MARKS.get(character, character)
        if unicodedata.category(known[0]) == "No":
            known = "?"  # as a digit it would belong to the figure beside it: 10⁴ is not 104
        plain = unicodedata.normalize("NFKD", known)
        letters = "".join(one for one in plain if not unicodedata.combining(one))
        found += (letters or "?").encode("ascii", "replace")
    return found, error.end


def written_in(encoding: str) -> str:
    """The charset of what a person reads, by that of a stream: the one that the locale names.

    Python takes UTF-8 where the locale is C, whose terminals have ASCII. What a person has told
    Python itself stands.
    """
    told = os.environ.get("PYTHONIOENCODING") or os.environ.get("PYTHONUTF8")
    if told or codecs.lookup(encoding).name != "utf-8":
        return encoding
    from tui.terminal import charset_of

    return charset_of()


def write_pages(glyphs: str) -> None:
    """What is printed from now on are pages and no data: in the locale's charset, piped or not, but
    in UTF-8 where a person has set that there are all `glyphs`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            all_signs = glyphs == "unicode"
            if not stream.isatty():
                encoding = "utf-8" if all_signs else written_in(stream.encoding)
                stream.reconfigure(encoding=encoding, errors=NEAREST)
            elif all_signs and isinstance(stream.buffer, _Gate):
                stream.buffer.show_all()


def in_plain_signs(text: str) -> str:
    """The text with its letters, and the likeliest of ASCII for each sign that is none."""
    return text if text.isascii() else text.translate(_SIGNS)


class _Gate(io.BufferedIOBase):
    """What stands before a stream's own bytes. It is the end of them once one write has failed."""

    name = "output"

    def __init__(self, under: BinaryIO | None, encoding: str, *, needed: bool) -> None:
        self._under = under
        self._needed = needed
        self._failed = False
        self._terminal = under is not None and under.isatty()
        self._encoding = written_in(encoding) if self._terminal else encoding
        self._text = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def gone(self) -> bool:
        """Whether there is nothing behind it."""
        return self._under is None

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """Whether a person looks at it."""
        return self._terminal

    def fileno(self) -> int:
        """The file that stands behind it. Raises OutputFailed where that is closed."""
        if self._under is None:
            raise OutputFailed(CLOSED)
        return self._under.fileno()

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of it. Raises OutputFailed; what is only said beside the data is passed by."""
        content = bytes(data)
        if self._under is None:
            self._fail(CLOSED)
        elif not self._failed:
            under = self._under
            shown = self._cleaned(content) if self._terminal else content
            self._tried(lambda: under.write(shown))
        return len(content)

    def flush(self) -> None:
        """Hand it on. Raises OutputFailed."""
        if self._under is not None and not self._failed:
            self._tried(self._under.flush)

    def show_all(self) -> None:
        """A terminal that has every sign, whatever the locale says of it."""
        self._encoding = "utf-8"

    def leave(self) -> None:
        """Let go of the file: it is another's, who may close it before Python ends this one."""
        self._under = None
        self._needed = False

    def _cleaned(self, content: bytes) -> bytes:
        from tui.workspace.text import clean_block

        return clean_block(self._text.decode(content)).encode(self._encoding, NEAREST)

    def _tried(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as error:
            self._forget()
            if isinstance(error, BrokenPipeError) and self._needed:
                raise ReaderGone("nobody reads standard output any more") from error
            self._fail(f"standard output: {error.strerror or error}")

    def _fail(self, words: str) -> None:
        if self._failed or not self._needed:
            return
        self._failed = True
        raise OutputFailed(words)

    def _forget(self) -> None:
        """What Python still holds goes nowhere: its flush at the end would change the status."""
        with suppress(OSError, ValueError):
            if self._under is not None:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self._under.fileno())
                os.close(nowhere)


class Streams:
    """The standard streams while a verb runs; they are put back at its end."""

    def __init__(self) -> None:
        self._before = (sys.stdin, sys.stdout, sys.stderr)
        self._gates: list[_Gate] = []

    def __enter__(self) -> Streams:
        codecs.register_error(NEAREST, nearest)
        for number in range(3):
            _occupy(number)
        if sys.stdin is None:
            sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123 - kept, and pathlib is slow
        elif isinstance(sys.stdin, io.TextIOWrapper):
            # What cannot be read is a mark that the reader can see, and ASCII is no language.
            ascii_only = codecs.lookup(sys.stdin.encoding).name == "ascii"
            sys.stdin.reconfigure(encoding="utf-8" if ascii_only else None, errors="replace")
        sys.stdout = self._gated(sys.stdout, needed=True)
        sys.stderr = self._gated(sys.stderr, needed=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OutputFailed):
                stream.flush()
        for gate in self._gates:
            gate.leave()
        sys.stdin, sys.stdout, sys.stderr = self._before

    def _gated(self, stream: TextIO | None, *, needed: bool) -> TextIO:
        encoding = getattr(stream, "encoding", None) or "utf-8"
        gate = _Gate(stream.buffer if stream is not None else None, encoding, needed=needed)
        self._gates.append(gate)
        return io.TextIOWrapper(
            gate,
            "utf-8" if gate.isatty() else encoding,
            NEAREST,
            newline="",
            line_buffering=gate.isatty() or not needed,
        )


def _occupy(number: int) -> None:
    """Open nothing in place of a closed stream: the next file opened would be taken for it."""
    try:
        os.fstat(number)
    except OSError:
        nowhere = os.open(os.devnull, os.O_RDWR)
        if nowhere != number:
            os.dup2(nowhere, number)
            os.close(nowhere)
        # The program that a verb becomes has the same three.
        os.set_inheritable(number, True)


def refuse_closed() -> None:
    """Raise OutputFailed where standard output was closed from the start."""
    if getattr(sys.stdout.buffer, "gone", False):
        raise OutputFailed(CLOSED)


def write_data(content: bytes) -> None:
    """Data on standard output, byte for byte where no terminal is. Raises OutputFailed."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def print_json(value: Any, *, indent: int | None = None) -> None:
    """One value as JSON and a line break. Raises OutputFailed."""
    import json

    write_json(json.dumps(value, indent=indent, ensure_ascii=False, default=str))


def write_json(text: str) -> None:
    """JSON in UTF-8, as it is, with a line break.

    On a terminal what `clean` would not let through stands as ``\\u`` escapes, so that it is still
    the same JSON.
    """
    if sys.stdout.isatty():
        from tui.workspace.text import escaped

        text = escaped(text)
    write_data(text.encode("utf-8", "replace") + b"\n")
