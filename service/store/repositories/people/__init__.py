"""People and bodies: accounts, seats, deputies, sessions, second factors, and the seals of all of them."""
