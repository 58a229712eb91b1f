"""Live and on-site sessions: who taught whom, where, for how many hours.

A *session* is held by a trainer on a day; *attendance* says who was there. Attendance counts toward courses that ask
for it, and says who trained whom: the *cascade*.
"""
