"""What keeps a certificate worth something: reviews of two minutes, renewal by a fresh exam, and how much is kept.

After a course its practice questions come back, those that matter for safety and those of what was missed in the
exam. Questions of exams are never among them. What is forgotten there decides what the renewal asks.
"""
