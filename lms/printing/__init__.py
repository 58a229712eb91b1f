"""Certificates as they are printed: one for its holder, or thousands as print jobs.

A paper carries the signed certificate in its code, so nothing is printed before the sealer has looked.
"""
