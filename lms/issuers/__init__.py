"""Who issues certificates: its names, logo and keys, apart from who trains and who runs the server.

An issuer outlives its name, its keys and this server. So former names and retired keys stay, with their dates, and
private keys lie in the database only encrypted, under a passphrase that no backup holds.
"""
