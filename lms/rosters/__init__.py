"""How people come in: registers as CSV or XLSX, join links, slips, and the question whether two people are one.

An *import run* is one file on its way in. It is checked first (a dry run that shows what would change), then run in
batches by the worker; each row has an *outcome*. A *join code* lets people ask to become members of a unit.
"""
