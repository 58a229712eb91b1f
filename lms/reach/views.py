"""All pages on help of the desk: importing this module hangs them on the blueprint."""

from __future__ import annotations

from lms.reach import best_views, cascade_views, chain_views, period_views, unit_views
from lms.reach.best_views import boards
from lms.reach.desk import bp

__all__ = ["best_views", "boards", "bp", "cascade_views", "chain_views", "period_views", "unit_views"]
