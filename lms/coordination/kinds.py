"""What the ways of counting units are called on the screen."""

from __future__ import annotations

from lms.web.language import lazy

RULES = {
    "one": lazy("counts when at least one member is certified"),
    "half": lazy("counts when half of its members are certified"),
    "whole": lazy("counts when all of its members are certified"),
}
