"""What changed since a certificate: a changed lesson becomes an update of two minutes for those who hold one.

Updates are counted apart: whoever leaves one out keeps the certificate.
"""
