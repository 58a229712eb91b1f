"""What all pages about materials share: their blueprint, and the day."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sharing", __name__)
