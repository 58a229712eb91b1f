"""The organisation: the tree of units with its history, and who answers for which part of it.

What can be done to units is in `lms.people.units` and `lms.people.moving`; here is who may do it, and the pages. A
*top* is the highest unit in which somebody may organise; a unit is *reshaped* when its own name, code or place in the
tree changes, which is for whoever answers for the unit above it.
"""
