"""The pages of help asked for, put together: of who asks, of consultants, of coordinators, of experts."""

from lms.consulting import asking_views, expert_views, naming_views, question_views, queue_views, request_views
from lms.consulting.desk import asking, bp, experts

__all__ = [
    "asking",
    "asking_views",
    "bp",
    "expert_views",
    "experts",
    "naming_views",
    "question_views",
    "queue_views",
    "request_views",
]
