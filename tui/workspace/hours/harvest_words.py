"""The headers of Harvest's time report in German.

What Harvest writes itself is English as far as is known (hours-formats, "CSVs"). German headers
come from where a person has them renamed; which words these are is our assumption, and stands here.
"""

from __future__ import annotations

from tui.workspace.hours.kimai_words import by_language

ENGLISH = by_language("""
date | datum | tag
client | kunde | auftraggeber | mandant
project | projekt
project code | projektcode | projekt-code | projektnummer | projektkürzel
task | aufgabe | tätigkeit
notes | notizen | notiz | anmerkungen | bemerkungen | beschreibung
hours | stunden | stunden (dezimal) | dauer (stunden)
billable? | abrechenbar? | abrechenbar | verrechenbar? | verrechenbar | fakturierbar?
invoiced? | abgerechnet? | abgerechnet | in rechnung gestellt? | fakturiert?
approved? | genehmigt? | genehmigt | freigegeben?
first name | vorname
last name | nachname | familienname
department | abteilung
roles | rollen
employee? | mitarbeiter? | angestellt?
billable rate | abrechenbarer satz | stundensatz
billable amount | abrechenbarer betrag | betrag
cost rate | kostensatz
cost amount | kosten
currency | währung
external reference url | externe referenz-url | externe referenz
""")
"""The English name of a column by its name in German, both in small letters."""
