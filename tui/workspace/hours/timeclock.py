"""timeclock: clocking in and out, as Emacs, hledger and ledger have it; read and written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from tui.words import are, counted, were
from tui.workspace.hours.entries import Entry, LineError, Log, Reading, lines_of
from tui.workspace.hours.walls import iso_day, moment, stretch, wall
from tui.workspace.times import moments_of

FORM = "timeclock"
LINE = re.compile(
    r"(?P<what>[ioO]) (?P<day>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}) +(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?P<offset> ?[+-]\d{4})?(?:[ \t]+(?P<rest>.*))?\Z"
)
_NO_SESSION = ("b ", "h ")
"""How much there was to be worked, in Emacs: no sessions."""


def read(text: str, reading: Reading) -> Log:
    """All sessions. An `o` without a name ends what began last, as ledger reads it."""
    log, running = Log(FORM), list[tuple[int, str, datetime, Entry]]()
    offsets, passed = 0, 0
    for at, line in enumerate(lines_of(text), 1):
        if not line.strip() or line[0] in ";#*":
            continue
        if line[:2] in _NO_SESSION:
            passed += 1
            continue
        found = LINE.match(line.rstrip())
        try:
            if found is None:
                raise LineError("it is no line as `i 2026-01-14 09:00:00 account  text`")
            offsets += found["offset"] is not None
            when = wall(iso_day(found["day"]), found["clock"])
            account, text_of = _parted(found["rest"] or "")
            if found["what"] == "i":
                names = tuple(filter(None, account.split(":")))
                began = f"{found['day']} {found['clock']}"
                entry = Entry(at=at, names=names, text=text_of, key=began, wrote=began)
                running.append((at, account, when, entry))
                continue
            _, _, since, entry = running.pop(_ended(running, account))
            start, stop, lost = stretch(since, when, reading)
            remark = text_of or (account if account != ":".join(entry.names) else "")
            wrote = f"{entry.wrote} to {found['day']} {found['clock']}"
            text_of = entry.text or remark
            done = replace(entry, start=start, stop=stop, wrote=wrote, lost=lost, text=text_of)
            log.entries.append(done)
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
    for at, _, since, entry in running:
        try:
            log.entries.append(replace(entry, start=moment(since, reading)))
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
    log.entries.sort(key=lambda one: one.at)
    if passed:
        log.notes.append(f"{counted(passed, 'line')} of hours due (b, h) passed over.")
    if offsets:
        log.notes.append(
            f"{counted(offsets, 'distance')} from UTC {were(offsets)} passed over, as hledger does."
        )
    return log


def _parted(rest: str) -> tuple[str, str]:
    account, *text = re.split(r" {2,}|\t", rest.strip(), maxsplit=1)
    return account, text[0].strip() if text else ""


def _ended(running: Sequence[tuple[int, str, datetime, Entry]], account: str) -> int:
    """Which session ends: the last of that account, else the last, as the words are a remark."""
    if not running:
        raise LineError("it ends what had not begun")
    own = [place for place, one in enumerate(running) if one[1] == account]
    return own[-1] if own else len(running) - 1


# -- out --------------------------------------------------------------------------------------


def written(entries: Sequence[Entry], where: tzinfo) -> tuple[str, list[str]]:
    """Sessions in the order of time, as hledger and ledger both read them, and what is not there.

    They know no two sessions at once, no lengths without times and no change of clocks: a session
    that ends before it begins on the clock would keep both from reading any of the file.
    """
    lines: list[str] = []
    clocked = sorted((one for one in entries if one.start is not None), key=_begin)
    untimed = len(entries) - len(clocked)
    end: datetime | None = None
    over, changed, reworded, opened, turned = 0, 0, 0, 0, 0
    for place, entry in enumerate(clocked):
        start, stop = _begin(entry), entry.stop
        if end is not None and start < end:
            over += 1
            continue
        if stop is None and place < len(clocked) - 1:
            opened += 1
            continue
        if stop is not None and _wall(stop, where) < _wall(start, where):
            turned += 1
            continue
        account, text = _account(entry.names), _text(entry.text)
        reworded += text != entry.text or account not in ("none", ":".join(entry.names))
        lines.append(f"i {_wall(start, where)} {account}" + (f"  {text}" if text else ""))
        if stop is None:
            continue
        end = stop
        lines.append(f"o {_wall(stop, where)}")
        changed += not _clear(start, stop, where)
    said = [
        (untimed, f"{counted(untimed, 'length')} without times left out: timeclock has none."),
        (over, f"{counted(over, 'entry')} left out: timeclock has no two at once."),
        (opened, f"{counted(opened, 'open entry')} left out: others began after it."),
        (
            turned,
            f"{counted(turned, 'entry')} left out: clocks were set back meanwhile, so that the end"
            " would stand before the beginning.",
        ),
        (reworded, f"{counted(reworded, 'text')} reworded: no `;`, line break or two spaces."),
        (
            changed,
            f"{counted(changed, 'entry')} {are(changed)} over a change of clocks, which timeclock"
            " does not know: read back, an hour is too many or too few.",
        ),
    ]
    return "".join(f"{line}\n" for line in lines), [words for count, words in said if count]


def _clear(start: datetime, stop: datetime, where: tzinfo) -> bool:
    """Whether a session is what its times on the clock say: not over a change of them."""
    first, last = (one.astimezone(where).replace(tzinfo=None, fold=0) for one in (start, stop))
    once = all(len(moments_of(one, where)) == 1 for one in (first, last))
    return once and last - first == stop - start


def _begin(entry: Entry) -> datetime:
    assert entry.start is not None
    return entry.start


def _wall(when: datetime, where: tzinfo) -> str:
    return f"{when.astimezone(where):%Y-%m-%d %H:%M:%S}"


def _account(names: Sequence[str]) -> str:
    # A colon parts accounts, two spaces end them, and a semicolon begins a comment.
    parts = (_text(name).replace(":", "-") for name in names)
    return ":".join(filter(None, parts)) or "none"


def _text(text: str) -> str:
    return " ".join(text.replace(";", ",").split())
