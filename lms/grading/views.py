"""All pages of the grading desk, joined in one blueprint."""

from lms.grading import answer_views, decision_views, file_views, key_views
from lms.grading.desk import bp

__all__ = ["answer_views", "bp", "decision_views", "file_views", "key_views"]
