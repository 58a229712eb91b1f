"""How often people may be reminded. Pure."""

from __future__ import annotations

from datetime import timedelta

COOL_DOWN = timedelta(days=3)  # between two reminders to one person about one course
