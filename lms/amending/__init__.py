"""What becomes of a certificate after its issue: its name corrected, withdrawn, appealed against, about to end.

A certificate is never changed quietly. A corrected one takes the place of the old one, which says so; a withdrawal has
a reason that everybody may read, and whoever holds the certificate may appeal to somebody else than who withdrew it.
"""
