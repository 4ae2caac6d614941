"""Signing in: with a password, a passkey or by an outside provider; sessions begun and ended, a fresh proof."""
