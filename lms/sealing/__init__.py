"""What makes certificates provable without us: a signed chain of seals, payloads for offline checks, status lists.

Each certificate is sealed once when it is issued and again for whatever becomes of it. The seals hold salted digests,
hang on one another and are signed, so that nobody without the key can change, remove or add one unnoticed.
"""
