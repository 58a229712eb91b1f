"""What the pages of help asked for share: the blueprints, and the day."""

from __future__ import annotations

from flask import Blueprint

asking = Blueprint("asking", __name__)
bp = Blueprint("consulting", __name__)
experts = Blueprint("experts", __name__)
