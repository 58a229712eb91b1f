"""All pages of the desk, joined in one blueprint."""

from lms.authoring import allowance_views, course_views, mend_views, pack_views, preview_views, rule_views
from lms.authoring.desk import bp

__all__ = ["allowance_views", "bp", "course_views", "mend_views", "pack_views", "preview_views", "rule_views"]
