"""Certificates: issue, print, verify, revoke, renew.

A certification is what can be earned; a certificate is the one issued to a person. Its facts are frozen at issue, its
code lets anyone check it, its paper is a PDF drawn from the facts.
"""
