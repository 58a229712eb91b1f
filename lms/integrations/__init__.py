"""Built-in ways to the outside: mail now; webhooks, sign-in providers, rosters and badges later."""
