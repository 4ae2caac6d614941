"""What proves who somebody is: passwords, codes, passkeys, sessions; how guessing is throttled, and what owners are told."""
