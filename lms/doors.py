"""Which doors there are: the menu of all, and the lines of links on the pages of each desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.people.rules import Right
from lms.web.language import lazy
from lms.web.menu import Door

if TYPE_CHECKING:
    from collections.abc import Sequence

# what a learner opens is no page of a desk, whichever part shows it
OF_LEARNERS = frozenset({"meetings.attended", "reminding.stop", "reminding.stop_post", "reminding.start_post"})


def _behind(desk: Sequence[Door]) -> frozenset[str]:
    """All pages of a desk."""
    return frozenset().union(*({door.endpoint} | door.behind for door in desk))


DESK = (
    Door("coordination.home", lazy("Overview"), Right.OVERSEE, behind=frozenset({"coordination"})),
    Door(
        "coordination.people",
        lazy("People"),
        Right.SEE_PEOPLE,
        behind=frozenset(
            f"coordination.{page}"
            for page in (
                *("person", "allow", "correct_name", "exempt", "end_exemption", "keep_filter", "delete_filter"),
                *("remind", "remind_post"),
            )
        ),
    ),
    Door(
        "coordination.targets",
        lazy("Targets"),
        Right.OVERSEE,
        behind=frozenset({"coordination.new_target", "coordination.set_target", "coordination.end_target"}),
    ),
    Door(
        "coordination.enrolments",
        lazy("Who takes what"),
        Right.COORDINATE,
        behind=frozenset({"coordination.give_courses", "coordination.end_rule"}),
    ),
    Door(
        "coordination.groups",
        lazy("Groups"),
        Right.COORDINATE,
        behind=frozenset(
            f"coordination.{page}"
            for page in ("group", "make_group", "put_in", "tick", "put_in_ticked", "take_out", "end_group")
        ),
    ),
    Door("imports.home", lazy("Bring people in"), Right.COORDINATE, behind=frozenset({"imports"})),
    Door("joins.home", lazy("Other ways in"), Right.COORDINATE, behind=frozenset({"joins", "slips"})),
    Door("duplicates.home", lazy("Duplicates"), Right.COORDINATE, behind=frozenset({"duplicates"})),
    Door("meetings.home", lazy("Sessions"), Right.TEACH, behind=frozenset({"meetings", "outside"}), but=OF_LEARNERS),
    Door("accrediting.home", lazy("Certified organisations"), Right.OVERSEE),
    Door(
        "amending.requests",
        lazy("Certificates"),
        Right.COORDINATE,
        behind=frozenset(f"amending.{page}" for page in ("decision", "decide", "withdrawal", "withdraw", "expiring")),
    ),
    Door("reminding.home", lazy("Reminders"), Right.COORDINATE, behind=frozenset({"reminding"}), but=OF_LEARNERS),
    Door("reporting.home", lazy("Reports"), Right.OVERSEE, behind=frozenset({"reporting"})),
    Door("organisation.home", lazy("Organisation"), Right.ORGANISE, behind=frozenset({"organisation"})),
)
TRAINERS = (
    Door(
        "authoring.home",
        lazy("Packs"),
        Right.AUTHOR,
        behind=frozenset(
            {"authoring", "builder", "editing", "making"}
            | {f"reviewing.{page}" for page in ("compare", "links", "make_link", "make_draft_link", "end_link")}
        ),
    ),
    Door("grading.home", lazy("To grade"), Right.AUTHOR, behind=frozenset({"grading"})),
    Door(
        "reviewing.waiting",
        lazy("To approve"),
        Right.AUTHOR,
        behind=frozenset({"reviewing.approve", "reviewing.give_back"}),
    ),
    Door("analysis.home", lazy("Answers"), Right.AUTHOR, behind=frozenset({"analysis", "renewing.kept"})),
    Door("exchange.begin", lazy("Bring questions in"), Right.AUTHOR, behind=frozenset({"exchange"})),
    Door("repositories.home", lazy("Repositories"), Right.AUTHOR, behind=frozenset({"repositories"})),
    Door("authoring.mistakes", lazy("Mistakes reported"), Right.AUTHOR, behind=frozenset({"authoring.settle"})),
)
# whoever oversees units finds sessions and organisation on her desk
MENU = (
    Door("learning.catalogue", lazy("Courses"), Right.ANYONE),
    Door("learning.my_learning", lazy("My learning"), Right.LEARN),
    Door("credentials.check", lazy("Check a certificate"), Right.ANYONE, unless=Right.LEARN),
    Door("authoring.home", lazy("Write"), Right.AUTHOR, behind=_behind(TRAINERS)),
    Door(
        "coordination.home",
        lazy("My units"),
        Right.OVERSEE,
        behind=_behind(DESK),
        but=OF_LEARNERS,
    ),
    Door(
        "meetings.home",
        lazy("Sessions"),
        Right.TEACH,
        unless=Right.OVERSEE,
        behind=frozenset({"meetings"}),
        but=OF_LEARNERS,
    ),
    Door(
        "organisation.home",
        lazy("Organisation"),
        Right.ORGANISE,
        unless=Right.OVERSEE,
        behind=frozenset({"organisation"}),
    ),
    Door(
        "operation.home",
        lazy("Operation"),
        Right.OPERATE,
        behind=frozenset({"operation", "outbox", "repository_settings", "issuer_settings"}),
    ),
)
DESKS = {"units": DESK, "trainers": TRAINERS}
