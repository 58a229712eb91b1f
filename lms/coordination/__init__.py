"""The coordinator's desk: who in her units has not started, is under way, is certified; and what she can do about it.

Scope: the subtrees in which somebody holds the role of coordinator. Figures: how many people stand where in one
course, each person counted once. Asked: what a list was filtered by; its CSV holds exactly the same people.
"""
