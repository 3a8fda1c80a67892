"""What stands on a document besides its data, in the four languages that it is written in."""

from __future__ import annotations

from collections.abc import Mapping

from tui.workspace.invoices.documents.document import Category, Language

_COLUMNS = (Language.ENGLISH, Language.GERMAN, Language.FRENCH, Language.DUTCH)

_WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "invoice": ("Invoice", "Rechnung", "Facture", "Factuur"),
    "credit-note": ("Credit note", "Rechnungskorrektur", "Avoir", "Creditnota"),
    "draft": ("Draft", "Entwurf", "Brouillon", "Concept"),
    "number": ("Number", "Nummer", "Numéro", "Nummer"),
    "issued": ("Date", "Datum", "Date", "Datum"),
    "due": ("Due", "Fällig am", "Échéance", "Vervaldatum"),
    "delivered": ("Delivered on", "Leistungsdatum", "Date de la prestation", "Leverdatum"),
    "period": ("Period", "Leistungszeitraum", "Période", "Periode"),
    "preceding": ("For invoice", "Zu Rechnung", "Pour la facture", "Bij factuur"),
    "of": ("of", "vom", "du", "van"),
    "buyer_reference": (
        "Your reference", "Ihre Referenz", "Votre référence", "Uw referentie",
    ),
    "order": ("Order", "Bestellung", "Commande", "Bestelling"),
    "contract": ("Contract", "Vertrag", "Contrat", "Contract"),
    "project": ("Project", "Projekt", "Projet", "Project"),
    "vat_id": ("VAT id", "USt-IdNr.", "N° TVA", "Btw-id"),
    "tax_id": ("Tax number", "Steuernummer", "N° fiscal", "Belastingnummer"),
    "registration": ("Registered as", "Registernummer", "N° d'immatriculation", "KvK-nummer"),
    "bill_to": ("To", "An", "À", "Aan"),
    "line": ("No.", "Nr.", "N°", "Nr."),
    "text": ("What", "Leistung", "Désignation", "Omschrijving"),
    "quantity": ("Quantity", "Menge", "Quantité", "Aantal"),
    "price": ("Price", "Preis", "Prix", "Prijs"),
    "amount": ("Amount", "Betrag", "Montant", "Bedrag"),
    "vat": ("VAT", "USt", "TVA", "Btw"),
    "per": ("per", "je", "par", "per"),
    "on": ("on", "auf", "sur", "over"),
    "discount": ("Discount", "Rabatt", "Remise", "Korting"),
    "charge": ("Surcharge", "Zuschlag", "Majoration", "Toeslag"),
    "lines_sum": ("Sum of the lines", "Summe der Positionen", "Total des lignes", "Som van regels"),
    "net": ("Without VAT", "Nettobetrag", "Total HT", "Totaal excl. btw"),
    "gross": ("Total", "Gesamtbetrag", "Total TTC", "Totaal"),
    "paid": ("Already paid", "Bereits bezahlt", "Déjà payé", "Al betaald"),
    "waived": ("waived, not paid", "erlassen, nicht bezahlt", "remis, non payé",
               "kwijtgescholden, niet betaald"),
    "rounding": ("Rounding", "Rundung", "Arrondi", "Afronding"),
    "amount_due": ("To be paid", "Zu zahlen", "Net à payer", "Te betalen"),
    "amount_credited": ("Credited", "Gutgeschrieben", "Montant de l'avoir", "Gecrediteerd"),
    "vat_total_in": ("VAT in", "USt in", "TVA en", "Btw in"),
    "bank": ("Bank", "Bank", "Banque", "Bank"),
    "holder": ("Account holder", "Kontoinhaber", "Titulaire", "Rekeninghouder"),
    "account": ("Account", "Konto", "Compte", "Rekening"),
    "payment_reference": (
        "Payment reference", "Verwendungszweck", "Référence de paiement", "Betalingskenmerk",
    ),
    "phone": ("Phone", "Telefon", "Téléphone", "Telefoon"),
    "email": ("E-mail", "E-Mail", "E-mail", "E-mail"),
    "page": ("Page", "Seite", "Page", "Pagina"),
    "rule": (
        "Each line is rounded half up from its true value, VAT once for each rate.",
        "Jede Position ist aus ihrem genauen Wert kaufmännisch gerundet, die USt einmal je Satz.",
        "Chaque ligne est arrondie au plus proche à partir de sa valeur exacte,"
        " la TVA une fois par taux.",
        "Elke regel is vanuit de exacte waarde afgerond, de btw eenmaal per tarief.",
    ),
    "services": (
        "Services as agreed", "Leistungen wie vereinbart", "Prestations convenues",
        "Diensten zoals overeengekomen",
    ),
    "mail_subject": ("Invoice {0} from {1}", "Rechnung {0} von {1}", "Facture {0} de {1}",
                     "Factuur {0} van {1}"),
    "mail_credit": (
        "Credit note {0} from {1}", "Rechnungskorrektur {0} von {1}", "Avoir {0} de {1}",
        "Creditnota {0} van {1}",
    ),
    "mail_body": (
        "Hello,\n\nplease find attached {0} {1} over {2}.\n\nKind regards\n{3}\n",
        "Guten Tag,\n\nanbei erhalten Sie {0} {1} über {2}.\n\nMit freundlichen Grüßen\n{3}\n",
        "Bonjour,\n\nveuillez trouver ci-joint {0} {1} d'un montant de {2}.\n\n"
        "Cordialement\n{3}\n",
        "Goedendag,\n\nhierbij ontvangt u {0} {1} over {2}.\n\nMet vriendelijke groet\n{3}\n",
    ),
}  # fmt: skip

_UNITS: Mapping[str, tuple[str, str, str, str]] = {
    "HUR": ("h", "Std.", "h", "uur"),
    "MIN": ("min", "Min.", "min", "min"),
    "DAY": ("days", "Tage", "jours", "dagen"),
    "WEE": ("weeks", "Wochen", "semaines", "weken"),
    "MON": ("months", "Monate", "mois", "maanden"),
    "KMT": ("km", "km", "km", "km"),
    "C62": ("", "", "", ""),
    "H87": ("pcs", "Stk.", "pièces", "stuks"),
    "EA": ("pcs", "Stk.", "pièces", "stuks"),
    "LS": ("flat", "pauschal", "forfait", "vast"),
    "E48": ("services", "Leistungen", "prestations", "diensten"),
}

_REASONS: Mapping[Category, tuple[str, str, str, str]] = {
    Category.EXEMPT: (
        "Exempt from VAT", "Steuerfrei", "Exonéré de TVA", "Vrijgesteld van btw",
    ),
    Category.REVERSE_CHARGE: (
        "Reverse charge", "Steuerschuldnerschaft des Leistungsempfängers", "Autoliquidation",
        "Btw verlegd",
    ),
    Category.INTRA_COMMUNITY: (
        "Intra-Community supply", "Steuerfreie innergemeinschaftliche Lieferung",
        "Livraison intracommunautaire", "Intracommunautaire levering",
    ),
    Category.EXPORT: (
        "Export outside the EU", "Steuerfreie Ausfuhrlieferung", "Exportation hors UE",
        "Uitvoer buiten de EU",
    ),
    Category.OUTSIDE: (
        "Not subject to VAT", "Nicht steuerbar", "Hors champ de la TVA", "Niet aan btw onderworpen",
    ),
}  # fmt: skip

REASON_CODES: Mapping[Category, str] = {
    Category.REVERSE_CHARGE: "VATEX-EU-AE",
    Category.INTRA_COMMUNITY: "VATEX-EU-IC",
    Category.EXPORT: "VATEX-EU-G",
    Category.OUTSIDE: "VATEX-EU-O",
}
"""The one code of the list VATEX for a category. `E` has many, so that its reason is chosen."""


def word(key: str, language: Language) -> str:
    """A word of the document. Raises KeyError for one that there is not."""
    return _WORDS[key][_COLUMNS.index(language)]


def unit_word(code: str, language: Language) -> str:
    """What a unit is called; its code where no word is known."""
    known = _UNITS.get(code)
    return code if known is None else known[_COLUMNS.index(language)]


def reason_text(category: Category, language: Language) -> str:
    """Why no VAT is taken, in words; empty where it is taken."""
    known = _REASONS.get(category)
    return "" if known is None else known[_COLUMNS.index(language)]
