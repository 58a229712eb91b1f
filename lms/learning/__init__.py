"""One person's way through one course: enrol, read, practise, take the exam, complete.

An *enrolment* joins an actor to a course. *Progress* is what was read and passed. *Completion* is a pure function of
the facts (`rules`), judged again in the transaction of each new fact; facts from desks above arrive through
`actions.record_fact`.
"""
