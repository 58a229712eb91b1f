"""Reports: one definition, one query, and the same figures on screen, on paper, as CSV and as XLSX.

Each report names its definition, its period and its as-of time. A report of a past day is counted from dated facts
and comes out the same whenever it is asked for.
"""
