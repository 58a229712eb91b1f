"""Attempts and grades, whatever the question type.

An *attempt* is one go at a graded quiz: questions drawn and shuffled from a stored seed, a version it stays on, a
deadline held by the server. An *answer* is an append-only fact with an id made by the client; the newest answer to a
question counts. Grades are rows apart, so that a fixed key can supersede them.
"""
