"""All pages of sessions, joined in one blueprint."""

from lms.meetings import attendance_views, cascade_views, session_views
from lms.meetings.desk import bp

__all__ = ["attendance_views", "bp", "cascade_views", "session_views"]
