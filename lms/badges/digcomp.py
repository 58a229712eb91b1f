"""The 21 competences of DigComp 2.2, so that a course that names one by its code is aligned to it.

Source: Vuorikari, Kluzer, Punie: DigComp 2.2, The Digital Competence Framework for Citizens. Publications Office of the
European Union, Luxembourg 2022, doi:10.2760/115376, JRC128415.
"""

from __future__ import annotations

import re

FRAMEWORK = "DigComp 2.2"
SOURCE = "https://publications.jrc.ec.europa.eu/repository/handle/JRC128415"
COMPETENCES = {
    "1.1": "Browsing, searching and filtering data, information and digital content",
    "1.2": "Evaluating data, information and digital content",
    "1.3": "Managing data, information and digital content",
    "2.1": "Interacting through digital technologies",
    "2.2": "Sharing through digital technologies",
    "2.3": "Engaging in citizenship through digital technologies",
    "2.4": "Collaborating through digital technologies",
    "2.5": "Netiquette",
    "2.6": "Managing digital identity",
    "3.1": "Developing digital content",
    "3.2": "Integrating and re-elaborating digital content",
    "3.3": "Copyright and licences",
    "3.4": "Programming",
    "4.1": "Protecting devices",
    "4.2": "Protecting personal data and privacy",
    "4.3": "Protecting health and well-being",
    "4.4": "Protecting the environment",
    "5.1": "Solving technical problems",
    "5.2": "Identifying needs and technological responses",
    "5.3": "Creatively using digital technologies",
    "5.4": "Identifying digital competence gaps",
}
_WRITTEN = re.compile(r"digcomp\b[\s:/,-]*2\.2[\s:/,-]+(?:competences?\s+)?([1-5]\.[1-6])", re.IGNORECASE)


def competence(words: str) -> str:
    """The code that a line of `aligns` names, as `DigComp 2.2 / 2.3`; empty for any other line."""
    found = _WRITTEN.fullmatch(words.strip())
    return found[1] if found and found[1] in COMPETENCES else ""
