"""News for helpers: announcements to whom they concern, on the page and by one letter a week.

An *announcement* is not copied for each person: whom it is for is a condition, asked when it is read. What happened to
one person (sent, opened, confirmed) is a *reading*. A *round* is one run of letters: of a week, of one urgent
announcement, or of one more letter to those who have not confirmed.
"""
