"""All pages about updates, under one blueprint."""

from __future__ import annotations

from lms.updating import desk_views, reader_views
from lms.updating.desk import bp

__all__ = ["bp", "desk_views", "reader_views"]
