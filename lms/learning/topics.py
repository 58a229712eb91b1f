"""Life situations, by which people look for lessons. Courses name them in front matter as `topics`."""

from __future__ import annotations

from dataclasses import dataclass

from lms.web.language import lazy


@dataclass(frozen=True, slots=True)
class Topic:
    """A life situation: what people call it, and its icon."""

    name: object
    icon: str


TOPICS = {
    "life/child": Topic(lazy("A child is born"), "child"),
    "life/work": Topic(lazy("Finding work"), "work"),
    "life/health": Topic(lazy("Seeing a doctor"), "heart"),
    "life/home": Topic(lazy("Moving house"), "home"),
    "life/pension": Topic(lazy("Pension and benefits"), "coins"),
    "life/travel": Topic(lazy("Car and travel"), "road"),
    "life/identity": Topic(lazy("Signing electronically"), "key"),
    "life/safety": Topic(lazy("Fraud and safety"), "shield"),
    "life/loss": Topic(lazy("Loss and lost documents"), "doc"),
}
