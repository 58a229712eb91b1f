"""Recognition of prior learning: evidence of what somebody knows already, and what was decided about it.

A course says whether it counts and what proves it. Whoever knows it sends evidence; a coordinator of their units or a
trainer decides, never about themselves; what is approved earns the certificate, which says on what it rests.
"""
