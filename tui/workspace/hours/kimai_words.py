"""The headers of Kimai's exports in other languages: they are in that of whoever exports.

Source: the translations of Kimai (`messages.*.xlf`: date, begin, end, duration, user and username,
customer, project, activity, description, tags).
"""

from __future__ import annotations


def by_language(lines: str) -> dict[str, str]:
    """The English name by each of the others: a line has them all, the English one first."""
    found: dict[str, str] = {}
    for line in lines.strip().splitlines():
        name, *words = (one.strip() for one in line.split("|"))
        found.update((word.casefold(), name) for word in words)
    return found


ENGLISH = by_language("""
date     | datum | fecha | data | dato | dátum | tarih | päivämäärä | дата
from     | von | de | da | van | od | från | fra | kezdés | başlangıç | alkaen | с
to       | bis | à | para | a | tot | do | till | til | befejezés | bitiş | saakka | до
duration | dauer | durée | duración | durata | duur | duração | czas trwania | längd | varighed
duration | varighet | doba trvání | időtartam | süre | kesto | длительность
user     | benutzer | utilisateur | usuario | utente | gebruiker | utilizador | usuário
user     | użytkownik | användare | bruger | bruker | uživatel | felhasználó | kullanıcı | käyttäjä
user     | nom d'utilisateur | gebruikersnaam | nome do utilizador | nome do usuário
user     | uživatelské jméno | felhasználónév | пользователь | имя пользователя
name     | nom | nombre | nome | naam | nazwa | namn | navn | jméno | név | ad | nimi | имя
customer | kunde | client | cliente | klant | klient | kund | zákazník | ügyfél | müşteri | asiakas
customer | клиент
project  | projekt | projet | proyecto | progetto | projeto | prosjekt | proje | projekti | проект
activity | tätigkeit | activité | actividad | attività | activiteit | atividade | aktywność
activity | aktivitet | aktivita | tevékenység | etkinlik | työtehtävä | активность
description | beschreibung | descripción | descrizione | beschrijving | descrição | opis
description | beskrivning | beskrivelse | popis | leírás | açıklama | kuvaus | описание
tags     | schlagworte | mots-clés | etiquetas | etichette | labels | tagi | etiketter | štítky
tags     | címkék | etiketler | tunnisteet | метки
""")
"""The English name of a column by its name in another language, both in small letters."""
