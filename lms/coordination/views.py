"""All pages of the desk, joined in one blueprint."""

from lms.coordination import (
    enrolment_views,
    exemption_views,
    filter_views,
    group_views,
    home_views,
    people_views,
    person_views,
    remind_views,
    target_views,
    unit_views,
)
from lms.coordination.desk import bp

__all__ = [
    "bp",
    "enrolment_views",
    "exemption_views",
    "filter_views",
    "group_views",
    "home_views",
    "people_views",
    "person_views",
    "remind_views",
    "target_views",
    "unit_views",
]
