"""The trainer's desk: see what is wrong with a pack, publish it, look at it as a trainee, help those who are stuck.

A *pack* is a folder on disk, the draft; a *version* is what was published of a course; the *desk* shows both.
"""
