"""How text is compared when somebody searches: without case, diacritics or look-alike letters."""

import unicodedata

# letters that Unicode does not take apart, and Cyrillic ones that people type without their tails
TWINS = str.maketrans("ёғӣқӯҳҷЁҒӢҚӮҲҶøđłħıØĐŁĦ", "егикухчЕГИКУХЧodlhiODLH")


def fold(text: str) -> str:
    """Text as searching compares it; white space becomes single spaces."""
    plain = unicodedata.normalize("NFKD", text.translate(TWINS).casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
