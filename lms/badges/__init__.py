"""Certificates as Open Badges 3.0: the same facts in the form that other systems read, sign-checked by anybody.

Each certificate becomes one credential in two securings, a Data Integrity proof and a signed token, and two pictures
that carry them. They are signed once, in the worker, and never change; what may change is the status list beside them.
"""
