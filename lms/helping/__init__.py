"""Help given: what certified helpers did for citizens, counted without a single citizen's name.

The log of entries and of a unit's monthly tallies, the lists that they choose from (audiences, services), the
definitions by which they are counted, and which certificate covers which help. Entries are only ever added; a mistake
is undone with its moment kept, so that a figure of a past day stays what it was.
"""
