"""What can be wrong in a pack: one list of rules, each with its reason, its fix, and an example of both.

`checking.check_pack` reads, compiles and checks a pack in one go, rendering each text once. A rule without a
`check` is reported while the text is read; it stands here so that it is explained and tried like the others.
"""
