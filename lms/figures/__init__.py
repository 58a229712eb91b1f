"""Counting: where each person stands in each course, and what that makes for every unit of a country.

A *standing* is where one person stands in one course. A *figure* is how many people of a unit and of everything below
it stand where. Both can be thrown away and counted again from the facts (`lms recount`); a test proves that they are
equal. Whatever may change a standing leaves a `PersonChange`; the worker counts those people again and adds what
changed to the units above them.
"""
