#!/bin/sh
# Makes the role of the program when PostgreSQL first starts in its container; the tables belong to laurel_owner.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=password="$PROGRAM_PASSWORD" <<'SQL'
CREATE ROLE laurel LOGIN PASSWORD :'password';
SQL
