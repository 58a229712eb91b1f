"""The pages about earlier learning, put together: what is asked and sent, and the desks on which it is decided."""

from lms.recognising import asking_views, desk_views
from lms.recognising.desk import bp

__all__ = ["asking_views", "bp", "desk_views"]
