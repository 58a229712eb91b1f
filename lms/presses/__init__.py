"""Print jobs on the coordinator's desk: the certificates or the yearly statements of a unit, as files to be printed.

The worker makes one file after the other: others get in between, and after a kill it goes on at the next file.
"""
