"""How an installation is: twelve checks, and the message when one changes colour."""
