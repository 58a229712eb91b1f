"""The operator's desk: is the installation well, who may do what, which letters and jobs are stuck.

Health: findings of one look at the installation, shared with `lms doctor`. Outbox: letters that no mail server took.
"""
