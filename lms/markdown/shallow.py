"""What is nested deeper than anybody can see becomes text: the walks through a page go down by recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DEEPEST = 100  # emphasis in emphasis in a list in a quote …


class Shallow(Treeprocessor):
    """Flattens what is too deep."""

    def run(self, root: Element) -> None:
        """Look at each element once, without recursion."""
        waiting = [(root, 0)]
        while waiting:
            element, depth = waiting.pop()
            if depth < DEEPEST:
                waiting += ((child, depth + 1) for child in element)
            elif len(element):
                text = "".join(element.itertext())
                for child in list(element):
                    element.remove(child)
                element.text = text
