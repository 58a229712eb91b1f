"""Help asked for: requests for a consultation, who answers them, and hard questions to experts.

Anybody may ask, without an account. A request is suggested to a consultant by place, skill and load, taken once,
answered and ended; each step is kept. What was written to reach the asker is deleted after its time.
"""
