"""Course and quiz text becomes checked, immutable, published versions.

A *pack* is a folder with `courses/` and/or `quizzes/`. The reader turns a folder or a zip file into a
mapping of path to bytes; the parser, pure, turns that mapping into a `Pack` and a list of `Problem`s; the
compiler renders each course into a `CompiledCourse`, in which all text is safe HTML; `actions.publish` stores
it as a `CourseVersion`. Nothing in this slice knows who is reading.
"""
