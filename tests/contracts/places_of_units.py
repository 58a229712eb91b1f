"""The routes of the coordinator's desk, and of those who come by it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from lms.clock import now
from tests.contracts.place import (
    ALL,
    COORDINATORS,
    FINE,
    ORGANISERS,
    SIGNED_IN,
    TEACHERS,
    TRAINERS,
    Form,
    Place,
    fixed,
)
from tests.contracts.world import World


def _laura(*names: str) -> Form:
    return lambda world, _who: dict.fromkeys(names, world.common["person_id"])


def _new_unit(_world: World, who: str) -> dict[str, Any]:
    return {"name": f"Team {who}", "kind": "team", "code": f"TEAM-{who}"}


def _register(world: World, _who: str) -> dict[str, Any]:
    content = io.BytesIO(b"name,unit code\nNina New,N-1\n")
    return {"file": (content, "register.csv"), "kind": "people", "unit": str(world.common["scope"])}


def _sample(world: World, _who: str) -> dict[str, Any]:
    return {"unit": str(world.common["scope"]), "first": "2020-01-01", "last": "2099-01-01", "size": "5"}


def _request(world: World, who: str) -> dict[str, Any]:
    wish = {"service": "health", "channel": "in-person", "audience": "citizen", "language": "en"}
    return {**wish, "unit": world.common["unit_id"], "email": f"{who}-{now().timestamp()}@example.org"}


def _consultant(world: World, _who: str) -> dict[str, Any]:
    return {"person": world.common["person_id"], "unit": world.common["unit_id"], "most": "3"}


def _expert(world: World, _who: str) -> dict[str, Any]:
    return {"person": world.common["person_id"], "unit": world.common["unit_id"]}


OWN = FINE | {404, 422}  # whose certificate it is not sees none; whose it is has nothing to ask for
GROUP = {"unit": "N-1", "course": "first-aid", "name": "Autumn", "starts": "2026-01-31", "ends": "2099-01-31"}

ALLOWANCE_OF_UNIT = fixed(quiz="first-aid/first-aid-exam", attempts="1", minutes="0", reason="Power cut")

TARGET = fixed(course="first-aid", counts="person", share="100", due="2099-01-01")

NEWS = {"title-en": "Gardens open", "text-en": "About gardens."}

OF_UNITS: Mapping[str, Place] = {
    "coordination.home": Place(COORDINATORS),
    "coordination.people": Place(COORDINATORS),
    "coordination.people_csv": Place(COORDINATORS),
    "coordination.person": Place(COORDINATORS),
    "coordination.allow": Place(COORDINATORS, ALLOWANCE_OF_UNIT),
    "coordination.correct_name": Place(COORDINATORS, fixed(name="Laura Lapina", latin_name="")),
    "coordination.exempt": Place(COORDINATORS, fixed(course="first-aid", reason="On leave")),
    "coordination.end_exemption": Place(COORDINATORS, says=frozenset({303, 404})),
    "coordination.keep_filter": Place(COORDINATORS, fixed(name="Stuck", state="stuck")),
    "coordination.delete_filter": Place(COORDINATORS),
    "news.home": Place(SIGNED_IN),
    "news.show": Place(SIGNED_IN, says=OWN),
    "news.opened": Place(SIGNED_IN, says=OWN),
    "news.confirm": Place(SIGNED_IN, says=OWN),
    "announcing.units_home": Place(COORDINATORS),
    "announcing.units_new": Place(COORDINATORS),
    "announcing.units_send": Place(COORDINATORS, fixed(unit="N-1", **NEWS)),
    "announcing.units_one": Place(COORDINATORS),
    "announcing.units_correcting": Place(COORDINATORS),
    "announcing.units_correct": Place(COORDINATORS, fixed(**NEWS)),
    "announcing.units_ask_again": Place(COORDINATORS),
    "announcing.units_missing": Place(COORDINATORS),
    "announcing.units_withdraw": Place(COORDINATORS, last=1),
    "announcing.trainers_home": Place(TRAINERS),
    "announcing.trainers_new": Place(TRAINERS),
    "announcing.trainers_send": Place(TRAINERS, fixed(course="first-aid", **NEWS)),
    **{
        f"announcing.trainers_{page}": Place(TRAINERS, fixed(**NEWS), says=FINE | {404})  # tests/news have their own
        for page in ("one", "correcting", "correct", "ask_again", "withdraw")
    },
    "reminding.home": Place(COORDINATORS),
    "reminding.cancel": Place(COORDINATORS, says=frozenset({404})),
    "reminding.stop": Place(ALL, says=frozenset({404})),  # the token opens it: tests/reminding
    "reminding.stop_post": Place(ALL, says=frozenset({404})),
    "reminding.start_post": Place(ALL, says=frozenset({404})),
    "coordination.remind": Place(COORDINATORS, says=frozenset({404})),  # asks for a course: tests/reminding
    "coordination.remind_post": Place(COORDINATORS, says=frozenset({404})),
    "reporting.home": Place(COORDINATORS),
    "reporting.choose": Place(COORDINATORS),
    "reporting.report": Place(COORDINATORS),
    "reporting.report_csv": Place(COORDINATORS),
    "reporting.make_file": Place(COORDINATORS, fixed(format="csv")),
    "reporting.file": Place(COORDINATORS),
    "reporting.again": Place(COORDINATORS),
    "reporting.download": Place(COORDINATORS, says=frozenset({404})),
    "figures.shown": Place(ALL, says=frozenset({404})),  # shown where published: tests/reporting
    "organisation.home": Place(ORGANISERS),
    "organisation.unit": Place(ORGANISERS),
    "organisation.new": Place(ORGANISERS),
    "organisation.create": Place(ORGANISERS, _new_unit),
    "organisation.edit": Place(ORGANISERS),
    "organisation.rename": Place(ORGANISERS, fixed(name="Unit N-1", kind="unit", code="N-1")),
    "organisation.place": Place(ORGANISERS, fixed(latitude="56.95", longitude="24,11")),
    "organisation.add_name": Place(ORGANISERS, fixed(name="Northern one", language="")),
    "organisation.drop_name": Place(ORGANISERS),
    "organisation.move_page": Place(ORGANISERS),
    "organisation.move": Place(ORGANISERS, fixed(to="N-2")),
    "organisation.merge_page": Place(ORGANISERS),
    "organisation.merge": Place(ORGANISERS, fixed(to="N-2"), last=1),
    "organisation.close": Place(ORGANISERS, last=2),
    "organisation.reopen": Place(ORGANISERS, last=3),
    "organisation.roles": Place(ORGANISERS),
    "organisation.give": Place(ORGANISERS, fixed(role="owner", login="otto")),
    "organisation.end": Place(ORGANISERS, says=frozenset({404})),
    "organisation.hand_over_page": Place(ORGANISERS, says=frozenset({404})),
    "organisation.hand_over": Place(ORGANISERS, fixed(login="otto"), says=frozenset({404})),
    "declaring.declare": Place(SIGNED_IN, says=frozenset({404})),  # no course here asks for it: tests/learning
    "hooks.take_action": Place(ALL, says=frozenset({404})),  # without a secret: tests/learning/test_outside_webhook.py
    "meetings.home": Place(TEACHERS),
    "meetings.by_code": Place(TEACHERS),
    "meetings.session": Place(TEACHERS),
    "meetings.new": Place(TEACHERS),
    "meetings.make": Place(TEACHERS, fixed(course="first-aid", unit="N-1", held_on="2026-01-31", hours="4")),
    "meetings.change_page": Place(TEACHERS),
    "meetings.change": Place(TEACHERS, fixed(held_on="2026-01-31", hours="5", title="Corrected")),
    "meetings.cancel": Place(TEACHERS, last=1),
    "meetings.restore": Place(TEACHERS),
    "meetings.attendance": Place(TEACHERS),
    "meetings.tick": Place(TEACHERS, _laura("shown", "there")),
    "meetings.lines": Place(TEACHERS, fixed(lines="Laura Lapiņa")),
    "meetings.take_off": Place(TEACHERS, _laura("person")),
    "meetings.print_list": Place(TEACHERS),
    "accrediting.home": Place(COORDINATORS),
    "finding.find": Place(ALL),
    "finding.point": Place(ALL),
    "finding.said": Place(ALL),
    "finding.say": Place(ALL, fixed(answer="yes", t="guessed"), says=frozenset({410})),  # tests/finding/test_said.py
    "finding.me": Place(SIGNED_IN),
    "finding.change_me": Place(SIGNED_IN, fixed(**{"shows-name": "1"}), says=OWN),
    "finding.end_me": Place(SIGNED_IN),
    "points.home": Place(COORDINATORS),
    "points.edit": Place(COORDINATORS),
    "points.save": Place(COORDINATORS, fixed(place="Main street 3", state="public")),
    "points.change_state": Place(COORDINATORS, fixed(state="public")),
    "points.poster": Place(COORDINATORS),
    "points.change_code": Place(COORDINATORS),
    "points.tally": Place(COORDINATORS, fixed(month=now().strftime("%Y-%m"), yes="3")),
    "presses.home": Place(COORDINATORS),
    "presses.new": Place(COORDINATORS),
    "presses.start": Place(COORDINATORS, fixed(unit="N-1", order="unit", year=str(now().year), design="", course="")),
    "presses.run": Place(COORDINATORS),
    "presses.stop": Place(COORDINATORS),
    "presses.go_on": Place(COORDINATORS),
    "presses.file": Place(COORDINATORS, says=frozenset({404})),  # the worker makes it: tests/presses
    "presses.index": Place(COORDINATORS),
    "amending.correction": Place(SIGNED_IN, says=OWN),
    "amending.ask_correction": Place(SIGNED_IN, fixed(reason="Married"), says=OWN),
    "amending.appeal": Place(SIGNED_IN, says=OWN),
    "amending.ask_appeal": Place(SIGNED_IN, fixed(reason="It was not me"), says=OWN),
    "reach.home": Place(COORDINATORS),
    "reach.unit": Place(COORDINATORS),
    "reach.unit_csv": Place(COORDINATORS),
    "reach.unit_xlsx": Place(COORDINATORS),
    "reach.chain": Place(COORDINATORS),
    "reach.best": Place(COORDINATORS),
    "reach.cascade": Place(COORDINATORS),
    "reach.gaps": Place(COORDINATORS),
    "reach.periods": Place(COORDINATORS),
    "vetting.home": Place(COORDINATORS),
    "vetting.finding": Place(COORDINATORS),
    "vetting.put_back": Place(COORDINATORS, says=frozenset({422})),  # nothing is out there
    "vetting.settle": Place(COORDINATORS, fixed(state="asked", words="By telephone")),
    "vetting.samples": Place(COORDINATORS),
    "vetting.draw": Place(COORDINATORS, _sample),
    "vetting.sample": Place(COORDINATORS),
    "vetting.note": Place(COORDINATORS, fixed(result="confirmed")),
    # whoever coordinates a whole programme: tests/reach
    "reach.open_period": Place(COORDINATORS, fixed(unit="1", since="2026-01", until="2026-03"), says=frozenset({404})),
    "reach.close_period": Place(COORDINATORS, says=frozenset({404})),
    "reach.remove_period": Place(COORDINATORS, says=frozenset({404})),
    "boards.board": Place(SIGNED_IN),
    "boards.choose": Place(SIGNED_IN, fixed(wants="yes")),
    "consulting.home": Place(SIGNED_IN),
    "consulting.look": Place(SIGNED_IN, says=OWN),
    "consulting.take": Place(SIGNED_IN, says=OWN),
    "consulting.give_back": Place(SIGNED_IN, says=OWN, last=2),
    "consulting.answer": Place(SIGNED_IN, says=OWN),
    "consulting.end": Place(SIGNED_IN, fixed(outcome="solved", noted="1"), says=OWN, last=1),
    "consulting.note": Place(SIGNED_IN, says=OWN, last=2),
    "consulting.questions": Place(SIGNED_IN),
    "consulting.ask": Place(SIGNED_IN, fixed(words="Which form?", service="health")),
    "consulting.queue": Place(COORDINATORS),
    "consulting.times": Place(COORDINATORS),
    "consulting.oversee": Place(COORDINATORS),
    "consulting.assign": Place(COORDINATORS, _laura("person")),
    "consulting.settle": Place(COORDINATORS, fixed(how="seen"), frozenset({404})),  # nobody says that it was not solved
    "consulting.end_for": Place(COORDINATORS, fixed(outcome="passed-on"), last=1),
    "consulting.consultants": Place(COORDINATORS),
    "consulting.name": Place(COORDINATORS, _consultant),
    "consulting.end_consultant": Place(COORDINATORS, last=3),
    "consulting.to_me": Place(SIGNED_IN),
    "consulting.one_to_me": Place(SIGNED_IN, says=OWN),
    "consulting.answer_one": Place(SIGNED_IN, fixed(answer="The blue one."), says=OWN),
    "consulting.named_experts": Place(ORGANISERS),
    "consulting.name_expert": Place(ORGANISERS, _expert),
    "consulting.end_expert": Place(ORGANISERS, last=3),
    "asking.home": Place(ALL),
    "asking.send": Place(ALL, _request),
    "asking.state": Place(ALL),
    "asking.say": Place(ALL, fixed(solved="yes")),
    "asking.withdraw": Place(ALL, last=4),
    "helping.home": Place(SIGNED_IN),
    "helping.log": Place(SIGNED_IN, fixed(kind="visit", audience="citizen", service="health"), says=OWN),
    "helping.undo": Place(SIGNED_IN, says=OWN),
    "helping.worker": Place(ALL),
    "own_help.home": Place(SIGNED_IN),
    "own_help.as_file": Place(SIGNED_IN),
    "help_lists.home": Place(COORDINATORS),
    "help_lists.new_choice": Place(COORDINATORS, says=FINE | {404}),  # she coordinates a part of a tree only
    "help_lists.add_choice": Place(COORDINATORS, says=FINE | {404}),
    "help_lists.begin": Place(COORDINATORS, says=FINE | {404}),
    "help_lists.choice": Place(COORDINATORS, says=FINE | {404}),
    "help_lists.change_choice": Place(COORDINATORS, says=FINE | {404}),
    "help_lists.new_definition": Place(COORDINATORS, says=FINE | {404}),
    "help_lists.define": Place(COORDINATORS, says=FINE | {404}),
    "help_lists.withdraw": Place(COORDINATORS, says=FINE | {404}),
    "definitions.definition": Place(ALL, says=FINE | {404}),
    "tallies.home": Place(SIGNED_IN),
    "tallies.month": Place(SIGNED_IN, says=OWN),
    "tallies.enter": Place(SIGNED_IN, fixed(**{"n:visit:citizen:": "3"}), says=OWN),
    "tallies.paper": Place(SIGNED_IN, says=OWN),
    "tallies.undo": Place(SIGNED_IN, says=OWN),
    "tally_files.home": Place(SIGNED_IN),
    "tally_files.bring_in": Place(SIGNED_IN, says=OWN),
    "tally_files.template_csv": Place(SIGNED_IN),
    "tally_files.template_xlsx": Place(SIGNED_IN),
    "renewing.renewal": Place(SIGNED_IN, says=OWN),
    "renewing.renew": Place(SIGNED_IN, says=OWN | frozenset({409})),  # too early
    "renewing.review": Place(SIGNED_IN),
    "renewing.answer": Place(SIGNED_IN, says=OWN),
    "renewing.answered": Place(SIGNED_IN, says=OWN),
    "renewing.kept": Place(TRAINERS),
    "sharing.home": Place(SIGNED_IN),
    "sharing.new": Place(SIGNED_IN),
    "sharing.share": Place(SIGNED_IN, fixed(title="A leaflet"), says=frozenset({422})),  # says no more: tests/sharing
    "sharing.show": Place(SIGNED_IN),
    "sharing.file": Place(SIGNED_IN),
    "sharing.report": Place(SIGNED_IN, fixed(words="It is out of date")),
    "sharing.take_back": Place(SIGNED_IN, says=OWN, last=4),
    "sharing.trainers_reports": Place(TRAINERS),
    "sharing.trainers_decide": Place(TRAINERS, fixed(decision="keep")),
    "sharing.units_reports": Place(COORDINATORS),
    "sharing.units_decide": Place(COORDINATORS, fixed(reason="It is out of date"), last=3),
    "updating.home": Place(SIGNED_IN),
    "updating.update": Place(SIGNED_IN, says=OWN),
    "updating.answer": Place(SIGNED_IN, says=OWN),
    "updating.desk": Place(TRAINERS),
    "updating.new": Place(TRAINERS),
    "updating.tell": Place(TRAINERS, says=frozenset({404})),  # there is no second version: tests/updating
    "updating.reach": Place(TRAINERS),
    "updating.reach_csv": Place(TRAINERS),
    "updating.end": Place(TRAINERS, last=1),
    "updating.units_home": Place(COORDINATORS),
    "updating.units_reach": Place(COORDINATORS),
    "updating.units_reach_csv": Place(COORDINATORS),
    "kept.units": Place(COORDINATORS),
    "kept.units_csv": Place(COORDINATORS),
    "recognising.ask": Place(SIGNED_IN, says=OWN),
    "recognising.send": Place(SIGNED_IN, fixed(**{"text-0": "At work"}), says=OWN),
    "recognising.own_file": Place(SIGNED_IN, says=OWN),
    "recognising.withdraw": Place(SIGNED_IN, says=OWN, last=3),
    "recognising.units_queue": Place(COORDINATORS),
    "recognising.units_request": Place(COORDINATORS),
    "recognising.units_evidence": Place(COORDINATORS),
    "recognising.units_decide": Place(COORDINATORS, fixed(decision="more", words="Which course?"), last=1),
    "recognising.trainers_queue": Place(TRAINERS),
    "recognising.trainers_request": Place(TRAINERS),
    "recognising.trainers_evidence": Place(TRAINERS),
    "recognising.trainers_decide": Place(TRAINERS, fixed(decision="decline", words="Not shown"), last=2),
    "amending.withdrawal": Place(COORDINATORS),
    "amending.withdraw": Place(COORDINATORS, fixed(reason=""), says=frozenset({422})),  # others check this certificate
    "amending.requests": Place(COORDINATORS),
    "amending.decision": Place(COORDINATORS),
    "amending.decide": Place(COORDINATORS, fixed(decision="refuse"), last=1),
    "amending.expiring": Place(COORDINATORS),
    "meetings.cascade": Place(TEACHERS),
    "meetings.attended": Place(SIGNED_IN),
    "meetings.trained_by": Place(COORDINATORS),
    "meetings.trainers": Place(COORDINATORS),
    "meetings.trainer": Place(COORDINATORS),
    "outside.home": Place(COORDINATORS),
    "outside.tick": Place(COORDINATORS, says=frozenset({404})),  # no course here asks for it: tests/meetings
    "outside.lines": Place(COORDINATORS, says=frozenset({404})),
    "joining.ask_code": Place(ALL),
    "joining.invitation": Place(ALL),
    "joining.ask_to_join": Place(SIGNED_IN),
    "joining.claim": Place(SIGNED_IN),
    "joining.claim_post": Place(SIGNED_IN, fixed(code="R-1", contact="20000001")),
    "joins.home": Place(COORDINATORS),
    "joins.unit": Place(COORDINATORS),
    "joins.make_code": Place(COORDINATORS, fixed(days="30")),
    "joins.end_code": Place(COORDINATORS, last=1),
    "joins.sheet": Place(COORDINATORS),
    "joins.requests": Place(COORDINATORS),
    "joins.decide": Place(COORDINATORS, fixed(what="refuse", request="0")),
    "joins.compare": Place(COORDINATORS, lambda world, _who: {"entry": str(world.common["entry_id"])}),
    "duplicates.home": Place(COORDINATORS),
    "duplicates.compare": Place(COORDINATORS),
    "duplicates.decide": Place(COORDINATORS, fixed(decision="different"), last=1),
    "slips.choose": Place(COORDINATORS),
    "slips.make": Place(COORDINATORS, lambda world, _who: {"person": str(world.common["entry_id"])}),
    "coordination.unit": Place(COORDINATORS),
    "coordination.unit_courses": Place(COORDINATORS),
    "coordination.unit_lacking": Place(COORDINATORS),
    "coordination.targets": Place(COORDINATORS),
    "coordination.new_target": Place(COORDINATORS),
    "coordination.set_target": Place(COORDINATORS, TARGET),
    "coordination.end_target": Place(COORDINATORS, says=frozenset({303, 404})),
    "coordination.enrolments": Place(COORDINATORS),
    "coordination.give_courses": Place(COORDINATORS, fixed(unit="N-1", courses="first-aid")),
    "coordination.end_rule": Place(COORDINATORS),
    "coordination.groups": Place(COORDINATORS),
    "coordination.make_group": Place(COORDINATORS, fixed(**GROUP)),
    "coordination.group": Place(COORDINATORS),
    "coordination.put_in": Place(COORDINATORS, fixed(people="laura")),
    "coordination.tick": Place(COORDINATORS),
    "coordination.put_in_ticked": Place(COORDINATORS),
    "coordination.take_out": Place(COORDINATORS),
    "coordination.end_group": Place(COORDINATORS, last=1),
    "imports.home": Place(COORDINATORS),
    "imports.new": Place(COORDINATORS),
    "imports.upload": Place(COORDINATORS, _register),
    "imports.run": Place(COORDINATORS),
    "imports.columns": Place(COORDINATORS, fixed(**{"column-0": "name"})),
    "imports.start": Place(COORDINATORS),
    "imports.stop": Place(COORDINATORS),
    "imports.back": Place(COORDINATORS),
    "imports.outcomes": Place(COORDINATORS),
    "offers.home": Place(SIGNED_IN),
    "offers.decide": Place(SIGNED_IN, fixed(answer="no"), says=frozenset({303, 404})),
}
