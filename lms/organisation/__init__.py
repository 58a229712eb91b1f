"""The organisation's desk: units that are made, moved, merged, renamed and closed, and who may do what in them.

The tables are `people`'s; this slice has the pages and the commands.
"""
