"""Certificates that rest on other people's: of organisations, and of a level that asks for a cascade.

An organisation (a library, a municipality) holds the certificate of a course while enough of its people hold a valid
one of their own; it is warned before it loses it. A cascade counts the people whom a trainer has trained and who are
certified; it is noted as a fact, so that the course of the higher level judges completion as for any other fact.
"""
