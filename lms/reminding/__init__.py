"""Reminders: a letter or message to those who are missing, in their language, at a decent hour, if they allow it.

A *reminder* is one action of a coordinator; each person who gets it has a *delivery*.
"""
