"""What training comes to: who is trained, certified and active, and how many people were helped; for any unit.

Figures of help by unit and period, periods that are closed, who is most active, who trained whom, places without a
valid helper, and boards for those who want to stand on them.
"""
