"""All pages about materials, under one blueprint."""

from __future__ import annotations

from lms.sharing import desk_views, reader_views
from lms.sharing.desk import bp

__all__ = ["bp", "desk_views", "reader_views"]
