"""create_app(): the one place where the parts are joined."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from flask_login import current_user
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.accrediting import views as accrediting
from lms.amending import erasing as amending_erasing
from lms.amending import views as amending
from lms.analysis import views as analysis
from lms.authoring import repository_settings_views, repository_views
from lms.authoring import views as authoring
from lms.badges import views as badges
from lms.config import Settings, load_settings
from lms.consulting import erasing as consulting_erasing
from lms.consulting import merging as consulting_merging
from lms.consulting import place_queries as consulting_places
from lms.consulting import views as consulting
from lms.coordination import erasing as coordination_erasing
from lms.coordination import merging as coordination_merging
from lms.coordination import views as coordination
from lms.credentials import erasing as credentials_erasing
from lms.credentials import merging as credentials_merging
from lms.credentials import views as credentials
from lms.db import Database
from lms.discovery import enabled_plugins, question_types
from lms.doors import DESKS, MENU
from lms.editing import builder_views
from lms.editing import erasing as editing_erasing
from lms.editing import merging as editing_merging
from lms.editing import views as editing
from lms.exchange import views as exchange
from lms.finding import desk_views as finding_desk_views
from lms.finding import erasing as finding_erasing
from lms.finding import merging as finding_merging
from lms.finding import name_queries as finding_names
from lms.finding import views as finding
from lms.grading import views as grading
from lms.grading.regrade_queries import corrections
from lms.helping import covering as helping_covering
from lms.helping import erasing as helping_erasing
from lms.helping import list_views, own_views, tally_file_views, tally_views
from lms.helping import merging as helping_merging
from lms.helping import views as helping
from lms.helping import yearly as helping_yearly
from lms.integrations import actions_webhook
from lms.learning import actions as learning
from lms.learning import course_views, lesson_views, outside_views, result_views
from lms.learning import erasing as learning_erasing
from lms.learning import merging as learning_merging
from lms.learning import yearly as learning_yearly
from lms.learning.topics import TOPICS
from lms.meetings import merging as meetings_merging
from lms.meetings import outside_views as meetings_outside
from lms.meetings import views as meetings
from lms.meetings import yearly as meetings_yearly
from lms.news import desk_views as announcing
from lms.news import merging as news_merging
from lms.news import views as news
from lms.operation import issuer_views
from lms.operation import views as operation
from lms.organisation import views as organisation
from lms.paths import shipped
from lms.people import erasure_views, slip_views
from lms.people import views as people
from lms.people.needs import init_needs
from lms.people.session import init_sessions
from lms.presses import erasing as presses_erasing
from lms.presses import views as presses
from lms.printing import statement_views
from lms.printing import views as printing
from lms.printing import yearly as printing_yearly
from lms.quiz import erasing as quiz_erasing
from lms.quiz import merging as quiz_merging
from lms.reach import erasing as reach_erasing
from lms.reach import merging as reach_merging
from lms.reach import reports as reach_reports
from lms.reach import views as reach
from lms.recognising import erasing as recognising_erasing
from lms.recognising import merging as recognising_merging
from lms.recognising import views as recognising
from lms.reminding import merging as reminding_merging
from lms.reminding import views as reminding
from lms.renewing import erasing as renewing_erasing
from lms.renewing import kept_views
from lms.renewing import merging as renewing_merging
from lms.renewing import views as renewing
from lms.reporting import offers as reporting_offers
from lms.reporting import views as reporting
from lms.repositories import webhook
from lms.reviewing import look_views
from lms.reviewing import views as reviewing
from lms.rosters import claims, duplicates_views, import_views, join_views
from lms.rosters import erasing as rosters_erasing
from lms.rosters import merging as rosters_merging
from lms.rosters import slip_views as slips
from lms.sealing import head_views
from lms.sealing import views as sealing
from lms.sharing import erasing as sharing_erasing
from lms.sharing import merging as sharing_merging
from lms.sharing import views as sharing
from lms.updating import erasing as updating_erasing
from lms.updating import merging as updating_merging
from lms.updating import views as updating
from lms.vetting import erasing as vetting_erasing
from lms.vetting import merging as vetting_merging
from lms.vetting import views as vetting
from lms.web.assets import init_assets
from lms.web.errors import init_errors
from lms.web.health import init_health
from lms.web.language import init_language
from lms.web.logs import init_logs
from lms.web.menu import init_menu
from lms.web.pages import init_pages
from lms.web.security import init_security
from lms.web.transaction import init_transactions, settle_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (
    people.bp,
    course_views.bp,
    lesson_views.bp,
    result_views.bp,
    outside_views.bp,
    actions_webhook.bp,
    webhook.bp,
    repository_views.bp,
    repository_settings_views.bp,
    credentials.bp,
    head_views.bp,
    badges.bp,
    printing.bp,
    statement_views.bp,
    sealing.bp,
    authoring.bp,
    reviewing.bp,
    look_views.bp,
    editing.bp,
    exchange.bp,
    editing.making,
    analysis.bp,
    builder_views.bp,
    grading.bp,
    coordination.bp,
    meetings.bp,
    meetings_outside.bp,
    accrediting.bp,
    presses.bp,
    amending.bp,
    recognising.bp,
    renewing.bp,
    kept_views.bp,
    reach.bp,
    reach.boards,
    updating.bp,
    sharing.bp,
    helping.bp,
    consulting.asking,
    consulting.bp,
    consulting.experts,
    tally_views.bp,
    tally_file_views.bp,
    own_views.bp,
    list_views.bp,
    list_views.public,
    finding.bp,
    finding_desk_views.bp,
    vetting.bp,
    organisation.bp,
    news.bp,
    announcing.bp,
    reminding.bp,
    reporting.bp,
    reporting.public,
    operation.bp,
    operation.letters,
    issuer_views.bp,
    slip_views.bp,
    erasure_views.bp,
    join_views.joining,
    join_views.bp,
    slips.bp,
    duplicates_views.bp,
    import_views.bp,
    import_views.offering,
)
# each part's way to give one person what it keeps of another; learning is last, because it judges what is complete then
MOVERS = (
    quiz_merging.move,
    credentials_merging.move,
    meetings_merging.move,
    reminding_merging.move,
    news_merging.move,
    renewing_merging.move,
    updating_merging.move,
    sharing_merging.move,
    recognising_merging.move,
    coordination_merging.move,
    rosters_merging.move,
    helping_merging.move,
    vetting_merging.move,
    consulting_merging.move,
    finding_merging.move,
    reach_merging.move,
    editing_merging.move,
    learning_merging.move,
)
# each part's way to delete what tells who somebody was
ERASERS = (
    quiz_erasing.erase,
    learning_erasing.erase,
    credentials_erasing.erase,
    amending_erasing.erase,
    renewing_erasing.erase,
    updating_erasing.erase,
    sharing_erasing.erase,
    presses_erasing.erase,
    recognising_erasing.erase,
    rosters_erasing.erase,
    coordination_erasing.erase,
    editing_erasing.erase,
    helping_erasing.erase,
    vetting_erasing.erase,
    consulting_erasing.erase,
    finding_erasing.erase,
    reach_erasing.erase,
)
# each part's way to take what it keeps of a unit to the unit that it became part of
FOLLOWERS = (
    learning_merging.follow,
    meetings_merging.follow,
    news_merging.follow,
    rosters_merging.follow,
    consulting_merging.follow,
    coordination_merging.follow,
    finding_merging.follow,
)
# what each part knows of people's years, in the order in which a yearly statement prints it
STATEMENT_PARTS = (
    printing_yearly.EARNED,
    learning_yearly.FINISHED,
    meetings_yearly.TRAINED,
    helping_yearly.HELPED,
    printing_yearly.ENDING,
)

# every report, in the order in which they are offered: the own ones of reporting, then what parts above hand in
REPORTS = reporting_offers.by_id((*reporting_offers.OWN, *reach_reports.OFFERS))


class Handrail(Flask):
    """Flask without coroutines: none of our views is one, and asking each hook at each request costs time."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """The application. Raises `BadSetting` or `BrokenPlugin` with a sentence that says what to mend."""
    settings = settings or load_settings()
    app = Handrail("lms", static_folder=None, template_folder=str(shipped("templates")))
    app.config["LMS"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["lms_question_types"] = question_types(enabled_plugins(settings.plugins))
    app.extensions["lms_adopters"] = (learning.adopt,)
    app.extensions["lms_corrections"] = corrections
    app.extensions["lms_movers"] = MOVERS
    app.extensions["lms_erasers"] = ERASERS
    app.extensions["lms_followers"] = FOLLOWERS
    app.extensions["lms_statement_parts"] = STATEMENT_PARTS
    app.extensions["lms_reports"] = REPORTS
    app.extensions["lms_covers"] = helping_covering.covers
    app.extensions["lms_takes_requests"] = consulting_places.is_offered
    app.extensions["lms_takes_requests_anywhere"] = consulting_places.is_offered_anywhere
    app.extensions["lms_units_in_latin"] = finding_names.units_in_latin
    app.extensions["lms_claims"] = (partial(claims.claim_by_address, MOVERS),)
    init_logs(app)
    init_transactions(app, database or Database(settings.database))
    init_security(app, settings)
    init_language(app)
    init_errors(app)
    init_assets(app)
    init_health(app, settings)
    init_sessions(app)
    init_pages(app)
    init_menu(app, MENU, DESKS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_needs(app)
    settle_first(app)
    app.context_processor(_common)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def _common() -> dict[str, Any]:
    """What every template may use."""
    settings: Settings = current_app.config["LMS"]
    return {
        "person": current_user._get_current_object(),  # noqa: SLF001 - looked up once, not at each use
        "site_name": settings.site_name,
        "is_demo": settings.demo,
        "TOPICS": TOPICS,
    }
