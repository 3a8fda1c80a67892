"""E-invoices by EN 16931: Factur-X / ZUGFeRD as CII and in a PDF/A-3, UBL 2.1, and XRechnung.

The library factur-x writes the XML and puts it into the PDF. What it does otherwise than one would
guess is met here: see `terms.py` for numbers, and each function below.
"""

from __future__ import annotations

import sys
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tui.workspace.invoices.documents.document import Document
from tui.workspace.invoices.documents.outcome import DocumentError, MissingExtra, Written
from tui.workspace.invoices.documents.page import title
from tui.workspace.invoices.documents.terms import terms_of

LEVEL = "en16931"
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
"""BT-24 of XRechnung 3.0. The library sets that of the level, so it is put in afterwards."""
PEPPOL_BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""BT-23 that XRechnung wants where nobody said another (rule PEPPOL-EN16931-R001)."""
_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_UNUSED = "requests"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def cii(document: Document) -> bytes:
    """The XML of Factur-X. Raises DocumentError."""
    root = _root(_generated(document, "factur-x"))
    for element in root.iter():
        # Without a day of delivery the library writes an element that its own schema refuses.
        element.attrib.pop(_NIL, None)
    return _bytes(root)


def ubl(document: Document) -> bytes:
    """The XML of UBL 2.1. Raises DocumentError."""
    return _bytes(_ubl(document))


def xrechnung(document: Document) -> bytes:
    """The XML of XRechnung 3.0, as UBL. Raises DocumentError."""
    root = _ubl(document)
    customization = root.find(f"{_CBC}CustomizationID")
    customization.text = XRECHNUNG
    if root.find(f"{_CBC}ProfileID") is None:
        profile = root.makeelement(f"{_CBC}ProfileID")
        profile.text = PEPPOL_BILLING
        customization.addnext(profile)
    return _bytes(root)


def facturx_pdf(document: Document, template: Path | None = None) -> Written:
    """A PDF/A-3 that has the XML attached. Raises DocumentError."""
    from tui.workspace.invoices.documents.pdf import pdf

    # First, since it says which extra is missing.
    xml = cii(document)
    pages = pdf(document, template)
    name = title(document)
    made = _library().generate_from_binary(
        pages.content,
        xml,
        flavor="factur-x",
        level=LEVEL,
        check_xsd=False,
        check_schematron=False,
        pdf_metadata={
            "author": document.seller.name,
            "title": name,
            "subject": f"{name}, {document.seller.name}",
            "keywords": "Factur-X, ZUGFeRD, EN 16931",
        },
        lang=document.language.value,
    )
    return Written(bytes(made), pages.said)


def _ubl(document: Document) -> Any:
    root = _root(_generated(document, "ubl-2.1"))
    for amount in root.iter(f"{_CBC}PayableRoundingAmount"):
        # The library writes EUR, whatever the currency is.
        amount.set("currencyID", document.currency)
    return root


def _generated(document: Document, flavor: str) -> bytes:
    library = _library()
    from tui.workspace.invoices.documents.checks import refuse_incomplete

    refuse_incomplete(document)
    # The library changes what it is given.
    terms = deepcopy(terms_of(document))
    try:
        made: bytes = library.generate_xml(
            terms, flavor=flavor, level=LEVEL, check_xsd=False, check_schematron=False
        )
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise DocumentError(f"The e-invoice cannot be written: {error}") from error
    return made


@cache
def _library() -> Any:
    """factur-x. Raises MissingExtra.

    It imports requests for a server that is never asked, which would cost a third of its start: an
    empty module stands in for it meanwhile.
    """
    stands_in = sys.modules.setdefault(_UNUSED, ModuleType(_UNUSED))
    try:
        import facturx
    except ImportError:
        raise MissingExtra("factur-x, which writes e-invoices,", "invoice") from None
    finally:
        if not hasattr(stands_in, "__file__"):
            del sys.modules[_UNUSED]
    return facturx


def _root(xml: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(xml)


def _bytes(root: Any) -> bytes:
    from lxml import etree

    made: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return made
