"""Which doors there are: the menu of all, and the lines of links on the pages of each desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.people.rules import Right
from lms.web.language import lazy
from lms.web.menu import Door, Room, all_doors

if TYPE_CHECKING:
    from collections.abc import Sequence

# what a learner opens is no page of a desk, whichever part shows it
OF_LEARNERS = frozenset({"meetings.attended", "reminding.stop", "reminding.stop_post", "reminding.start_post"})


def _behind(desk: Sequence[Door | Room]) -> frozenset[str]:
    """All pages of a desk."""
    return frozenset().union(*({door.endpoint} | door.behind for door in all_doors(desk)))


_OF_NEWS = ("new", "send", "one", "correcting", "correct", "withdraw", "ask_again", "missing")
NEWS_OF_UNITS = frozenset(f"announcing.units_{page}" for page in _OF_NEWS)
NEWS_OF_TRAINERS = frozenset(f"announcing.trainers_{page}" for page in _OF_NEWS if page != "missing")
# page by page, so that a coordinator stays at her desk on pages that lie behind a helper's log too
TALLIES = frozenset(
    {f"tallies.{page}" for page in ("month", "enter", "undo", "paper")}
    | {f"tally_files.{page}" for page in ("home", "bring_in")}
)
PEOPLE = (
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
    Door("reminding.home", lazy("Reminders"), Right.COORDINATE, behind=frozenset({"reminding"}), but=OF_LEARNERS),
    Door("announcing.units_home", lazy("News"), Right.COORDINATE, behind=NEWS_OF_UNITS),
)
COURSES = (
    Door(
        "coordination.enrolments",
        lazy("By unit"),
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
)
WAYS_IN = (
    Door("imports.home", lazy("From a file"), Right.COORDINATE, behind=frozenset({"imports"})),
    Door("joins.home", lazy("Other ways in"), Right.COORDINATE, behind=frozenset({"joins", "slips"})),
    Door("duplicates.home", lazy("Duplicates"), Right.COORDINATE, behind=frozenset({"duplicates"})),
)
CERTIFICATES = (
    Door(
        "amending.requests",
        lazy("Requests"),
        Right.COORDINATE,
        behind=frozenset(f"amending.{page}" for page in ("decision", "decide", "withdrawal", "withdraw")),
    ),
    Door(
        "recognising.units_queue",
        lazy("Earlier learning"),
        Right.COORDINATE,
        behind=frozenset({"recognising.units_request", "recognising.units_decide", "recognising.units_evidence"}),
    ),
    Door("amending.expiring", lazy("Ending"), Right.OVERSEE),
    Door("accrediting.home", lazy("Organisations"), Right.OVERSEE),
    Door("presses.home", lazy("Print"), Right.COORDINATE, behind=frozenset({"presses"})),
)
FIGURES = (
    Door(
        "coordination.targets",
        lazy("Targets"),
        Right.OVERSEE,
        behind=frozenset({"coordination.new_target", "coordination.set_target", "coordination.end_target"}),
    ),
    Door("reporting.home", lazy("Reports"), Right.OVERSEE, behind=frozenset({"reporting"})),
    Door("kept.units", lazy("What is kept"), Right.OVERSEE, behind=frozenset({"kept"})),
    Door(
        "updating.units_home",
        lazy("Updates"),
        Right.OVERSEE,
        behind=frozenset({"updating.units_reach", "updating.units_reach_csv"}),
    ),
)
HELP = (
    Door(
        "reach.home",
        lazy("Help given"),
        Right.OVERSEE,
        behind=frozenset({"reach"}),
        inside=(
            Door(
                "reach.periods",
                lazy("Periods"),
                Right.COORDINATE,
                behind=frozenset({"reach.open_period", "reach.close_period", "reach.remove_period"}),
            ),
            Door("help_lists.home", lazy("Lists and definitions"), Right.COORDINATE, behind=frozenset({"help_lists"})),
        ),
    ),
    Door(
        "consulting.queue",
        lazy("Requests"),
        Right.COORDINATE,
        behind=frozenset(f"consulting.{page}" for page in ("oversee", "assign", "end_for", "settle")),
        inside=(
            Door(
                "consulting.consultants",
                lazy("Consultants"),
                Right.COORDINATE,
                behind=frozenset({"consulting.name", "consulting.end_consultant"}),
            ),
            Door(
                "consulting.named_experts",
                lazy("Experts"),
                Right.ORGANISE,
                unless=Right.OPERATE,  # who finds it at the organisation
                behind=frozenset({"consulting.name_expert", "consulting.end_expert"}),
            ),
            Door("consulting.times", lazy("How long it takes"), Right.COORDINATE),
        ),
    ),
    Door("points.home", lazy("Help points"), Right.COORDINATE, behind=frozenset({"points"})),
    Door("sharing.units_reports", lazy("Materials"), Right.COORDINATE, behind=frozenset({"sharing.units_decide"})),
    Door("tallies.home", lazy("Tallies"), Right.COORDINATE, behind=TALLIES),
    Door(
        "vetting.home",
        lazy("What looks odd"),
        Right.COORDINATE,
        behind=frozenset({"vetting.finding", "vetting.settle", "vetting.put_back"}),
        inside=(
            Door(
                "vetting.samples",
                lazy("Call back"),
                Right.COORDINATE,
                behind=frozenset({"vetting.draw", "vetting.sample", "vetting.note"}),
            ),
        ),
    ),
)
# in the order of the work: who, what, how they come in, what they earn, what is reported
DESK = (
    Door("coordination.home", lazy("Overview"), Right.OVERSEE, behind=frozenset({"coordination"})),
    Room(lazy("People"), PEOPLE),
    Room(lazy("Who takes what"), COURSES),
    Room(lazy("Bring people in"), WAYS_IN),
    Door("meetings.home", lazy("Sessions"), Right.TEACH, behind=frozenset({"meetings", "outside"}), but=OF_LEARNERS),
    Room(lazy("Certificates"), CERTIFICATES),
    Room(lazy("Help"), HELP),
    Room(lazy("Targets and reports"), FIGURES),
    Door("organisation.home", lazy("Organisation"), Right.ORGANISE, behind=frozenset({"organisation"})),
)
WRITING = (
    Door(
        "authoring.home",
        lazy("Packs"),
        Right.AUTHOR,
        behind=frozenset(
            {"authoring", "builder", "editing", "making"}
            | {f"reviewing.{page}" for page in ("compare", "links", "make_link", "make_draft_link", "end_link")}
        ),
    ),
    Door("exchange.begin", lazy("Bring questions in"), Right.AUTHOR, behind=frozenset({"exchange"})),
    Door("repositories.home", lazy("Repositories"), Right.AUTHOR, behind=frozenset({"repositories"})),
)
# what somebody else waits for
WAITING = (
    Door("grading.home", lazy("To grade"), Right.AUTHOR, behind=frozenset({"grading"})),
    Door(
        "reviewing.waiting",
        lazy("To approve"),
        Right.AUTHOR,
        behind=frozenset({"reviewing.approve", "reviewing.give_back"}),
    ),
    Door(
        "recognising.trainers_queue",
        lazy("Earlier learning"),
        Right.AUTHOR,
        behind=frozenset(
            {"recognising.trainers_request", "recognising.trainers_decide", "recognising.trainers_evidence"}
        ),
    ),
    Door("experts.home", lazy("Hard questions"), Right.AUTHOR, behind=frozenset({"experts"})),
    Door("authoring.mistakes", lazy("Mistakes reported"), Right.AUTHOR, behind=frozenset({"authoring.settle"})),
)
HOLDERS = (
    Door(
        "updating.desk",
        lazy("Updates for holders"),
        Right.AUTHOR,
        behind=frozenset(f"updating.{page}" for page in ("reach", "reach_csv", "new", "tell", "end")),
    ),
    Door("announcing.trainers_home", lazy("News"), Right.AUTHOR, behind=NEWS_OF_TRAINERS),
    Door("sharing.trainers_reports", lazy("Materials"), Right.AUTHOR, behind=frozenset({"sharing.trainers_decide"})),
)
TRAINERS = (
    Room(lazy("Packs and questions"), WRITING),
    Room(lazy("Waiting for you"), WAITING),
    Door("analysis.home", lazy("Answers"), Right.AUTHOR, behind=frozenset({"analysis", "renewing.kept"})),
    Room(lazy("After the certificate"), HOLDERS),
)
LEARNING = frozenset(
    {"news", "statements"}
    | {f"updating.{page}" for page in ("home", "update", "answer")}
    | {f"renewing.{page}" for page in ("renewal", "renew", "review", "answer", "answered")}
)
# whoever oversees units finds sessions and organisation on her desk
MENU = (
    Door("learning.catalogue", lazy("Courses"), Right.ANYONE),
    Door("learning.my_learning", lazy("My learning"), Right.LEARN, behind=LEARNING),
    Door(
        "helping.home",
        lazy("Note help"),
        Right.LEARN,
        behind=frozenset(
            {
                "helping",
                "own_help",
                "tallies",
                "tally_files",
                *(f"consulting.{page}" for page in ("home", "look", "questions", "to_me", "one_to_me")),
                *(f"finding.{page}" for page in ("me", "change_me", "end_me")),
                "sharing",
            }
        ),
    ),
    Door("finding.find", lazy("Find help"), Right.ANYONE, unless=Right.LEARN, behind=frozenset({"finding", "asking"})),
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
        behind=frozenset(
            {"organisation", "consulting.named_experts", "consulting.name_expert", "consulting.end_expert"}
        ),
    ),
    Door(
        "operation.home",
        lazy("Operation"),
        Right.OPERATE,
        behind=frozenset({"operation", "outbox", "repository_settings", "issuer_settings"}),
    ),
)
DESKS: dict[str, tuple[Door | Room, ...]] = {"units": DESK, "trainers": TRAINERS}
