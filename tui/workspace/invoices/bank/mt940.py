"""Statements as MT940 (SWIFT), as German, Dutch, Swiss, Polish and Nordic banks write them.

A `:61:` is a movement, with its days, which way it went and how much; the `:86:` below says who
paid and what for. That text has three forms: numbered parts (`166?00…?20SVWZ+…?32Kestrel`), named
parts (`/NAME/Kestrel/REMI/…`) or plain words. Lines and parts are cut where they are full, in the
middle of a word, so that a full one goes on without a blank.
"""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tui.late_patterns import late_pattern
from tui.workspace.invoices.bank.statement import (
    NO_REFERENCE,
    BankError,
    Movement,
    Statement,
    Unread,
)

_LINE, _PART = 65, 27
"""How many characters a line of `:86:` and a numbered part of it hold."""
_OPENING = frozenset({"60F", "60M"})
_LONGEST_COUNTER = 7
"""Digits of what a bank may count anew in each file, and that tells no movement from another."""
_TAG = late_pattern(r":(\d{2}[A-Z]?|NS):(.*)")
_BEGINS = late_pattern(r"(?:\A|[\r\n]|@@|\{4:):20:")
_HAS_MORE = late_pattern(r"[\r\n@]:(?:25[A-Z]?|28C?|60[FM]|61|13D|34F):")
_BALANCE = late_pattern(r"([CD])(\d{6})([A-Z]{3})(\d+(?:[,.]\d*)?)\Z")
_BOOKED = late_pattern(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<way>R?[CD])[A-Z]?(?P<amount>\d+(?:,\d*|\.\d{1,2})?)"
    r"[A-Z].{3}(?P<own>.*?)(?://(?P<bank>.*))?\Z"
)
_NUMBERED = late_pattern(r"(?:\d{3})?([^A-Za-z0-9\s/:.,-])\d\d")
_GERMAN = late_pattern(
    r"(?:\A|(?<=[ +]))(EREF|KREF|MREF|BREF|RREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)"
    r"(?:\+|: ?)"
)
_SLASHED = late_pattern(
    r"/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|CNTP|CSID|MARF|PURP|ISDT|ADDR|ORDP|BENM|RTRN|PREF|SVCL|ID|"
    r"ULTD|ULTB|CREF|OCMT|EXCH|CHGS|CHGS2|BUSP|SUMM|STRD|KREF|SUBT|ACCW)/"
)
_DUTCH = late_pattern(
    r"(?:\A|(?<=\s))(IBAN|BIC|NAAM|OMSCHRIJVING|KENMERK|BETALINGSKENM\.?|MACHTIGING|INCASSANT)"
    r": ?"
)


def is_mt940(text: str) -> bool:
    """Whether a text is such a statement, or one of its brothers."""
    head = text[:8192]
    return _BEGINS.search(head) is not None and _HAS_MORE.search(head) is not None


def read_mt940(text: str) -> Statement:
    """The movements of a file; where they and the balances differ, that is told.

    Raises BankError.
    """
    statement = Statement("MT940")
    seen: dict[str, int] = {}
    for message in _messages(text):
        if message.is_interim:
            why = "it is MT942, which tells what is only expected, too: take MT940"
            statement.unread.append(Unread(f"line {message.line}", why))
            continue
        for one in _movements(message, statement.unread):
            seen[one.reference] = seen.get(one.reference, 0) + 1
            again = seen[one.reference]
            # Two that look alike in one file are two; in another file each is itself again.
            own = f"{one.reference}~{again}" if again > 1 else one.reference
            statement.movements.append(replace(one, reference=own))
            message.moved += one.amount
        _compare(message, statement.unread)
    if not statement.movements and statement.unread:
        first = statement.unread[0]
        raise BankError(f"Nothing of it can be taken: {first.where}: {first.why}.")
    if not statement.movements:
        raise BankError("The file is MT940, and there is no movement (:61:) in it.")
    return statement


@dataclass
class _Message:
    """A statement of one account, from its `:20:` or its opening balance on."""

    line: int
    tags: list[tuple[int, str, list[str]]] = field(default_factory=list)
    """Line, tag and its lines of text."""
    moved: Decimal = Decimal()

    @property
    def is_interim(self) -> bool:
        """Whether it tells of a day that is not over."""
        return any(tag in ("13D", "34F") for _, tag, _ in self.tags)

    @property
    def currency(self) -> str:
        """That of the account, which any of its balances tells; empty where there is none."""
        told = (self.balance(kind) for kind in ("60", "62", "64", "65"))
        return next((one[1] for one in told if one is not None), "")

    @property
    def is_opened(self) -> bool:
        """Whether its opening balance was told."""
        return any(tag in _OPENING for _, tag, _ in self.tags)

    def balance(self, kind: str) -> tuple[Decimal, str] | None:
        """The first balance of a kind, and its currency."""
        for _, tag, lines in self.tags:
            told = _BALANCE.match(lines[0].strip()) if tag[:2] == kind else None
            if told is not None:
                amount = Decimal(told[4].replace(",", "."))
                return (amount if told[1] == "C" else -amount), told[3]
        return None


def _messages(text: str) -> Iterator[_Message]:
    lines = re.split(r"\r\n|\r|\n|@@", text) if "@@:" in text else re.split(r"\r\n|\r|\n", text)
    message: _Message | None = None
    for number, line in enumerate(lines, 1):
        # What stands before the first field on its line is the envelope: `{1:…}{4::20:A`.
        told = _TAG.match(line.rpartition("{4:")[2] if line.startswith("{") else line)
        # Some banks write all accounts below one `:20:`, each with its own currency.
        other = message is not None and message.is_opened
        if told is not None and (told[1] == "20" or (other and told[1] in _OPENING)):
            if message is not None:
                yield message
            message = _Message(number)
        if message is None:
            continue
        if told is not None:
            message.tags.append((number, told[1], [told[2]]))
        elif line.strip() in ("-", "-}", ""):
            # A line of nothing ends no text, since plain words may have one.
            continue
        elif message.tags and not line.startswith("{"):
            message.tags[-1][2].append(line)
    if message is not None:
        yield message


def _movements(message: _Message, unread: list[Unread]) -> Iterator[Movement]:
    currency = message.currency
    for place, (line, tag, lines) in enumerate(message.tags):
        if tag != "61":
            continue
        texts: list[str] = []
        for _, below, more in message.tags[place + 1 :]:
            if below not in ("86", "NS"):
                break
            if below == "86":
                texts += more
        try:
            yield _movement(lines, texts, currency)
        except (BankError, ValueError) as error:
            unread.append(Unread(f"line {line}", str(error)))


def _movement(lines: Sequence[str], texts: Sequence[str], currency: str) -> Movement:
    told = _BOOKED.match(lines[0].strip())
    if told is None:
        raise BankError(f"it is no movement of MT940: {lines[0].strip()[:40]!r}")
    day = _booked_on(told["value"], told["entry"])
    amount = Decimal(told["amount"].replace(",", "."))
    # A debit that was taken back came in, a credit that was taken back went out.
    sign = 1 if told["way"] in ("C", "RD") else -1
    name, text = _said(texts)
    more = " ".join(one.strip() for one in lines[1:] if not one.startswith("/"))
    text = text or " ".join(more.split())
    own = told["own"].strip()
    if _is_reference(own) and own not in text:
        text = f"{text} {own}".strip()
    parts = [day.isoformat(), f"{sign * amount}", currency, name, text]
    bank = (told["bank"] or "").strip()
    if len(bank.lstrip("0")) > _LONGEST_COUNTER:
        parts.append(bank)
    reference = hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]
    return Movement(
        day, sign * amount, currency, text, name, reference,
        is_reversal=told["way"].startswith("R"),
    )  # fmt: skip


def _booked_on(value: str, entry: str | None) -> date:
    """The day of booking, which has no year: the one nearest to the day of value."""
    year, month, told = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if not 1 <= month <= 12 or not 1 <= told <= 31:
        raise BankError(f"{value!r} is no day")
    # Interest has months of thirty days: banks write the 30th of February.
    on = date(year, month, min(told, monthrange(year, month)[1]))
    if entry is None:
        return on
    near: list[date] = []
    for year in (on.year - 1, on.year, on.year + 1):
        try:
            near.append(date(year, int(entry[:2]), int(entry[2:])))
        except ValueError:
            continue  # The 29th of February is in one of four.
    if not near:
        raise BankError(f"{entry!r} is no day")
    return min(near, key=lambda one: abs((one - on).days))


def _compare(message: _Message, unread: list[Unread]) -> None:
    opening, closing = message.balance("60"), message.balance("62")
    if opening is None or closing is None:
        return
    if message.moved != closing[0] - opening[0]:
        why = (
            f"its movements come to {message.moved}, its balances differ by"
            f" {closing[0] - opening[0]}: something may be missing"
        )
        unread.append(Unread(f"the statement of line {message.line}", why))


def _said(lines: Sequence[str]) -> tuple[str, str]:
    """Who paid, and what for, by the text below a movement."""
    if not lines:
        return "", ""
    whole = "".join(lines)
    numbered = _NUMBERED.match(whole)
    if numbered is not None:
        return _of_numbers(whole, numbered[1])
    text = _flowing(lines, _LINE)
    if _SLASHED.match(text):
        return _of_slashes(text)
    keyed = _keyed(_DUTCH, text)
    if "OMSCHRIJVING" in keyed or "NAAM" in keyed:
        words = [keyed.get("OMSCHRIJVING", ""), keyed.get("KENMERK", "")]
        words.append(keyed.get("BETALINGSKENM.", "") or keyed.get("BETALINGSKENM", ""))
        return keyed.get("NAAM", ""), _joined(words)
    return "", " ".join(text.split())


def _of_numbers(text: str, mark: str) -> tuple[str, str]:
    """Of `?20` to `?29` and `?60` to `?63`, the words; of `?32` and `?33`, who it was."""
    pieces = re.split(rf"{re.escape(mark)}(\d\d)", text)
    parts = [(int(number), words) for number, words in zip(pieces[1::2], pieces[2::2], strict=True)]
    words = _flowing([told for number, told in parts if number // 10 in (2, 6)], _PART)
    name = _flowing([told for number, told in parts if number in (32, 33)], _PART)
    keyed = _keyed(_GERMAN, words)
    said = [keyed.get("SVWZ") or keyed.get("", ""), keyed.get("EREF", ""), keyed.get("KREF", "")]
    if not any(said):
        # A booking of the bank's own says only what kind it is.
        said = [told for number, told in parts if number == 0]
    return " ".join(name.split()), _joined(said)


def _of_slashes(text: str) -> tuple[str, str]:
    """Of `/NAME/` or `/CNTP/account/bank/name/city//` who it was, of `/REMI/` the words."""
    keyed = _keyed(_SLASHED, text)
    party = keyed.get("CNTP", "").split("/")
    name = keyed.get("NAME", "") or (party[2] if len(party) > 2 else "")
    words = re.sub(r"\A(?:USTD//|STRD/[A-Z]{3}/)", "", keyed.get("REMI", ""))
    said = [words.strip("/"), keyed.get("STRD", ""), keyed.get("EREF", "").strip("/")]
    return name.strip("/ "), _joined(said)


def _keyed(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    """What stands behind each name, the first one of each; behind none, at "", what is before."""
    pieces = pattern.split(text)
    found = {"": " ".join(pieces[0].split())}
    for name, told in zip(pieces[1::2], pieces[2::2], strict=True):
        found.setdefault(name, " ".join(told.split()))
    return found


def _flowing(parts: Sequence[str], width: int) -> str:
    """Parts as one text: what is full goes on without a blank, unless a new name begins."""
    text, before = "", width
    for part in parts:
        new = _GERMAN.match(part) is not None
        glued = not text or part.startswith("/") or (before >= width and not new)
        # The tag before the first line is a part of its width.
        before = len(part) + (len(":86:") if not text and width == _LINE else 0)
        text += part if glued else f" {part}"
    return text


def _is_reference(text: str) -> bool:
    bare = text.replace(" ", "").upper()
    return bare not in NO_REFERENCE and not re.fullmatch(r"[EKM]REF\+?", bare)


def _joined(parts: Sequence[str]) -> str:
    """Parts that say something, each once."""
    text = ""
    for part in parts:
        if part and _is_reference(part) and part not in text:
            text = f"{text} {part}".strip()
    return text
