"""What all pages about earlier learning share: their blueprint, and the day."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("recognising", __name__)
