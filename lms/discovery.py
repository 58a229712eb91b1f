"""Which plugins are in force: the built-in ones, and the installed ones that the settings enable."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from lms.plugins import Plugin
from lms.question_types import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lms.plugins import QuestionType

GROUP = "lms.plugins"
OWN = Plugin("handrail", question_types=BUILT_IN)


class BrokenPlugin(RuntimeError):
    """An enabled plugin is missing or cannot be loaded; the message names it."""


def enabled_plugins(names: Iterable[str]) -> tuple[Plugin, ...]:
    """Our own plugin and the named ones. Raises `BrokenPlugin`."""
    wanted = tuple(names)
    installed = {entry.name: entry for entry in entry_points(group=GROUP)} if wanted else {}  # a look at all packages
    found = [OWN]
    for name in wanted:
        if name not in installed:
            raise BrokenPlugin(f"The plugin {name} is enabled (LMS_PLUGINS) but not installed.")
        try:
            plugin = installed[name].load()
        except Exception as error:
            raise BrokenPlugin(
                f"The plugin {name} cannot be loaded: {error}. To start without it, take it out of LMS_PLUGINS."
            ) from error
        if not isinstance(plugin, Plugin):
            raise BrokenPlugin(f"The plugin {name} is not a lms.plugins.Plugin but {type(plugin).__name__}.")
        found.append(plugin)
    return tuple(found)


def question_types(plugins: Iterable[Plugin]) -> Mapping[str, QuestionType]:
    """All question types by name. Raises `BrokenPlugin` if two have the same name."""
    types: dict[str, QuestionType] = {}
    for plugin in plugins:
        for kind in plugin.question_types:
            if kind.name in types:
                raise BrokenPlugin(f"The plugin {plugin.name} brings the question type {kind.name}, which exists.")
            types[kind.name] = kind
    return types
