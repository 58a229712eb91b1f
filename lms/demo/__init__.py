"""Demonstrations: people who never lived, so that each page has something to show.

`story` is the small one, a handful of people at every stage of the way. The others are whole programmes with their
real numbers: a plan (`vietnam`, `latvia`, `moldova`, `georgia`, `tajikistan`: units, people, how far they are) is made
from a seed and knows no database; `programmes` writes it in bulk. Names of countries, provinces and districts are
facts; names of communes and people are put together from parts.
"""

from lms.demo.story import PASSWORD, PEOPLE, AnotherDemonstration, RealPeople, has_people, make_people

__all__ = ["PASSWORD", "PEOPLE", "AnotherDemonstration", "RealPeople", "has_people", "make_people"]
