"""What all pages about updates share: their blueprint, and the day."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("updating", __name__)
