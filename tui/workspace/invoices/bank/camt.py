"""Statements as CAMT.053, 052 or 054 (ISO 20022), of any version.

An entry (`Ntry`) may stand for a batch: then each of its transactions (`TxDtls`) is a movement with
its own amount, never with that of the batch. Where the bank took charges out of an amount, the
transaction says what was sent and the entry what arrived; what arrived counts. What is pending
(`PDNG`), still to come (`FUTR`) or told without a booking (`INFO`) has not arrived.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from tui.workspace.invoices.bank.statement import (
    NO_REFERENCE,
    BankError,
    Movement,
    Statement,
    Unread,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NOT_ARRIVED = frozenset({"PDNG", "INFO", "FUTR"})


def read_camt(content: bytes) -> Statement:
    """The movements of a file. Raises BankError."""
    # Here, not above: whoever reads no statement should not pay for a parser.
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BankError("The file declares entities, which no bank does: it was not read.") from (
            error
        )
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise BankError(f"The file is not valid XML: {error}") from error
    if not any(_local(one.tag).startswith("BkToCstmr") for one in root.iter()):
        raise BankError("The file is XML, but no statement of a bank (CAMT.052, 053 or 054).")
    statement = Statement("CAMT")
    seen: dict[str, int] = {}
    for number, entry in enumerate(_all(root, "Ntry"), 1):
        try:
            found = list(_movements(entry))
        except (BankError, ValueError) as error:
            statement.unread.append(Unread(f"entry {number}", str(error)))
            continue
        for one in found:
            # Two that look alike in one file are two; in another file each is itself again.
            seen[one.reference] = seen.get(one.reference, 0) + 1
            again = seen[one.reference]
            if again > 1:
                one = Movement(**{**vars(one), "reference": f"{one.reference}~{again}"})
            statement.movements.append(one)
    return statement


def _movements(entry: Element) -> Iterator[Movement]:
    if {_text(entry, "Sts").upper(), _text(entry, "Sts", "Cd").upper()} & _NOT_ARRIVED:
        return
    day = _day(entry)
    sign = _sign(entry)
    whole, currency = _amount(entry)
    details = list(_all(entry, "TxDtls"))
    reference = _text(entry, "AcctSvcrRef")
    is_reversal = _text(entry, "RvslInd").lower() in ("true", "1")
    otherwise = _text(entry, "AddtlNtryInf")
    if len(details) <= 1:
        part = details[0] if details else entry
        yield _movement(
            part, day, sign * whole, currency, reference, _charges(entry, part),
            is_reversal=is_reversal, otherwise=otherwise,
        )  # fmt: skip
        return
    parts: list[tuple[Element, Decimal, str]] = []
    for part in details:
        amount, of = _amount(part, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
        parts.append((part, _sign(part, sign) * amount, of or currency))
    if sum(amount for _, amount, _ in parts) != sign * whole and not _charges(entry, entry):
        told = sum(amount for _, amount, _ in parts)
        raise BankError(
            f"its parts come to {told}, the entry itself to {sign * whole}: nothing of it was taken"
        )
    for place, (part, amount, of) in enumerate(parts, 1):
        own = f"{reference}/{place}" if reference else ""
        yield _movement(
            part, day, amount, of, own, _charges(part, part),
            is_reversal=is_reversal, otherwise=otherwise,
        )  # fmt: skip


def _movement(
    part: Element,
    day: date,
    amount: Decimal,
    currency: str,
    reference: str,
    charges: Decimal | None,
    *,
    is_reversal: bool,
    otherwise: str = "",
) -> Movement:
    """`otherwise` is what the entry says, where this part of it says nothing."""
    end_to_end = _text(part, "Refs", "EndToEndId")
    own = _text(part, "Refs", "AcctSvcrRef") or reference or _text(part, "Refs", "TxId")
    texts = [_clean(one.text) for one in _all(part, "Ustrd")]
    # The invoice's number has a field of its own (`RfrdDocInf`), as has a creditor's reference.
    documents = [_text(one, "Nb") for one in _all(part, "RfrdDocInf")]
    for told in (*documents, *(_clean(one.text) for one in _all(part, "Ref"))):
        if told not in texts:
            texts.append(told)
    if end_to_end.upper() not in NO_REFERENCE:
        texts.append(end_to_end)
    party = "Dbtr" if amount > 0 else "Cdtr"
    name = _text(part, "RltdPties", party, "Nm") or _text(part, "RltdPties", party, "Pty", "Nm")
    text = " ".join(filter(None, texts)) or _text(part, "AddtlTxInf") or otherwise
    if own.upper() in NO_REFERENCE:
        told = "|".join((day.isoformat(), f"{amount}", currency, name, text, end_to_end))
        own = hashlib.sha256(told.encode()).hexdigest()[:24]
    return Movement(day, amount, currency, text, name, own, charges, is_reversal)


def _charges(entry: Element, part: Element) -> Decimal | None:
    found = [one for scope in (entry, part) for one in scope if _local(one.tag) == "Chrgs"]
    for one in found:
        amounts = [amount for amount in _all(one, "Amt") if amount.text]
        total = next(_all(one, "TtlChrgsAndTaxAmt"), None)
        try:
            if total is not None and total.text:
                return Decimal(total.text.strip())
            return sum((Decimal((one.text or "").strip()) for one in amounts), Decimal())
        except InvalidOperation:
            return None
    return None


def _amount(part: Element, *paths: str) -> tuple[Decimal, str]:
    for path in paths or ("Amt",):
        found = _find(part, *path.split("/"))
        if found is None or not found.text:
            continue
        try:
            amount = Decimal(found.text.strip())
        except InvalidOperation:
            raise BankError(f"{found.text.strip()[:40]!r} is no amount") from None
        if not amount.is_finite():
            raise BankError("its amount is no number")
        return amount, found.get("Ccy", "")
    raise BankError("it has no amount")


def _sign(part: Element, otherwise: int = 1) -> int:
    told = _text(part, "CdtDbtInd").upper()
    return {"CRDT": 1, "DBIT": -1}.get(told, otherwise)


def _day(entry: Element) -> date:
    for name in ("BookgDt", "ValDt"):
        told = _text(entry, name, "Dt") or _text(entry, name, "DtTm")[:10]
        if told:
            return date.fromisoformat(told[:10])
    raise BankError("it has no day")


def _find(part: Element, *names: str) -> Element | None:
    found: Element | None = part
    for name in names:
        found = None if found is None else next(_children(found, name), None)
    return found


def _text(part: Element, *names: str) -> str:
    found = _find(part, *names)
    return "" if found is None else _clean(found.text)


def _children(part: Element, name: str) -> Iterator[Element]:
    return (one for one in part if _local(one.tag) == name)


def _all(part: Element, name: str) -> Iterator[Element]:
    return (one for one in part.iter() if _local(one.tag) == name)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
