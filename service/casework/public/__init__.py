"""What people without an account do: object, complete, attach, follow by a receipt."""
