"""Entries of help that look odd, listed for the coordinator with the reason; samples of entries to call back.

Nothing is accused and no figure changes by itself: somebody looks, asks, and says what it was.
"""
