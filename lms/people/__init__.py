"""Who someone is, which unit they belong to, and what they may do.

An *actor* is whoever does something: a person with an account, a guest who reads the first lesson, or somebody who
was erased. Facts (enrolments, answers, certificates) point to actors, so that erasing a person leaves the sums alone.
A *unit* is a node of the organisation tree; a *membership* joins a person to a unit with dates; a *role* is held in a
scope: a unit and everything below it, or the whole platform.
"""
